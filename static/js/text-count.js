// Counts a text against what its voice takes at once. data-count names the voice's field in the same row of the form.

const GOOGLE = "Google";

function voiceOf(area) {
  const name = area.name.replace(/[^-]*$/, area.dataset.count);
  return area.form.elements.namedItem(name);
}

function sizeOf(text, maker) {
  const whole = text.trim();
  if (maker !== GOOGLE) return [...whole].length;
  // Google's limit is on the encoded text, as Python's quote writes it
  return encodeURIComponent(whole).replace(/[!'()*]/g, "%00").length;
}

function count(area) {
  const option = voiceOf(area)?.selectedOptions?.[0];
  const limit = Number(option?.dataset.limit ?? 3000);
  const size = sizeOf(area.value, option?.dataset.maker);
  const output = area.parentElement.querySelector(".cc-count");
  const numbers = `${size.toLocaleString()} of ${limit.toLocaleString()} characters that this voice takes at once`;
  output.textContent = size > limit ? `${numbers}: it will be read in ${Math.ceil(size / limit)} or more parts` : numbers;
  output.classList.toggle("is-over", size > limit);
}

function prepare(area) {
  if (area.name.includes("__prefix__") || area.parentElement.querySelector(".cc-count")) return;
  const output = document.createElement("output");
  output.className = "cc-count";
  output.htmlFor = area.id;
  area.after(output);
  area.addEventListener("input", () => count(area));
  voiceOf(area)?.addEventListener("change", () => count(area));
  count(area);
}

function prepareAll() {
  document.querySelectorAll("textarea[data-count]").forEach(prepare);
}

prepareAll();
document.addEventListener("formset:added", prepareAll);
document.addEventListener("htmx:load", prepareAll);
