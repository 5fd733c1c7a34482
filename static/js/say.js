// What the page tells: read out by screen readers, and shown for a moment at the foot of the page.

const SHOWN_MS = 6000;
let hide = null;
const waiting = new Map(); // by region: what is about to be read, so that of two texts at a time none is lost

export function say(text, { now = false, failed = false, shown = true } = {}) {
  if (!text) return;
  const region = document.getElementById(now || failed ? "say-now" : "say-politely");
  // A text that is there already would not be read again.
  region.textContent = "";
  if (waiting.has(region)) waiting.get(region).push(text);
  else {
    waiting.set(region, [text]);
    setTimeout(() => {
      region.textContent = waiting.get(region).join(" ");
      waiting.delete(region);
    }, 50);
  }
  if (!shown) return;
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.classList.toggle("is-bad", failed);
  toast.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => (toast.hidden = true), failed ? 2 * SHOWN_MS : SHOWN_MS);
}

export const clock = (moment = new Date()) => moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}

export const meta = (name) => document.querySelector(`meta[name="${name}"]`);
