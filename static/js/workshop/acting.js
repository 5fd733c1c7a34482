// What can be done with a step or an exit, from picture and outline alike: the menu, the dialogs, and what is sent.

import * as menu from "./menu.js";
import { tell } from "./telling.js";

const dialog = (name) => document.getElementById(name);

export class Acting extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.flow = null;
    this.busy = Promise.resolve();
    menu.start();
    root.addEventListener("click", (event) => this.#click(event));
    for (const one of root.querySelectorAll("dialog")) {
      one.addEventListener("click", ({ target }) => target === one && one.close());
      one.addEventListener("close", () => this.#goBack(one));
    }
    dialog("ws-connect-find").addEventListener("input", () => this.#offer());
    dialog("ws-connect").addEventListener("keydown", (event) => this.#alongChoices(event));
  }

  // One after the other: each edit is of the draft as the one before left it.
  send(what, fields = {}) {
    this.busy = this.busy.then(() => this.#send(what, fields));
    return this.busy;
  }

  async #send(what, fields) {
    const body = new URLSearchParams({ what, ...fields });
    const headers = { "X-CSRFToken": JSON.parse(this.root.getAttribute("hx-headers"))["X-CSRFToken"] };
    let answer = {};
    try {
      const response = await fetch(this.root.dataset.edit, { method: "POST", body, headers });
      answer = await response.json().catch(() => ({}));
      if (!response.ok) answer = { failed: true, said: answer.said ?? (response.status === 403 ? "You may not change this flow." : "That failed. Try again.") };
    } catch {
      answer = { failed: true, said: "Not sent: there is no connection." };
    }
    tell(answer.said, { failed: answer.failed });
    this.dispatchEvent(new CustomEvent("done", { detail: { what, fields, ...answer } }));
    return answer;
  }

  // --- The menu

  menuFor({ step, exit, element }) {
    menu.open(element, exit ? this.#ofExit(step, exit) : this.#ofStep(step));
  }

  #ofExit(step, exit) {
    const edge = this.flow.exit(step, exit);
    if (!edge) return [];
    const items = [
      { label: edge.to ? "Put a new step in between" : "Add a step here", run: () => this.add({ step, exit }) },
      { label: edge.to ? "Lead it elsewhere…" : "Lead it to a step…", run: () => this.connect({ step, exit }) },
    ];
    if (edge.to) {
      items.push({ label: `Go to “${this.flow.nameOf(edge.to)}”`, run: () => this.#ask("choose", { step: edge.to }) });
      items.push({ label: "Take away where it leads", run: () => this.send("connect", { step, exit, to: "" }) });
    }
    return items;
  }

  #ofStep(id) {
    const step = this.flow.steps.get(id);
    if (!step) return [];
    const free = this.flow.exits.get(id).filter((edge) => !edge.to);
    const items = [{ label: "Open its form", run: () => this.#ask("choose", { step: id }) }];
    for (const edge of free) items.push({ label: `Lead “${edge.label}” to a step…`, about: edge.required ? "not decided yet" : "can be left out", run: () => this.connect({ step: id, exit: edge.exit }) });
    for (const edge of free) items.push({ label: `Add a step after “${edge.label}”`, run: () => this.add({ step: id, exit: edge.exit }) });
    if (this.flow.followers(id).length) items.push({ label: this.flow.folded.has(id) ? "Unfold what follows" : "Fold what follows", run: () => this.#ask("fold", { step: id }) });
    items.push({ label: "Copy it", run: () => this.send("duplicate", { step: id }) });
    if (!step.first) items.push({ label: "Let calls begin here", run: () => this.send("first", { step: id }) });
    items.push({ label: "Delete…", run: () => this.remove({ step: id }) });
    return items;
  }

  #ask(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // --- Adding: the kind is chosen first

  add(after = null, kind = "") {
    if (!this.flow) return undefined; // not read yet
    this.after = after;
    if (kind) return this.#addOf(kind);
    const edge = after && this.flow.exit(after.step, after.exit);
    dialog("ws-kinds-where").textContent = edge
      ? `It comes after “${edge.label}” of “${this.flow.nameOf(after.step)}”${edge.to ? `, and leads on to “${this.flow.nameOf(edge.to)}”` : ""}.`
      : this.flow.steps.size ? "Nothing leads to it yet: connect an exit to it afterwards." : "Every call begins in it.";
    dialog("ws-kinds-name").value = "";
    this.#show(dialog("ws-kinds"));
    dialog("ws-kinds").querySelector("[data-kind]").focus();
    return undefined;
  }

  #addOf(kind) {
    const name = dialog("ws-kinds").open ? dialog("ws-kinds-name").value.trim() : "";
    this.#close(dialog("ws-kinds"));
    return this.send("add", { kind, name, ...(this.after ?? {}) });
  }

  // --- Connecting by choosing

  connect(way) {
    this.way = way;
    const edge = this.flow.exit(way.step, way.exit);
    dialog("ws-connect-where").textContent = `“${edge.label}” of “${this.flow.nameOf(way.step)}” leads to…`;
    dialog("ws-connect-find").value = "";
    this.#offer();
    this.#show(dialog("ws-connect"));
    dialog("ws-connect-find").focus();
  }

  #offer() {
    const text = dialog("ws-connect-find").value.trim();
    const found = text ? this.flow.find(text) : [...this.flow.steps.values()].sort((one, other) => one.name.localeCompare(other.name));
    const now = this.flow.exit(this.way.step, this.way.exit)?.to;
    const button = (label, about, data) => {
      const item = document.createElement("li");
      const press = document.createElement("button");
      press.type = "button";
      press.className = "cc-card";
      Object.assign(press.dataset, data);
      const strong = document.createElement("strong");
      strong.textContent = label;
      const small = document.createElement("span");
      small.textContent = about;
      press.append(strong, small);
      item.append(press);
      return item;
    };
    const choices = found.slice(0, 100).map((step) => button(step.name, step.id === now ? `${step.label}, as it is now` : step.label, { target: step.id }));
    if (!text) choices.unshift(button("A new step…", "Choose what it does", { target: "new" }));
    dialog("ws-connect-choices").replaceChildren(...choices);
  }

  #alongChoices(event) {
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const all = [...dialog("ws-connect-choices").querySelectorAll("button")];
    const here = all.indexOf(document.activeElement);
    if (event.key === "Enter") {
      if (here < 0 && dialog("ws-connect-find").value.trim() && all.length) {
        event.preventDefault();
        all[0].click();
      }
      return;
    }
    event.preventDefault();
    const next = all[here + (event.key === "ArrowDown" ? 1 : -1)];
    (next ?? dialog("ws-connect-find")).focus();
  }

  // --- Deleting: first what would break

  async remove({ step, exit = "" }) {
    if (exit) return this.flow.exit(step, exit)?.to && this.send("connect", { step, exit, to: "" });
    if (!this.flow.steps.has(step)) return undefined;
    const response = await fetch(this.root.dataset.deleting.replace("/0/", `/${step}/`));
    if (!response.ok) return tell("That step cannot be deleted now.", { failed: true });
    dialog("ws-delete-body").innerHTML = await response.text();
    this.#show(dialog("ws-delete"));
    return dialog("ws-delete").querySelector("[data-deletes]").focus();
  }

  // --- Dialogs

  #show(one) {
    this.from = document.activeElement;
    this.fromKey = this.from?.dataset?.key;
    one.showModal();
  }

  #close(one) {
    if (one.open) one.close();
  }

  #goBack() {
    const element = this.from?.isConnected ? this.from : this.fromKey && document.querySelector(`#ws-picture [data-key="${CSS.escape(this.fromKey)}"]`);
    element?.focus?.({ preventScroll: true });
  }

  #click({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { kind, target: to, deletes, dialog: name, adds, actions } = button.dataset;
    const around = button.closest("dialog");
    if (button.hasAttribute("data-closes")) this.#close(around);
    else if (name) this.#show(dialog(name));
    else if (kind && around?.id === "ws-kinds") this.#addOf(kind);
    else if (to && around?.id === "ws-connect") {
      this.#close(around);
      if (to === "new") this.add(this.way);
      else this.send("connect", { ...this.way, to });
    } else if (deletes) {
      this.#close(around);
      this.send("delete", { step: deletes });
    } else if (adds !== undefined) this.add(null, adds);
    else if (actions) this.menuFor({ step: actions, exit: "", element: button });
    else if (button.id === "ws-add") this.add();
  }
}
