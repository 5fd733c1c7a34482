// The two dialogs: adding a phone, and letting things go wrong.

import { api, Refused } from "./api.js";
import { el, setText, toast } from "./dom.js";
import { HABITS, knownHabit, TEXTS } from "./words.js";

const FAULTS = [
  ["Callbacks", { duplicate: "Sent twice", reorder: "Out of order", delay: "Late", drop: "Lost" }],
  ["Requests for TwiML", { repeat: "Sent twice" }],
  ["REST requests of the application", { rest_429: "Refused: too many", rest_500: "Failed", rest_timeout: "Not done, no answer", rest_lost: "Done, but no answer", rest_held: "Finished ones cannot be deleted" }],
  ["Audio of recordings", { media_404: "Not there", media_cut: "Breaks off", media_short: "Only half of it", media_slow: "Slow" }],
];

class Dialog {
  constructor(id) {
    this.dialog = document.getElementById(id);
    this.form = this.dialog.querySelector("form");
    this.error = document.getElementById(`${id}-error`);
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  open() {
    setText(this.error, "");
    this.dialog.showModal();
  }

  async #submit() {
    try {
      await this.send(new FormData(this.form));
      this.dialog.close();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setText(this.error, error.message);
    }
  }
}

class AddDialog extends Dialog {
  constructor() {
    super("add");
    this.known = new Set();
    for (const [value, words] of Object.entries(HABITS)) this.form.elements.answers.append(el("option", { value }, words));
    for (const [value, words] of Object.entries(TEXTS)) this.form.elements.texts.append(el("option", { value }, words));
  }

  update(snapshot) {
    this.known = new Set([...snapshot.phones.map((each) => each.address), ...snapshot.numbers.map((each) => each.number)]);
  }

  open() {
    this.form.reset();
    super.open();
  }

  async send(data) {
    const address = data.get("address").replace(/[\s().-]/g, (sign) => (/^[+\d]/.test(data.get("address").trim()) ? "" : sign)).trim();
    if (!address) throw new Refused("Give the phone an address.");
    if (this.known.has(address)) throw new Refused("There is a phone or a number with this address already.");
    await api.setPhone({ address, name: data.get("name").trim(), after: 2, texts: data.get("texts"), ...knownHabit(data.get("answers")) });
    toast(`${data.get("name").trim() || address} has a phone now.`);
  }
}

class FaultsDialog extends Dialog {
  constructor() {
    super("faults");
    this.chances = {};
    const fields = document.getElementById("faults-fields");
    for (const [title, names] of FAULTS) {
      fields.append(el("h3", {}, title));
      for (const [name, words] of Object.entries(names)) {
        fields.append(el("label", {}, words, el("input", { type: "number", name, min: "0", max: "100", step: "1", value: "0" })));
      }
    }
    document.getElementById("faults-none").addEventListener("click", () => {
      for (const input of fields.querySelectorAll("input")) input.value = "0";
    });
  }

  update(chances) {
    this.chances = chances;
    const on = Object.entries(chances).filter(([name, chance]) => !name.endsWith("_seconds") && chance > 0).length;
    const count = document.getElementById("faults-on");
    count.hidden = !on;
    count.setAttribute("aria-label", `${on} on`);
    setText(count, String(on));
  }

  open() {
    for (const input of this.form.querySelectorAll("input")) input.value = String(Math.round((this.chances[input.name] ?? 0) * 100));
    super.open();
  }

  async send(data) {
    const chances = Object.fromEntries([...data].map(([name, percent]) => [name, Number(percent) / 100]));
    await api.setFaults(chances);
    this.update({ ...this.chances, ...chances });
  }
}

export const addDialog = new AddDialog();
export const faultsDialog = new FaultsDialog();
