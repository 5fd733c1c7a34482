// Shows a field only while another one has a value that it counts for: data-only="setting_by=variable called".
// Without this script all fields are shown, and what does not count is left alone on the server.

const rows = "td, .form-row, .field-row, .cc-field, .ws-field";

function counts(field) {
  const [name, values] = field.dataset.only.split("=");
  const other = field.form?.elements.namedItem(name);
  return !other || values.split(" ").includes(other.value);
}

function place(field) {
  const row = field.closest(rows);
  if (!row) return;
  const shown = counts(field);
  row.hidden = !shown;
  if (row.localName !== "td") return;
  // the heading of a column goes with the cells of its first row
  const heading = row.closest("table")?.tHead?.rows[0]?.cells[row.cellIndex];
  if (heading) heading.hidden = !shown;
}

function placeAll() {
  document.querySelectorAll("[data-only]").forEach(place);
}

placeAll();
document.addEventListener("change", (event) => event.target.matches("select") && placeAll());
document.addEventListener("formset:added", placeAll);
document.addEventListener("htmx:load", placeAll);
