// What somebody on a phone hears and does, as a conversation.

import { el, toast } from "./dom.js";
import { icon } from "./icons.js";
import { clock } from "./words.js";

const LETTERS_PER_SECOND = 15;

export class Transcript {
  #mine = null;

  constructor(view, name) {
    this.view = view;
    this.list = el("ol", { class: "talk", role: "log", "aria-label": `What ${name} hears and does` });
    this.doing = el("p", { class: "doing", hidden: true });
    this.sid = "";
    this.count = 0;
  }

  // Show a leg's conversation; call `fresh` with each entry that has just been heard.
  show(leg, { now, fresh }) {
    if (leg.sid !== this.sid) {
      this.list.replaceChildren();
      this.sid = leg.sid;
      this.count = 0;
      this.#mine = null;
    }
    if (this.list.parentNode !== this.view) this.view.replaceChildren(this.list, this.doing);
    const news = leg.heard.slice(this.count);
    this.count = leg.heard.length;
    if (news.length) this.#settle();
    for (const entry of news) {
      const live = now - Date.parse(entry.at) < 3000;
      this.#append(this.#entry(entry, live));
      if (live) fresh(entry);
      this.#mine = null;
    }
    if (leg.ended) this.#settle();
    const doing = leg.ended ? "" : leg.doing;
    if (this.doing.textContent !== doing) this.doing.textContent = doing;
    this.doing.hidden = !doing;
    if (news.length) this.#follow();
  }

  // Add what the person did; keys pressed one after the other share a bubble.
  did(kind, text) {
    this.#settle();
    if (kind === "keys" && this.#mine?.classList.contains("keys")) this.#mine.append(` ${text}`);
    else {
      this.#mine = el("li", { class: `bubble mine ${kind}` }, text);
      this.#append(this.#mine);
    }
    this.#follow();
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

  #entry(entry, live) {
    const title = clock(entry.at);
    if (entry.kind === "say") return this.#said(entry, live, title);
    if (entry.kind === "person") return el("li", { class: "bubble person", title }, entry.text);
    if (entry.kind === "play") return this.#played(entry, title);
    const sign = { ring: "bell", beep: "note", silence: "silent" }[entry.kind] ?? "info";
    const words = entry.text || { ring: "Ringing", beep: "Beep", silence: "Silence" }[entry.kind] || entry.kind;
    return el("li", { class: "aside", title }, icon(sign), words);
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
    const name = entry.url ? decodeURIComponent(entry.url.split("?")[0].split("/").pop()) : entry.text;
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
