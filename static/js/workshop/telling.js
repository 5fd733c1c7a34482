// What the page tells: read out by screen readers, and shown for a moment at its foot.

let hide = null;

export function tell(text, { failed = false, shown = true } = {}) {
  if (!text) return;
  const region = document.getElementById(failed ? "ws-alert" : "ws-say");
  region.textContent = ""; // a text that is there already would not be read again
  setTimeout(() => (region.textContent = text), 50);
  if (!shown) return;
  const toast = document.getElementById("ws-toast");
  toast.textContent = text;
  toast.classList.toggle("is-bad", failed);
  toast.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => (toast.hidden = true), failed ? 12000 : 6000);
}
