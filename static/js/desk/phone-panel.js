// What the phone of this page observes, in words; and what its buttons do.

import { refreshAll } from "../live.js";
import { say } from "../say.js";

const STATES = {
  connecting: ["Connecting the phone of this page…", ""],
  ready: ["The phone of this page is connected.", "go"],
  lost: ["The phone lost its connection. Connecting again…", "warn"],
  failed: ["The phone is not connected.", "warn"],
};
const MICROPHONE = {
  granted: ["The microphone is allowed.", "go"],
  denied: ["The microphone is blocked. Allow it for this page in the browser.", "warn"],
  missing: ["No microphone is connected.", "warn"],
};
const WARNINGS = {
  "ice-connectivity-lost": "The connection of your call is interrupted. Reconnecting…",
  "high-rtt": "The line is slow: you may talk at the same time.",
  "high-jitter": "The line is unsteady.",
  "high-packet-loss": "The line is bad: sound is lost.",
  "high-packets-lost-fraction": "The line is bad: sound is lost.",
  "low-mos": "The sound is bad.",
  "constant-audio-input-level": "Nothing is heard from your microphone. Is it muted at the headset?",
  "low-bytes-received": "No sound arrives.",
  "low-bytes-sent": "No sound leaves.",
};

const get = (id) => document.getElementById(id);

function line(id, [words, tone], more = "") {
  const element = get(id);
  const text = more ? `${words} ${more}` : words;
  element.dataset.tone = tone;
  const span = element.querySelector("span");
  if (span.textContent !== text) span.textContent = text;
}

export function start(phone, ring) {
  const show = () => {
    line("phone-state", STATES[phone.state], phone.state === "failed" ? phone.reason : "");
    const typed = phone.isSimulated && phone.permission !== "granted" ? "In a simulated call you can type instead." : "";
    line("phone-microphone", MICROPHONE[phone.permission] ?? ["The browser has not been asked for the microphone.", "warn"], typed);
    get("phone-microphone-allow").hidden = phone.permission === "granted" || phone.permission === undefined;
    get("phone-notify").hidden = !("Notification" in window) || Notification.permission !== "default";
    get("phone-sound").hidden = !ring.isLocked;
  };
  const warn = () => {
    const words = [...phone.warnings].map((name) => WARNINGS[name] ?? name);
    get("phone-warning").hidden = !words.length;
    get("phone-warning").querySelector("span").textContent = [...new Set(words)].join(" ");
  };
  const busy = (words) => {
    const button = get("press-answer");
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    button.querySelector(".press-text").textContent = words;
  };

  phone.addEventListener("change", show);
  ring.addEventListener("change", show);
  phone.addEventListener("warnings", warn);
  phone.addEventListener("ringing", () => {
    ring.start("Incoming call");
    refreshAll();
  });
  phone.addEventListener("talking", () => {
    ring.stop();
    busy("Connecting…");
  });
  phone.addEventListener("over", () => {
    ring.stop();
    refreshAll();
  });
  get("phone-microphone-allow").addEventListener("click", () => phone.allowMicrophone());
  get("phone-notify").addEventListener("click", () => Notification.requestPermission().then(show));
  get("phone-sound").addEventListener("click", () => ring.unlock().then(show));
  document.addEventListener("click", ({ target }) => {
    switch (target.closest("[data-phone]")?.dataset.phone) {
      case "answer":
        ring.stop();
        busy("Answering…");
        phone.answer();
        break;
      case "expect":
        phone.expect();
        break;
      case "silence":
        ring.stop();
    }
  });
  // The browser takes a call with it when its page goes: the caller is kept, but should not have to wait.
  phone.addEventListener("change", () => phone.state === "lost" && say("Your phone lost its connection.", { now: true }));
  show();
}
