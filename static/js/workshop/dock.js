// The panels beside the picture. Each is fetched when it is first shown; the form of a step is kept as a draft while
// something in it is not saved.

import * as conflict from "./conflict.js";
import * as drafts from "./drafts.js";
import * as rows from "./rows.js";
import { tell } from "./telling.js";
import { read, write } from "./values.js";

const UNSAVED = "Not saved yet. Kept in this window.";

export class Dock extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.flow = root.dataset.flow;
    this.tabs = [...root.querySelectorAll("[role=tab]")];
    this.step = new URLSearchParams(location.search).get("step") ?? "";
    this.loaded = new Set();
    this.base = new WeakMap(); // by form: what it held when it came
    rows.start(root);
    for (const tab of this.tabs) tab.addEventListener("click", () => this.open(tab.dataset.panel));
    root.querySelector("[role=tablist]").addEventListener("keydown", (event) => this.#along(event));
    root.addEventListener("input", ({ target }) => this.#typed(target.closest("form[data-form]")));
    root.addEventListener("change", ({ target }) => this.#typed(target.closest("form[data-form]")));
    root.addEventListener("click", (event) => this.#follow(event));
    document.body.addEventListener("htmx:beforeRequest", (event) => this.#before(event));
    document.body.addEventListener("htmx:beforeSwap", (event) => this.#beforeSwap(event));
    document.body.addEventListener("htmx:afterSettle", (event) => this.#drawn(event.detail.target));
    document.body.addEventListener("htmx:sendError", () => tell("Not sent: there is no connection. What you wrote is still here.", { failed: true }));
    document.body.addEventListener("htmx:responseError", ({ detail }) => ![409, 422].includes(detail.xhr.status) && tell(detail.xhr.status === 403 ? "You may not do that." : "That failed. What you wrote is still here.", { failed: true }));
    document.body.addEventListener("workshop:saved", ({ detail }) => this.#saved(detail));
    addEventListener("beforeunload", (event) => this.#leaving(event));
  }

  panel(name) {
    return document.getElementById(`dock-${name}`);
  }

  get shown() {
    return this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.panel ?? "";
  }

  start() {
    this.open(this.shown || "step", { query: location.search.slice(1) });
  }

  open(name, { query = "", focus = false } = {}) {
    for (const tab of this.tabs) {
      const is = tab.dataset.panel === name;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
      this.panel(tab.dataset.panel).hidden = !is;
      if (is && focus) tab.focus();
    }
    if (!this.loaded.has(name)) this.load(name, { query });
    this.#address();
    this.dispatchEvent(new CustomEvent("opened", { detail: { name } }));
  }

  load(name, { query = "" } = {}) {
    const tab = this.tabs.find((one) => one.dataset.panel === name);
    if (!tab) return Promise.resolve();
    this.loaded.add(name);
    const wanted = new URLSearchParams(query);
    wanted.delete("panel");
    if (name === "step") {
      wanted.delete("step");
      if (this.step) wanted.set("step", this.step);
    }
    const search = wanted.toString();
    return htmx.ajax("GET", search ? `${tab.dataset.address}?${search}` : tab.dataset.address, { target: this.panel(name), swap: "innerHTML" });
  }

  // Shows the form of a step. One that is not saved stays as a draft.
  choose(step, { focus = false, again = false } = {}) {
    const same = step === this.step && this.loaded.has("step");
    this.step = step;
    this.focusNext = focus;
    this.open("step");
    this.#address();
    if (!same || again) this.load("step");
    else if (focus) this.#focusForm();
  }

  // Something has changed: what is open and has nothing unsaved in it is fetched again.
  refresh({ except = "" } = {}) {
    for (const name of this.loaded) {
      if (name === except || ["try", "scenarios", "checks", "replay"].includes(name)) continue;
      const form = this.panel(name)?.querySelector("form[data-form]");
      if (form && (this.#isDirty(form) || form.contains(document.activeElement))) continue;
      if (this.panel(name).hidden) this.loaded.delete(name);
      else this.load(name);
    }
  }

  #address() {
    const query = new URLSearchParams(location.search);
    query.delete("panel");
    query.delete("step");
    if (this.step) query.set("step", this.step);
    if (this.shown !== "step") query.set("panel", this.shown);
    const text = query.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
  }

  #along(event) {
    const here = this.tabs.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: this.tabs.length - 1 }[event.key];
    if (here < 0 || to === undefined) return;
    event.preventDefault();
    this.open(this.tabs.at(to % this.tabs.length).dataset.panel, { focus: true });
  }

  // Links to a step open its form.
  #follow(event) {
    const link = event.target.closest("a[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("choose", { detail: { step: link.dataset.step } }));
  }

  // --- Drafts

  #isDirty(form) {
    const base = this.base.get(form);
    return Boolean(base) && JSON.stringify(read(form)) !== JSON.stringify(base);
  }

  #typed(form) {
    if (!form || !this.base.has(form)) return;
    const dirty = this.#isDirty(form);
    const state = form.querySelector("[data-state]");
    if (state && dirty) state.textContent = UNSAVED;
    else if (state?.textContent === UNSAVED) state.textContent = "";
    if (dirty) drafts.keep(this.flow, form.dataset.form, { values: read(form), base: this.base.get(form), revision: form.elements._revision.value });
    else drafts.forget(this.flow, form.dataset.form);
  }

  #leaving(event) {
    for (const form of this.root.querySelectorAll("form[data-form]")) if (this.#isDirty(form)) event.preventDefault();
  }

  #offer(form) {
    const draft = drafts.kept(this.flow, form.dataset.form);
    if (!draft || JSON.stringify(draft.values) === JSON.stringify(this.base.get(form))) return;
    const note = document.createElement("div");
    note.className = "cc-panel cc-panel-warning";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    const is = draft.revision === form.elements._revision.value;
    words.textContent = `Not saved at ${new Date(draft.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}: what you had written is still here.${is ? "" : " It was changed since by somebody."}`;
    const line = document.createElement("p");
    line.className = "cc-row";
    const button = (text, run) => {
      const one = Object.assign(document.createElement("button"), { type: "button", className: "cc-button", textContent: text });
      one.addEventListener("click", () => {
        note.remove();
        run();
      });
      line.append(one);
    };
    button("Bring it back", () => {
      write(form, draft.values);
      form.elements._revision.value = draft.revision; // older than what is there: saving will tell of both
      if (!is) this.base.set(form, draft.base);
      this.#typed(form);
      this.#focusForm();
    });
    button("Throw it away", () => drafts.forget(this.flow, form.dataset.form));
    note.append(words, line);
    form.before(note);
  }

  // --- What comes and goes

  #before({ detail: { elt } }) {
    if (!elt.matches?.("form[data-form]")) return;
    this.sent = { form: elt.dataset.form, mine: read(elt), base: this.base.get(elt) ?? {} };
  }

  #beforeSwap({ detail }) {
    if (!this.root.contains(detail.target)) return;
    if ([409, 422].includes(detail.xhr.status) || (detail.xhr.status === 404 && detail.target.matches("[role=tabpanel]"))) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
    detail.target.dataset.status = detail.xhr.status;
  }

  #drawn(target) {
    const panel = target?.closest?.("[role=tabpanel]");
    if (!panel) return;
    globalThis.django?.jQuery?.(panel).find(".related-widget-wrapper select").trigger("change");
    panel.dispatchEvent(new CustomEvent("workshop:drawn", { bubbles: true }));
    const form = panel.querySelector("form[data-form]");
    const note = panel.querySelector("[data-conflict]");
    if (form && !this.base.has(form)) {
      const wrong = panel.dataset.status === "422";
      this.base.set(form, wrong && this.sent?.form === form.dataset.form ? this.sent.base : read(form));
      if (note && this.sent?.form === form.dataset.form) conflict.settle(note, form, this.sent);
      else if (!wrong) this.#offer(form);
      form.querySelectorAll(".ws-row").forEach((row) => row.querySelector("[data-remove-row]") && rows.mark(row));
    }
    const first = panel.querySelector("[data-first]");
    if (first) first.focus();
    else if (this.focusNext && panel.id === "dock-step") this.#focusForm();
    this.focusNext = false;
  }

  #focusForm() {
    const panel = this.panel("step");
    (panel.querySelector("form input:not([type=hidden]), form select, form textarea") ?? panel.querySelector(".ws-title"))?.focus();
  }

  #saved({ step, said }) {
    drafts.forget(this.flow, step ? `step-${step}` : "flow");
    tell(said);
    this.dispatchEvent(new CustomEvent("saved", { detail: { step } }));
  }
}
