// Tells the server that this desk is open, and whether its phone can ring. When the page goes, it promises nothing more.

import { csrf, meta, say } from "../say.js";

export function start(phone) {
  const { content: address, dataset } = meta("desk-heartbeat");
  const fields = (here) => new URLSearchParams({ microphone: phone?.microphone ?? "unknown", registered: here && phone?.isRegistered ? "yes" : "no" });
  let isOut = false;
  let isGone = false;

  const beat = async () => {
    if (isGone) return;
    try {
      const answer = await fetch(address, { method: "POST", body: fields(true), headers: { "X-CSRFToken": csrf() }, redirect: "manual" });
      if ((answer.status === 401 || answer.status === 403) && !isOut) say("You are logged out: no calls come here. Load the page again.", { failed: true });
      isOut = answer.status === 401 || answer.status === 403;
    } catch {
      // the next beat tells; the panels say meanwhile that there is no connection
    }
  };

  const worker = new Worker(dataset.pulse);
  worker.onmessage = beat;
  worker.postMessage(Number(dataset.seconds));
  phone?.addEventListener("change", beat);
  window.addEventListener("online", beat);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat());
  window.addEventListener("pagehide", () => {
    isGone = true;
    const last = fields(false);
    last.set("csrfmiddlewaretoken", csrf());
    navigator.sendBeacon(address, last);
  });
  // A page from the browser's memory has neither phone nor news.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  beat();
}
