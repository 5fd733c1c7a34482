// Somebody has saved the same thing meanwhile: what both wrote, field by field, and a choice for each.
// `base` is what the form held when it was opened, `mine` what was to be saved; the form now holds theirs.

import { describe, read, write } from "./values.js";

const make = (tag, text, options = {}) => Object.assign(document.createElement(tag), { textContent: text ?? "" }, options);

// Give the fields that differ, and whether both have changed one.
export function compare(base, mine, theirs) {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  return names
    .filter((name) => mine[name] !== undefined && mine[name] !== theirs[name])
    .map((name) => ({ name, iChanged: mine[name] !== base[name], theyChanged: theirs[name] !== base[name] }))
    .filter((one) => one.iChanged || one.theyChanged);
}

export function settle(note, form, { base, mine }) {
  const theirs = read(form);
  const differing = compare(base, mine, theirs);
  const contested = differing.filter((one) => one.iChanged && one.theyChanged && theirs[one.name] !== undefined);
  const chosen = Object.fromEntries(differing.map((one) => [one.name, one.iChanged ? "mine" : "theirs"]));
  const apply = () => {
    const wanted = {};
    for (const { name } of differing) wanted[name] = chosen[name] === "mine" ? mine[name] : (theirs[name] ?? "");
    write(form, wanted);
  };
  apply();
  if (!contested.length && "onlyMine" in note.dataset) {
    form.requestSubmit();
    return;
  }
  const place = note.querySelector("[data-choices]");
  if (!differing.length) {
    place.append(make("p", "Both wrote the same. Nothing is left to save."));
    return;
  }
  place.append(make("p", "What you wrote is in the form again, and what only they changed as well. Choose for each, then save."));
  const table = make("table", "", { className: "cc-table ws-both" });
  const head = table.createTHead().insertRow();
  for (const title of ["Field", "As they saved it", "As you wrote it"]) head.append(make("th", title, { scope: "col" }));
  const body = table.createTBody();
  differing.forEach(({ name, iChanged, theyChanged }, place_) => {
    const { label, shown } = describe(form, name);
    const row = body.insertRow();
    row.append(make("th", iChanged && theyChanged ? `${label} (both changed it)` : label, { scope: "row" }));
    for (const [whose, value] of [["theirs", theirs[name]], ["mine", mine[name]]]) {
      const choice = make("label");
      const radio = make("input", "", { type: "radio", name: `_choose_${place_}`, value: whose, checked: chosen[name] === whose });
      radio.addEventListener("change", () => {
        chosen[name] = whose;
        apply();
      });
      choice.append(radio, ` ${shown(value ?? "")}`);
      row.insertCell().append(choice);
    }
  });
  place.append(table);
}
