// Shows only the voices of the chosen language. data-follows names the language's field in the same row of the form.

function languageOf(select) {
  const name = select.name.replace(/[^-]*$/, select.dataset.follows);
  return select.form.elements.namedItem(name);
}

function narrow(select) {
  const language = languageOf(select)?.value;
  for (const group of select.querySelectorAll("optgroup")) {
    const fits = group.label === language;
    group.hidden = group.disabled = !fits;
    const chosen = group.querySelector("option:checked");
    if (chosen && !fits) select.value = "";
  }
  const first = select.querySelector("optgroup:not([hidden]) option");
  const empty = select.querySelector("option[value='']");
  if (!select.value && first && select.required) select.value = first.value;
  if (!select.value && empty) select.value = "";
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function prepare(select) {
  if (select.name.includes("__prefix__") || select.dataset.prepared) return;
  select.dataset.prepared = "yes";
  languageOf(select)?.addEventListener("change", () => narrow(select));
  narrow(select);
}

function prepareAll() {
  document.querySelectorAll("select[data-follows]").forEach(prepare);
}

prepareAll();
document.addEventListener("formset:added", prepareAll);
