// What a form holds, field by field, and how it is put back. Rows go by their keys, new ones by their place.

import { add, idOf, mark } from "./rows.js";

const plain = (form) => [...form.elements].filter((one) => one.name && !one.name.startsWith("_") && !one.closest("template") && !/-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(one.name));
const valueOf = (one) => (one.type === "checkbox" ? (one.checked ? "on" : "") : one.value);
const put = (one, value) => {
  if (one.type === "checkbox") one.checked = value === "on";
  else one.value = value;
  one.dispatchEvent(new Event("change", { bubbles: true }));
};

// Names of fields to values; those of rows as `exits/12/name`, of new rows `exits/new0/name`.
export function read(form) {
  const found = {};
  for (const one of plain(form)) {
    const row = one.closest(".ws-row");
    if (!row) found[one.name] = valueOf(one);
    else if (one.type !== "hidden") found[`${keyOf(row)}/${one.name.replace(/^.*-(\d+)-/, "")}`] = valueOf(one);
  }
  return found;
}

function keyOf(row) {
  const group = row.closest(".ws-rows");
  const fresh = [...group.querySelectorAll(".ws-row-list > .ws-row")].filter((one) => !idOf(one));
  return `${group.dataset.rows}/${idOf(row) || `new${fresh.indexOf(row)}`}`;
}

function elementOf(form, name) {
  if (!name.includes("/")) return plain(form).find((one) => one.name === name);
  const [group, id, field] = name.split("/");
  const row = [...form.querySelectorAll(`.ws-rows[data-rows="${group}"] .ws-row-list > .ws-row`)].find((one) => keyOf(one) === `${group}/${id}`);
  return row && plain(form).find((one) => row.contains(one) && one.name.endsWith(`-${field}`));
}

export function write(form, values) {
  // New rows in their order, before what is in them.
  for (const name of Object.keys(values)) {
    const [group, id] = name.split("/");
    if (!id?.startsWith("new")) continue;
    const rows = form.querySelector(`.ws-rows[data-rows="${group}"]`);
    while (rows && [...rows.querySelectorAll(".ws-row-list > .ws-row")].filter((one) => !idOf(one)).length <= Number(id.slice(3))) add(rows);
  }
  const missing = [];
  for (const [name, value] of Object.entries(values)) {
    const element = elementOf(form, name);
    if (!element) missing.push(name);
    else if (valueOf(element) !== value) put(element, value);
  }
  form.querySelectorAll(".ws-row").forEach((row) => row.querySelector("[data-remove-row]") && mark(row));
  return missing;
}

// A field's label and what is chosen or written in it, for people.
export function describe(form, name) {
  const element = elementOf(form, name);
  if (!element) return { label: name.split("/").at(-1), shown: (value) => value || "nothing" };
  const row = element.closest(".ws-row");
  const own = element.closest(".ws-field")?.querySelector("label")?.childNodes[0].textContent.trim() ?? (name.endsWith("/DELETE") ? "Removed" : name);
  const of = row ? row.querySelector("input:not([type=hidden]):not([type=checkbox])")?.value || row.getAttribute("aria-label") : "";
  const shown = (value) => {
    if (element.type === "checkbox") return value ? "yes" : "no";
    if (element.tagName === "SELECT") return [...element.options].find((one) => one.value === value)?.textContent.trim() ?? value;
    return value || "nothing";
  };
  return { label: of ? `${of}: ${own}` : own, shown };
}
