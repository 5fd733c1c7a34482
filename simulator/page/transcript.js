// What somebody on a phone hears and does, as a conversation.

import { el, setText, toast } from "./dom.js";
import { icon } from "./icons.js";
import { clock } from "./words.js";

const LETTERS_PER_SECOND = 15;
const ADDRESS = /\+\d{7,15}|(?:client|sip):[^\s,]+/g;

export class Transcript {
  #mine = null;

  constructor(view, name) {
    this.view = view;
    this.list = el("ol", { class: "talk" });
    this.log = el("div", { role: "log", "aria-label": `What ${name} hears and does` }, this.list);
    this.doing = el("p", { class: "doing", hidden: true });
    this.sid = "";
    this.count = { heard: 0, did: 0 };
  }

  // Show a leg's conversation; call `fresh` with each entry that has just been heard.
  show(leg, did, { now, named, fresh }) {
    const words = (text) => text.replace(ADDRESS, named);
    if (leg.sid !== this.sid) {
      this.list.replaceChildren();
      this.sid = leg.sid;
      this.count = { heard: 0, did: 0 };
      this.#mine = null;
    }
    if (this.log.parentNode !== this.view) this.view.replaceChildren(this.log, this.doing);
    const news = [...leg.heard.slice(this.count.heard), ...did.slice(this.count.did)].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
    this.count = { heard: leg.heard.length, did: did.length };
    if (news.length) this.#settle();
    for (const entry of news) {
      if (entry.kind === "keys" || entry.kind === "words") {
        this.#did(entry);
        continue;
      }
      const live = now - Date.parse(entry.at) < 3000;
      // A microphone comes in pieces without words; one bubble stands for all of them.
      if (entry.kind === "person" && !entry.text && this.list.lastChild?.classList.contains("unworded")) continue;
      this.#append(this.#entry(entry, live, words));
      if (live) fresh(entry);
      this.#mine = null;
    }
    if (leg.ended) this.#settle();
    setText(this.doing, leg.ended ? "" : words(leg.doing));
    this.doing.hidden = !this.doing.textContent;
    if (news.length) this.#follow();
  }

  // Keys pressed one after the other share a bubble.
  #did({ kind, text, at }) {
    if (kind === "keys" && this.#mine?.classList.contains("keys")) {
      this.#mine.append(` ${text}`);
      return;
    }
    this.#mine = el("li", { class: `bubble mine ${kind}`, title: clock(at) }, text);
    this.#append(this.#mine);
  }

  #append(item) {
    this.list.append(item);
  }

  #follow() {
    this.view.scrollTop = this.view.scrollHeight;
  }

  // Words that were being spoken have been spoken, or were cut short: light them all.
  #settle() {
    for (const item of this.list.querySelectorAll(".speaking")) item.classList.remove("speaking");
  }

  #entry(entry, live, words) {
    const title = clock(entry.at);
    if (entry.kind === "say") return this.#said(entry, live, title);
    if (entry.kind === "person") return el("li", { class: `bubble person${entry.text ? "" : " unworded"}`, title }, entry.text || "Speaks");
    if (entry.kind === "play") return this.#played(entry, title);
    const sign = { ring: "bell", beep: "note", silence: "silent" }[entry.kind] ?? "info";
    const text = words(entry.text) || { ring: "Ringing", beep: "Beep", silence: "Silence" }[entry.kind] || entry.kind;
    return el("li", { class: "aside", title }, icon(sign), text);
  }

  #said(entry, live, title) {
    const item = el("li", { class: `bubble${live ? " speaking" : ""}`, title, lang: entry.language || null });
    let letters = 0;
    for (const piece of entry.text.split(/(\s+)/)) {
      if (!live || /^\s*$/.test(piece)) item.append(piece);
      else {
        const word = el("span", { class: "word" }, piece);
        word.style.animationDelay = `${letters / LETTERS_PER_SECOND}s`;
        word.style.animationFillMode = "both";
        item.append(word);
      }
      letters += piece.length;
    }
    const voice = [entry.language, entry.voice].filter(Boolean).join(", ");
    if (voice) item.append(el("span", { class: "tag", lang: "en" }, voice));
    return item;
  }

  #played(entry, title) {
    const file = entry.url ? decodeURIComponent(entry.url.split("?")[0].split("/").pop()) : entry.text;
    const name = /^[0-9a-f]{32,}$/.test(file) ? "A sound" : file; // a hash says nothing to anybody
    const sign = entry.url ? player(entry.url, name) : icon("note");
    return el("li", { class: "bubble", title }, el("span", { class: "sound" }, sign, entry.text || name || "A sound"));
  }
}

function player(url, name) {
  const sound = new Audio();
  const button = el("button", { type: "button" });
  const draw = () => {
    const words = sound.paused ? `Play ${name}` : `Stop ${name}`;
    button.setAttribute("aria-label", words);
    button.title = words;
    button.replaceChildren(icon(sound.paused ? "play" : "stop"));
  };
  button.addEventListener("click", () => {
    if (!sound.paused) {
      sound.pause();
      return;
    }
    sound.src = url;
    sound.play().catch(() => toast("The browser cannot play this sound.", { bad: true }));
  });
  for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, draw);
  draw();
  return button;
}
