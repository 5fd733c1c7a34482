// One phone on the desk: its holder, its screen, its keys.

import { api, Refused } from "./api.js";
import { el, setText, toast } from "./dom.js";
import { icon } from "./icons.js";
import { Microphone } from "./microphone.js";
import { recordedAs } from "./recordings.js";
import { sounds } from "./sounds.js";
import { Texts } from "./texts.js";
import { Transcript } from "./transcript.js";
import { address, chosenHabit, ENDINGS, HABITS, initials, knownHabit, names, span } from "./words.js";

const KEYS = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"], ["*", ""], ["0", ""], ["#", ""]];
const TIMED = new Set(["answers", "machine", "fax", "silence", "declines", "busy"]);
let count = 0;

export class Handset {
  rings = false;
  #dismissed = "";
  #muted = false;
  #microphone = new Microphone();
  #now = { server: 0, browser: 0 };

  constructor(phone, { open }) {
    this.id = `phone-${(count += 1)}`;
    this.phone = phone;
    this.leg = null;
    this.#build();
    this.transcript = new Transcript(this.view, phone.name || phone.address);
    this.#fold(open);
  }

  #build() {
    this.face = el("span", { class: "face", "aria-hidden": "true" });
    this.name = el("h2", { id: `${this.id}-name` });
    this.number = el("p");
    this.mute = this.#knob("voice", "Mute this phone", () => this.#setMuted(!this.#muted), { "aria-pressed": "false" });
    this.unfold = this.#knob("keypad", "Keypad", () => this.#fold(!this.node.classList.contains("open")), { "aria-expanded": "false", "aria-controls": `${this.id}-keys` });
    this.texts = new Texts(this.id, { opened: (open) => this.#showTexts(open), setPhone: (change) => this.#setPhone(change) });
    const who = el("header", { class: "who" }, this.face, el("div", { class: "who-words" }, this.name, this.number), this.texts.knob, this.mute, this.unfold);

    this.stripWho = el("span", { class: "strip-who" });
    this.recorded = el("span", { class: "recorded", role: "status" });
    this.stripTime = el("span", { class: "strip-time" });
    this.close = this.#knob("close", "Close this call", () => this.#dismiss());
    this.view = el("div", { class: "view", tabindex: "0", role: "group", "aria-label": "Screen" });
    const screen = el("div", { class: "screen" }, el("div", { class: "strip" }, this.stripWho, this.recorded, this.stripTime, this.close), this.view);

    this.line = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
    this.line.addEventListener("keydown", (event) => event.key === "Enter" && this.#enter());
    this.enterButton = el("button", { class: "round go", type: "button", onclick: () => this.#enter() });
    const entry = el("div", { class: "entry" }, this.line, this.enterButton);

    const keys = KEYS.map(([key, letters]) => el("button", { class: "key", type: "button", "data-key": key, "aria-label": { "*": "star", "#": "hash" }[key], onclick: () => this.#key(key) }, key, letters && el("small", { "aria-hidden": "true" }, letters)));
    this.keypad = el("div", { class: "keypad", id: `${this.id}-keys`, role: "group", "aria-label": "Keypad" }, ...keys);

    this.acts = el("div", { class: "acts" });
    this.#buildActs();
    this.node = el("article", { class: "handset", tabindex: "-1", "aria-labelledby": `${this.id}-name` }, who, screen, entry, this.keypad, this.acts, this.texts.node);
    this.node.addEventListener("keydown", (event) => this.#typed(event));
  }

  #buildActs() {
    this.habit = el("select", { title: "What happens when this phone is called", onchange: () => this.#setHabit() }, ...Object.entries(HABITS).map(([value, words]) => el("option", { value }, words)));
    this.after = el("input", { type: "number", min: "0", max: "600", step: "1", "aria-label": "Seconds until it does", onchange: () => this.#setHabit() });
    const habit = el("label", {}, "If called", this.habit);
    this.afterLabel = el("label", { class: "after", title: "Seconds until it does" }, this.after, "s");
    this.answer = this.#pill("go", "handset", "Answer", () => this.#act(() => api.answer(this.leg.sid)));
    this.decline = this.#pill("stop", "handset", "Decline", () => this.#act(() => api.decline(this.leg.sid)));
    this.hangUp = this.#pill("stop", "handset", "Hang up", () => this.#act(() => api.hangUp(this.leg.sid)));
    this.record = el("button", { class: "round", type: "button", onclick: () => this.#record() });
    this.#drawRecording();
    this.file = el("input", { type: "file", accept: "audio/*", hidden: true, onchange: () => this.#upload() });
    this.pick = el("button", { class: "round", type: "button", title: "Speak a sound file", "aria-label": "Speak a sound file", onclick: () => this.file.click() }, icon("file"));
    this.modes = {
      idle: [habit, this.afterLabel],
      ringing: [this.decline, this.answer],
      call: [this.record, this.pick, this.file, this.hangUp],
    };
  }

  #knob(sign, words, act, attributes = {}) {
    return el("button", { class: "knob", type: "button", title: words, "aria-label": words, onclick: act, ...attributes }, icon(sign));
  }

  #pill(tone, sign, words, act) {
    return el("button", { class: `pill ${tone}`, type: "button", onclick: act }, icon(sign), words);
  }

  // --- Drawing

  update(phone, snapshot, now) {
    this.phone = phone;
    this.#now = now;
    const label = phone.name || address(phone.address);
    setText(this.name, label);
    setText(this.number, address(phone.address));
    setText(this.face, initials(phone.name || phone.address));
    this.face.style.setProperty("--hue", [...phone.address].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7));
    this.#drawHabit();
    this.texts.update(phone, snapshot);

    const mine = snapshot.legs.filter((leg) => leg.phone === phone.address);
    const live = mine.filter((leg) => !leg.ended);
    const leg = live.at(0) ?? mine.at(-1) ?? null;
    const state = this.#state(leg);
    const before = { state: this.node.dataset.call, sid: this.leg?.sid };
    this.leg = state === "idle" ? null : leg;
    this.rings = state === "ringing" && !this.#muted;
    this.node.dataset.call = state;
    this.#drawEntry(state);
    this.#drawScreen(state, snapshot);
    this.#drawRecorded(this.leg && !this.leg.ended ? recordedAs(this.leg, snapshot) : "");
    if (before.state !== state || before.sid !== this.leg?.sid) this.#changed(before, state);
    this.tick();
  }

  #state(leg) {
    if (!leg || leg.sid === this.#dismissed) return "idle";
    if (leg.ended) {
      // A page that is opened long after a call begins anew; one that showed the call keeps it until it is closed.
      const shown = this.leg?.sid === leg.sid || this.#now.server - Date.parse(leg.ended) < 60_000;
      return shown ? "ended" : "idle";
    }
    if (leg.status === "in-progress") return "talking";
    if (leg.direction === "inbound") return "calling";
    return leg.status === "ringing" ? "ringing" : "idle";
  }

  #other() {
    return this.#named(this.leg.from === this.phone.address ? this.leg.to : this.leg.from);
  }

  #named(end) {
    return this.names.get(end) || address(end);
  }

  #drawScreen(state, snapshot) {
    this.names = names(snapshot);
    const titles = { idle: "Ready", calling: () => `Calling ${this.#other()}`, ringing: () => "Incoming call", talking: () => this.#other(), ended: () => ENDINGS[this.leg.status] ?? "Call ended" };
    const title = titles[state];
    setText(this.stripWho, typeof title === "string" ? title : title());
    this.close.hidden = state !== "ended";
    if (state === "idle") this.#drawBook(snapshot.numbers);
    else if (state === "ringing") this.#drawRing("handset", this.#other(), address(this.leg.from), "");
    else if (state === "calling" && !this.leg.heard.some((entry) => entry.kind !== "ring")) this.#drawRing("handset", this.#other(), "Ringing", "outgoing");
    else this.transcript.show(this.leg, snapshot.did[this.leg.sid] ?? [], { now: this.#now.server, named: (end) => this.#named(end), fresh: (entry) => this.#hear(entry) });
  }

  // In words and as a sign: whoever looks at the phone must see whether the call is recorded.
  #drawRecorded(status) {
    if (this.recorded.dataset.status === status) return;
    this.recorded.dataset.status = status;
    const words = { "": [], "in-progress": [icon("record"), "Recording"], paused: [icon("pause"), el("span", { class: "hidden" }, "Recording: "), "Paused"] };
    this.recorded.replaceChildren(...words[status]);
  }

  #drawBook(numbers) {
    const entries = numbers.filter((each) => each.number !== this.phone.address);
    const key = JSON.stringify(entries);
    if (this.view.firstChild?.dataset?.key === key) return;
    const list = entries.map((each) => el("li", {}, el("button", { type: "button", onclick: () => this.#dial(each.number) }, icon("handset"), el("span", {}, el("b", {}, each.friendly_name || address(each.number)), el("small", {}, address(each.number))))));
    const book = list.length
      ? el("ul", { class: "book", "aria-label": "Numbers to call", "data-key": key }, ...list)
      : el("p", { class: "no-book", "data-key": key }, "The simulator knows no number yet. Start it with ", el("code", {}, "--number +15005550100=URL"), " or let the application set one up.");
    this.view.replaceChildren(book);
    if (!this.line.value && entries.length && this.node.classList.contains("open")) this.line.value = entries[0].number;
  }

  #drawRing(sign, who, words, kind) {
    const key = `${this.leg.sid} ${kind} ${who}`;
    if (this.view.firstChild?.dataset?.key === key) return;
    this.view.replaceChildren(el("div", { class: "ring", "data-key": key }, el("span", { class: `pulse ${kind}` }, icon(sign)), el("b", {}, who), el("small", {}, who === words ? "" : words)));
  }

  #drawEntry(state) {
    const speaking = state === "talking" || state === "calling";
    const mode = speaking ? "speak" : "dial";
    if (this.mode !== mode) {
      this.mode = mode;
      const kept = this.line.value;
      this.line.value = this.keptLine ?? "";
      this.keptLine = kept;
      this.line.placeholder = speaking ? "Say something" : "Number to call";
      this.line.inputMode = speaking ? "text" : "tel";
      // what can be said in a real voice on any machine
      if (speaking) this.line.setAttribute("list", "sentences");
      else this.line.removeAttribute("list");
      this.line.setAttribute("aria-label", speaking ? `Say as ${this.phone.name || this.phone.address}` : `Number that ${this.phone.name || this.phone.address} calls`);
      this.enterButton.className = speaking ? "round send" : "round go";
      this.enterButton.replaceChildren(icon(speaking ? "send" : "handset"));
      this.enterButton.setAttribute("aria-label", speaking ? "Say it" : "Call");
      this.enterButton.title = speaking ? "Say it" : "Call";
    }
    const can = (name) => Boolean(this.leg?.can.includes(name));
    this.line.disabled = state === "ringing" || (speaking && !can("speak"));
    this.enterButton.disabled = this.line.disabled;
    this.record.disabled = !can("speak") && !this.#microphone.recording;
    this.pick.disabled = !can("speak");
    this.hangUp.disabled = !can("hang_up");
    this.answer.disabled = !can("answer");
    this.decline.disabled = !can("decline");
  }

  #drawHabit() {
    if (document.activeElement !== this.habit) this.habit.value = chosenHabit(this.phone);
    if (document.activeElement !== this.after) this.after.value = this.phone.after;
    this.habit.setAttribute("aria-label", `If ${this.phone.name || this.phone.address} is called`);
    this.afterLabel.hidden = !TIMED.has(this.habit.value);
  }

  #changed(before, state) {
    const mode = { idle: "idle", ended: "idle", ringing: "ringing" }[state] ?? "call";
    const focused = this.acts.contains(document.activeElement) || this.view.contains(document.activeElement);
    this.acts.replaceChildren(...this.modes[mode]);
    // The button that was pressed is gone: keep the keyboard on this phone.
    if (focused && !this.node.contains(document.activeElement)) this.node.focus();
    if (state === "ringing" && before.state) document.getElementById("announce").textContent = `${this.phone.name || this.phone.address} is ringing: ${this.#other()}`;
    if (state === "ringing") this.#showTexts(false);
    if (state === "ringing") this.node.scrollIntoView({ block: "nearest", behavior: "smooth" });
    if (state === "ended") sounds.hush();
    if (state !== "talking" && this.#microphone.recording) this.#stopRecording();
  }

  tick() {
    const leg = this.leg;
    let text = "";
    if (leg && this.node.dataset.call !== "ringing") {
      const end = leg.ended ? Date.parse(leg.ended) : this.#now.server + (Date.now() - this.#now.browser);
      text = span((end - Date.parse(leg.started)) / 1000);
    }
    setText(this.stripTime, text);
  }

  // --- Doing

  #hear(entry) {
    if (entry.kind === "say" && !this.#muted) sounds.say(entry.text, entry.language);
  }

  async #act(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(error.message, { bad: true });
    }
  }

  #dial(number) {
    this.#dismissed = this.leg?.sid ?? this.#dismissed;
    this.node.focus({ preventScroll: true });
    return this.#act(() => api.dial(this.phone.address, number));
  }

  #enter() {
    const text = this.line.value.trim();
    if (!text) {
      this.line.focus();
      return;
    }
    if (this.mode === "dial") {
      this.#dial(text.replace(/^[+\d][\d\s().-]+$/, (number) => number.replace(/[\s().-]/g, "")));
      return;
    }
    this.line.value = "";
    sounds.hush();
    this.#act(() => api.speak(this.leg.sid, text));
  }

  #key(key) {
    sounds.key(key);
    const state = this.node.dataset.call;
    if (state === "idle" || state === "ended") {
      this.line.value += key;
      return;
    }
    if (!this.leg?.can.includes("press")) return;
    sounds.hush();
    this.#act(() => api.press(this.leg.sid, key));
  }

  #typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (!/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    this.#key(event.key);
    const button = this.keypad.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 120);
  }

  #dismiss() {
    this.#dismissed = this.leg?.sid ?? "";
    this.node.focus({ preventScroll: true });
    this.leg = null;
    this.node.dispatchEvent(new CustomEvent("refresh", { bubbles: true }));
  }

  #setMuted(muted) {
    this.#muted = muted;
    this.mute.setAttribute("aria-pressed", String(muted));
    this.mute.replaceChildren(icon(muted ? "silent" : "voice"));
    if (muted) sounds.hush();
    this.node.dispatchEvent(new CustomEvent("refresh", { bubbles: true }));
  }

  #fold(open) {
    this.node.classList.toggle("open", open);
    this.unfold.setAttribute("aria-expanded", String(open));
  }

  #showTexts(open) {
    this.node.classList.toggle("texting", open);
    this.texts.show(open);
  }

  #setHabit() {
    this.afterLabel.hidden = !TIMED.has(this.habit.value);
    this.#setPhone({ ...knownHabit(this.habit.value), after: Number(this.after.value) || 0 });
  }

  #setPhone(change) {
    return this.#act(() => api.setPhone({ ...this.phone, ...change }));
  }

  // --- Sound of the person's own

  async #record() {
    if (this.#microphone.recording) {
      this.#stopRecording();
      return;
    }
    const { sid } = this.leg;
    try {
      let shown = "Speaking into the microphone";
      await this.#microphone.start((piece, text) => {
        const words = { text, shown: shown || text };
        shown = "";
        return this.#act(() => api.speakAudio(sid, piece, words));
      });
    } catch {
      toast("The browser gives no microphone. Allow it in the address bar, or use a sound file.", { bad: true });
      return;
    }
    sounds.hush();
    this.#drawRecording();
  }

  #stopRecording() {
    this.#microphone.stop(this.#words());
    this.#drawRecording();
  }

  // Words typed beside a sound are what speech recognition is to make of it.
  #words() {
    if (this.mode !== "speak") return "";
    const text = this.line.value.trim();
    this.line.value = "";
    return text;
  }

  #drawRecording() {
    const on = this.#microphone.recording;
    const words = on ? "Stop speaking into the microphone" : "Speak into the microphone";
    this.record.classList.toggle("recording", on);
    this.record.setAttribute("aria-pressed", String(on));
    this.record.setAttribute("aria-label", words);
    this.record.title = words;
    this.record.replaceChildren(icon(on ? "stop" : "microphone"));
  }

  #upload() {
    const [sound] = this.file.files;
    this.file.value = "";
    if (!sound || !this.leg?.can.includes("speak")) return;
    const text = this.#words();
    this.#act(() => api.speakAudio(this.leg.sid, sound, { text, shown: text ? `${text} (${sound.name})` : sound.name }));
  }
}
