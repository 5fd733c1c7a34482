// Offers the voices of the chosen language. data-follows names the language's field in the same row of the form,
// data-voices the address of all voices by language, each as [voice, name, how much it takes at once].

const lists = new Map();

function load(address) {
  if (!lists.has(address)) lists.set(address, fetch(address).then((answer) => answer.json()));
  return lists.get(address);
}

function languageOf(select) {
  return select.form.elements.namedItem(select.name.replace(/[^-]*$/, select.dataset.follows));
}

function optionOf([voice, name, limit]) {
  const option = new Option(name, voice);
  option.dataset.limit = limit;
  option.dataset.maker = voice.split(".")[0];
  return option;
}

async function fill(select) {
  const voices = (await load(select.dataset.voices))[languageOf(select)?.value] ?? [];
  const chosen = select.value;
  const empty = select.querySelector("option[value='']");
  select.replaceChildren(empty, ...voices.map(optionOf));
  const fits = voices.some(([voice]) => voice === chosen);
  select.value = fits ? chosen : select.required && voices.length ? voices[0][0] : "";
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function prepare(select) {
  if (select.name.includes("__prefix__") || select.dataset.prepared) return;
  select.dataset.prepared = "yes";
  languageOf(select)?.addEventListener("change", () => fill(select));
  fill(select);
}

function prepareAll() {
  document.querySelectorAll("select[data-follows]").forEach(prepare);
}

prepareAll();
document.addEventListener("formset:added", prepareAll);
document.addEventListener("workshop:drawn", prepareAll);
