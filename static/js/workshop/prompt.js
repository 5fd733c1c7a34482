// "Edit" beside a prompt in the form of a step opens the prompt over the page, so that nothing typed in the step is lost.

const PROMPT = /\/ivr\/prompt\/(\d+)\/change\//;
const root = document.getElementById("workshop");
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
  const place = dialog.querySelector("[data-place]");
  place.replaceChildren();
  const address = link.getAttribute("href").replace(/change\/.*$/, "edit/");
  await window.htmx.ajax("GET", `${address}?flow=${root.dataset.flow}`, { target: place, swap: "innerHTML" });
  dialog.setAttribute("aria-labelledby", `prompt-edit-${prompt}-title`);
  dialog.showModal();
  place.querySelector("textarea")?.focus();
  dialog.addEventListener("close", () => link.focus(), { once: true });
}

function make() {
  const made = document.createElement("dialog");
  made.className = "cc-prompt-dialog";
  made.innerHTML = '<div data-place></div><form method="dialog"><button class="cc-button">Close</button></form>';
  root.append(made);
  return made;
}

// What was saved is shown beneath each choice of this prompt.
document.addEventListener("prompt-saved", ({ detail }) => {
  for (const option of document.querySelectorAll(`option[value="${detail.prompt}"][data-words]`)) {
    option.dataset.words = detail.words;
    const select = option.closest("select");
    const words = (select.closest(".related-widget-wrapper") ?? select).nextElementSibling;
    if (select.value === detail.prompt && words?.classList.contains("cc-words")) words.textContent = detail.words;
  }
});
