// Notes are kept as they are typed; what could not be kept is tried again, and once more when the page goes.

import { csrf } from "../say.js";

const AGAIN_MS = 3000;
let unsaved = null;

const isNotes = (element) => element?.matches?.("[data-notes]");

function tell(text, { failed = false } = {}) {
  const place = document.getElementById("notes-saved");
  if (!place) return;
  place.textContent = text;
  place.classList.toggle("is-bad", failed);
}

function answered({ detail: { elt, successful, xhr } }) {
  if (!isNotes(elt)) return;
  if (successful) {
    unsaved = null;
    tell("Saved.");
  } else if (xhr.status === 409) {
    tell(`Not saved: ${xhr.responseText}`, { failed: true });
  } else {
    tell("Not saved yet. Trying again…", { failed: true });
    setTimeout(() => elt.isConnected && htmx.trigger(elt, "save"), AGAIN_MS);
  }
}

function leave() {
  if (!unsaved?.isConnected) return;
  const fields = new FormData(unsaved.form);
  fields.set("csrfmiddlewaretoken", csrf());
  navigator.sendBeacon(unsaved.getAttribute("hx-post"), fields);
}

export function start() {
  document.addEventListener("input", ({ target }) => {
    if (!isNotes(target)) return;
    unsaved = target;
    tell("");
  });
  document.body.addEventListener("htmx:afterRequest", answered);
  window.addEventListener("pagehide", leave);
}
