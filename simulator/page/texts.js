// The texts of one phone: its conversation with each number of the application, and a line to write.

import { api, Refused } from "./api.js";
import { el, setText, toast } from "./dom.js";
import { icon } from "./icons.js";
import { address, clock, names, TEXT_STATES, TEXTS } from "./words.js";

const SHOWN = /^image\/(jpeg|png|gif|webp)$/;
const MOST_FILES = 10;

export class Texts {
  #phone;
  #files = [];
  #seen = null;
  #drawn = "";
  #snapshot = null;

  constructor(id, { opened, setPhone }) {
    this.setPhone = setPhone;
    this.count = el("span", { class: "count", hidden: true });
    this.knob = el("button", { class: "knob texts-knob", type: "button", "aria-expanded": "false", "aria-controls": `${id}-texts`, onclick: () => opened(this.node.hidden) }, icon("text"), this.count);
    this.other = el("select", { onchange: () => this.#draw() });
    this.list = el("ol", { class: "talk" });
    this.log = el("div", { role: "log" }, this.list);
    this.view = el("div", { class: "view", tabindex: "0", role: "group", "aria-label": "Texts" }, this.log);
    this.files = el("ul", { class: "attached", hidden: true, "aria-label": "Pictures to send" });
    this.line = el("textarea", { rows: "1", maxlength: "1600", placeholder: "Write a text" });
    this.line.addEventListener("keydown", (event) => this.#typed(event));
    this.file = el("input", { type: "file", accept: "image/*,audio/*,video/*", multiple: true, hidden: true, onchange: () => this.#attach() });
    this.pick = el("button", { class: "round", type: "button", title: "Attach pictures", "aria-label": "Attach pictures", onclick: () => this.file.click() }, icon("picture"));
    this.send = el("button", { class: "round send", type: "button", title: "Send", "aria-label": "Send", onclick: () => this.#send() }, icon("send"));
    this.fate = el("select", { onchange: () => this.setPhone({ texts: this.fate.value }) }, ...Object.entries(TEXTS).map(([value, words]) => el("option", { value }, words)));
    this.node = el("section", { class: "texts", id: `${id}-texts`, hidden: true },
      el("div", { class: "screen" }, el("div", { class: "strip" }, this.other), this.view),
      this.files,
      el("div", { class: "entry" }, this.pick, this.file, this.line, this.send),
      el("div", { class: "acts" }, el("label", {}, "Texts to it", this.fate)));
  }

  update(phone, snapshot) {
    this.#phone = phone;
    this.#snapshot = snapshot;
    const who = phone.name || address(phone.address);
    this.knob.hidden = !phone.address.startsWith("+");
    this.node.setAttribute("aria-label", `Texts of ${who}`);
    this.log.setAttribute("aria-label", `What ${who} writes and gets`);
    this.line.setAttribute("aria-label", `Text that ${who} writes`);
    this.other.setAttribute("aria-label", `With whom ${who} writes`);
    this.fate.setAttribute("aria-label", `Texts to ${who}`);
    if (document.activeElement !== this.fate) this.fate.value = phone.texts;
    const numbers = snapshot.numbers.filter((each) => each.number.startsWith("+"));
    const offered = JSON.stringify(numbers);
    if (this.other.dataset.offered !== offered) {
      const { value } = this.other;
      this.other.dataset.offered = offered;
      this.other.replaceChildren(...numbers.map((each) => el("option", { value: each.number }, each.friendly_name || address(each.number))));
      if (numbers.some((each) => each.number === value)) this.other.value = value;
    }
    const dumb = phone.texts === "landline" || phone.texts === "off";
    for (const field of [this.line, this.send, this.pick]) field.disabled = dumb || !numbers.length;
    this.#tellNew(snapshot, who);
    this.#draw();
  }

  show(open) {
    this.node.hidden = !open;
    this.knob.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.#drawCount(0);
    this.view.scrollTop = this.view.scrollHeight;
    this.line.focus({ preventScroll: true });
  }

  // --- Drawing

  #got(snapshot) {
    return snapshot.messages.filter((each) => each.to === this.#phone.address && each.status === "delivered");
  }

  #tellNew(snapshot, who) {
    const got = this.#got(snapshot);
    if (this.#seen) {
      const fresh = got.filter((each) => !this.#seen.has(each.sid));
      if (fresh.length) {
        const last = fresh.at(-1);
        this.other.value = last.from;
        document.getElementById("announce").textContent = `${who} has got a text: ${last.body || "a picture"}`;
        this.#drawCount(this.node.hidden ? Number(this.count.textContent || 0) + fresh.length : 0);
      }
    }
    this.#seen = new Set(got.map((each) => each.sid));
    if (!this.knob.hasAttribute("aria-label")) this.#drawCount(0);
  }

  #drawCount(count) {
    this.count.hidden = !count;
    setText(this.count, count ? String(count) : "");
    const words = count ? `Texts, ${count} new` : "Texts";
    this.knob.setAttribute("aria-label", words);
    this.knob.title = words;
  }

  #draw() {
    const me = this.#phone.address;
    const ends = (each) => (each.from === me ? each.to : each.to === me ? each.from : "");
    const thread = this.#snapshot.messages.filter((each) => ends(each) && ends(each) === this.other.value);
    const key = `${this.other.value} ${JSON.stringify(thread)}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const known = names(this.#snapshot);
    this.list.replaceChildren(...thread.map((each) => this.#bubble(each, each.from === me, known)));
    if (!thread.length) this.list.append(el("li", { class: "aside" }, icon("text"), "No texts yet"));
    this.view.scrollTop = this.view.scrollHeight;
  }

  #bubble(message, mine, known) {
    const arrived = mine || message.status === "delivered";
    const pictures = message.media.map((medium, place) => attachment(medium, `Picture ${place + 1} from ${known.get(message.from) || address(message.from)}`));
    const item = el("li", { class: `bubble text${mine ? " mine" : ""}${arrived ? "" : " pending"}`, title: clock(message.at) }, ...pictures, message.body && el("span", { class: "words" }, message.body));
    if (!arrived) {
      const reason = message.error_code ? `: ${message.error_message || ""} (${message.error_code})` : "";
      item.append(el("span", { class: "tag" }, `${TEXT_STATES[message.status] ?? message.status}${reason}`));
    }
    return item;
  }

  // --- Writing

  #typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #attach() {
    this.#files = [...this.#files, ...this.file.files].slice(0, MOST_FILES);
    this.file.value = "";
    this.#drawFiles();
  }

  #drawFiles() {
    this.files.hidden = !this.#files.length;
    this.files.replaceChildren(...this.#files.map((file, place) => el("li", {}, file.name, el("button", { class: "knob", type: "button", "aria-label": `Take ${file.name} away`, onclick: () => this.#detach(place) }, icon("close")))));
  }

  #detach(place) {
    this.#files.splice(place, 1);
    this.#drawFiles();
    this.line.focus();
  }

  async #send() {
    const body = this.line.value;
    if (!body.trim() && !this.#files.length) {
      this.line.focus();
      return;
    }
    try {
      await api.text(this.#phone.address, this.other.value, body, await Promise.all(this.#files.map(packed)));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(error.message, { bad: true });
      return;
    }
    this.line.value = "";
    this.#files = [];
    this.#drawFiles();
    this.line.focus();
  }
}

function attachment(medium, words) {
  const source = `/sim/media/${encodeURIComponent(medium.sid)}`;
  if (SHOWN.test(medium.type)) return el("a", { href: source, target: "_blank", rel: "noreferrer" }, el("img", { src: source, alt: words, loading: "lazy" }));
  return el("a", { class: "file", href: source, download: medium.sid }, icon("file"), medium.type);
}

async function packed(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let place = 0; place < bytes.length; place += 0x8000) text += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
  return { type: file.type, data: btoa(text) };
}
