// Notes are kept as they are typed; what could not be kept is tried again. What was typed just before the page was
// loaded again is kept by the browser meanwhile; a page that is closed hands it to the server as it goes.

import { csrf } from "../say.js";

const AGAIN_MS = 3000;
const KEPT = "unsaved-notes";
let unsaved = null;

const isNotes = (element) => element?.matches?.("[data-notes]");

function tell(text, { failed = false } = {}) {
  const place = document.getElementById("notes-saved");
  if (!place) return;
  place.textContent = text;
  place.classList.toggle("is-bad", failed);
}

function answered({ detail: { elt, requestConfig, successful, xhr } }) {
  if (!isNotes(elt)) return;
  if (successful) {
    if (unsaved?.value === requestConfig.formData?.get("notes")) {
      unsaved = null;
      sessionStorage.removeItem(KEPT);
    }
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

function bringBack() {
  const { id, text } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  const field = id && document.getElementById(id);
  sessionStorage.removeItem(KEPT);
  if (!field || field.value === text) return;
  field.value = text;
  unsaved = field;
  htmx.trigger(field, "save");
}

export function start() {
  document.addEventListener("DOMContentLoaded", bringBack); // htmx listens to the field from then on
  document.addEventListener("input", ({ target }) => {
    if (!isNotes(target)) return;
    unsaved = target;
    sessionStorage.setItem(KEPT, JSON.stringify({ id: target.id, text: target.value }));
    tell("");
  });
  document.body.addEventListener("htmx:afterRequest", answered);
  window.addEventListener("pagehide", leave);
}
