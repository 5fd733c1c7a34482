// "Edit" beside a prompt in the form of a step opens the prompt over the page, so that nothing typed in the step is lost.
// Closed with something unsaved in it, it stays as it is, and is shown again when it is opened.

import { tell } from "./telling.js";

const PROMPT = /\/ivr\/prompt\/(\d+)\/change\//;
const root = document.getElementById("workshop");
const places = new Map(); // by prompt: what is shown of it
let dialog = null;

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[href]");
    const found = link && root?.contains(link) && !event.ctrlKey && !event.metaKey ? PROMPT.exec(link.getAttribute("href")) : null;
    if (!found || !window.htmx) return;
    // before the admin opens a window of its own
    event.preventDefault();
    event.stopPropagation();
    open(found[1], link);
  },
  true,
);

async function open(prompt, link) {
  dialog ??= make();
  const place = places.get(prompt) ?? document.createElement("div");
  places.set(prompt, place);
  dialog.querySelector("[data-place]").replaceChildren(place);
  if (!isUnsaved(place)) {
    const address = link.getAttribute("href").replace(/change\/.*$/, "edit/");
    await window.htmx.ajax("GET", `${address}?flow=${root.dataset.flow}`, { target: place, swap: "innerHTML" });
  }
  dialog.setAttribute("aria-labelledby", `prompt-edit-${prompt}-title`);
  dialog.showModal();
  place.querySelector("textarea")?.focus();
  dialog.addEventListener("close", () => closed(place, link), { once: true });
}

function closed(place, link) {
  link.focus();
  if (isUnsaved(place)) tell("Not saved yet: what you wrote or recorded is kept until you leave this page. Press “Edit” again to save it.");
}

const isUnsaved = (place) => place.hasAttribute("data-unsaved");

function make() {
  const made = document.createElement("dialog");
  made.className = "cc-prompt-dialog";
  made.innerHTML = '<div data-place></div><form method="dialog"><button class="cc-button">Close</button></form>';
  // what is written, chosen or recorded; "change" alone where a file is kept
  for (const kind of ["input", "change"]) made.addEventListener(kind, ({ target }) => target.closest("[data-place] > div")?.setAttribute("data-unsaved", ""));
  root.append(made);
  return made;
}

// What was saved is shown beneath each choice of this prompt.
document.addEventListener("prompt-saved", ({ detail }) => {
  places.get(String(detail.prompt))?.removeAttribute("data-unsaved");
  for (const option of document.querySelectorAll(`option[value="${detail.prompt}"][data-words]`)) {
    option.dataset.words = detail.words;
    const select = option.closest("select");
    const words = (select.closest(".related-widget-wrapper") ?? select).nextElementSibling;
    if (select.value === detail.prompt && words?.classList.contains("cc-words")) words.textContent = detail.words;
  }
});

addEventListener("beforeunload", (event) => {
  if ([...places.values()].some(isUnsaved)) event.preventDefault();
});
