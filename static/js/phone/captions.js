// A box beside the stand-in phone: what the agent hears as text (and read aloud, if wanted), and a field to talk with.

import { Microphone } from "./microphone.js";

const KINDS = { play: "Sound", ring: "Ringing", beep: "A beep", silence: "Silence" };
const KEPT = 50;

// Return an element for the page; it follows the device's calls by itself.
export function captions(device) {
  const list = make("div", { className: "captions-heard", ariaLabel: "What you hear" });
  list.setAttribute("role", "log");
  const field = make("input", { type: "text", name: "words", autocomplete: "off", maxLength: 500, ariaLabel: "Words to say" });
  const talk = make("button", { type: "button", textContent: "Talk" });
  const aloud = make("input", { type: "checkbox", name: "aloud" });
  const form = make("form", { className: "captions-say" }, field, make("button", { textContent: "Say" }), talk);
  const box = make("section", { className: "captions", ariaLabel: "Simulated call" }, list, form, make("label", {}, aloud, " Read aloud what I hear"));
  const microphone = new Microphone();
  let call = null;

  const show = (text) => {
    list.append(make("p", { textContent: text }));
    while (list.childElementCount > KEPT) list.firstElementChild.remove();
    list.scrollTop = list.scrollHeight;
  };
  const follow = (next) => {
    call = next;
    field.disabled = talk.disabled = !call;
    form.querySelector("button").disabled = !call;
    if (!call) stopTalking();
  };
  const stopTalking = () => {
    if (microphone.recording) microphone.stop("");
    talk.textContent = "Talk";
    talk.ariaPressed = "false";
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (!words || !call) return;
    call.say(words);
    show(`You: ${words}`);
    field.value = "";
  });
  talk.addEventListener("click", async () => {
    if (microphone.recording) {
      stopTalking();
      return;
    }
    try {
      await microphone.start((sound) => call?.sayAudio(sound));
      talk.textContent = "Stop talking";
      talk.ariaPressed = "true";
    } catch {
      show("The microphone cannot be used.");
    }
  });
  device.on("incoming", (incoming) => {
    incoming.on("accept", () => {
      list.replaceChildren();
      follow(incoming);
    });
    incoming.on("disconnect", () => follow(null));
    incoming.on("heard", (heard) => {
      const who = heard.kind === "person" ? "They: " : "";
      const text = heard.text || heard.url || KINDS[heard.kind] || "";
      if (text) show(`${who}${text}`);
      if (aloud.checked && heard.text && "speechSynthesis" in window) speechSynthesis.speak(new SpeechSynthesisUtterance(heard.text));
    });
  });
  follow(null);
  return box;
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
