// Rows of a form: one more, or one less. A row that was saved is marked as deleted, and goes when the form is saved.

function number(group) {
  const list = group.querySelector(".ws-row-list");
  [...list.children].forEach((row, place) => {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for", "aria-describedby", "data-id"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(new RegExp(`(${group.dataset.rows}-)(\\d+|__prefix__)`, "g"), `$1${place}`));
      }
    }
  });
  group.querySelector(`[name="${group.dataset.rows}-TOTAL_FORMS"]`).value = list.children.length;
}

export const idOf = (row) => row.querySelector('input[type="hidden"][name$="-id"]')?.value ?? "";

export function add(group) {
  const row = group.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
  group.querySelector(".ws-row-list").append(row);
  number(group);
  htmx.process(row);
  row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: group.dataset.rows } }));
  return row;
}

export function remove(row) {
  const group = row.closest(".ws-rows");
  const deletes = row.querySelector('.ws-deletes input[type="checkbox"]');
  if (deletes && idOf(row)) {
    deletes.checked = !deletes.checked;
    mark(row);
  } else {
    row.remove();
    number(group);
  }
  group.dispatchEvent(new Event("input", { bubbles: true }));
}

export function mark(row) {
  const gone = row.querySelector('.ws-deletes input[type="checkbox"]')?.checked ?? false;
  row.classList.toggle("is-removed", gone);
  row.querySelector("[data-remove-row]").textContent = gone ? "Keep it after all" : "Remove";
}

export function start(root) {
  root.addEventListener("click", ({ target }) => {
    const adding = target.closest("[data-add-row]");
    if (adding) add(adding.closest(".ws-rows")).querySelector("input:not([type=hidden]), select, textarea")?.focus();
    const removing = target.closest("[data-remove-row]");
    if (removing) {
      const group = removing.closest(".ws-rows");
      remove(removing.closest(".ws-row"));
      if (!removing.isConnected) group.querySelector("[data-add-row]").focus();
    }
  });
}
