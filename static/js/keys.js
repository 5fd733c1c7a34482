// One key for each button that names one in `data-key`: a small letter alone, a capital one with Shift. Can be
// switched off, as people who dictate need it.

const OFF = "keys-off";

const writes = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
const isShown = (element) => element.getClientRects().length > 0 && !element.disabled;

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (writes(event.target) || document.querySelector("dialog[open]") || localStorage.getItem(OFF)) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key && isShown(one));
  if (!wanted) return;
  event.preventDefault();
  if (writes(wanted)) wanted.focus();
  else wanted.click();
}

export function start() {
  const box = document.getElementById("keys-on");
  const show = () => document.body.classList.toggle("no-keys", Boolean(localStorage.getItem(OFF)));
  document.addEventListener("keydown", pressed);
  show();
  if (!box) return;
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
    show();
  });
}
