// The flow as a list: each step with its exits, and beneath each exit the step that is met first through it. All that
// can be done with the picture can be done here.

import { callers } from "./flow.js";

const make = (tag, options = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") element.textContent = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(Boolean));
  return element;
};

export class Outline extends EventTarget {
  constructor(host, { editable = false } = {}) {
    super();
    this.host = host;
    this.editable = editable;
    this.shows = {};
    this.chosen = "";
    host.addEventListener("click", (event) => this.#press(event));
    host.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(flow) {
    this.flow = flow;
    const focus = this.host.contains(document.activeElement) ? document.activeElement.id : "";
    const scroll = this.host.scrollTop;
    const tree = flow.tree();
    this.children = new Map();
    for (const [id, edge] of tree) if (edge) this.children.set(edge.from, [...(this.children.get(edge.from) ?? []), [edge, id]]);
    const roots = [...tree].filter(([, edge]) => !edge).map(([id]) => id);
    const lists = roots.map((id) => this.#list(id));
    this.host.replaceChildren(...(roots.length ? lists : [make("p", { class: "cc-quiet", text: "There is no step yet." })]));
    this.host.scrollTop = scroll;
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  }

  choose(id, { focus = false } = {}) {
    this.chosen = id;
    if (!this.flow) return;
    if (id && this.flow.steps.has(id) && this.flow.reveal(id)) this.draw(this.flow);
    for (const one of this.host.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    const name = document.getElementById(`ws-o-${id}`);
    name?.setAttribute("aria-current", "true");
    name?.scrollIntoView({ block: "nearest" });
    if (focus) name?.focus();
  }

  // A step whose only follower comes next stands above it, not around it: long ways stay readable.
  #list(root) {
    const list = make("ul", { class: "ws-steps" });
    for (let id = root; id; ) {
      const followers = this.children.get(id) ?? [];
      const next = followers.length === 1 ? followers[0][1] : "";
      list.append(this.#step(id, next));
      id = next;
    }
    return list;
  }

  #step(id, next) {
    const { flow, shows } = this;
    const step = flow.steps.get(id);
    const tag = (text, tone = "") => make("span", { class: `cc-tag ${tone}`, text });
    const folds = flow.followers(id).length > 0;
    const folded = flow.folded.has(id);
    const head = make(
      "div",
      { class: "ws-step-head" },
      folds && make("button", { type: "button", class: "ws-fold", "data-fold": id, id: `ws-f-${id}`, "aria-expanded": String(!folded), "aria-label": `What follows ${step.name}`, text: folded ? "▸" : "▾" }),
      make("button", { type: "button", class: "ws-name", id: `ws-o-${id}`, "data-choose": id, "aria-current": this.chosen === id ? "true" : null, text: step.name }),
      make("span", { class: "cc-quiet", text: step.refers ? `${step.label}: ${step.refers}` : step.label }),
      step.first && tag("calls begin here"),
      !step.reached && tag("nothing leads here", "cc-tag-warning"),
      step.change && tag(step.change),
      shows.inside && step.inside > 0 && tag(`${callers(step.inside)} now`),
      shows.gaveUp && step.gaveUp > 0 && tag(`${callers(step.gaveUp)} hung up here`),
      folded && tag(`${flow.hiddenBy(id)} steps folded`),
      this.editable && make("button", { type: "button", class: "ws-more", id: `ws-m-${id}`, "data-act": id, "aria-haspopup": "menu", "aria-label": `What to do with ${step.name}`, text: "⋯" }),
    );
    const problems = shows.problems && step.problems.length ? make("ul", { class: "ws-problems" }, ...step.problems.map((one) => make("li", {}, tag(one.severity, one.severity === "error" ? "cc-tag-bad" : "cc-tag-warning"), ` ${one.text}`))) : null;
    const ways = flow.shownExits(id);
    const exits = ways.length ? make("ul", { class: "ws-exits", "aria-label": `Exits of ${step.name}` }, ...ways.map((edge) => this.#exit(edge, next))) : null;
    return make("li", { class: "ws-step", "data-node": id }, head, step.says && make("p", { class: "ws-says", text: `“${step.says}”` }), problems, exits);
  }

  #exit(edge, next) {
    const { flow, shows } = this;
    const key = `${edge.from}-${edge.exit}`.replace(/\W+/g, "-");
    const child = (this.children.get(edge.from) ?? []).find(([way]) => way === edge)?.[1];
    const isNested = child && child !== next;
    const told = [shows.counts && edge.count ? `${callers(edge.count)}` : "", shows.covered && edge.covered === false ? "no scenario tries it" : "", edge.change].filter(Boolean).join(", ");
    const target = edge.to
      ? make("button", { type: "button", class: "ws-goes", id: `ws-g-${key}`, "data-goto": edge.to, "aria-label": `leads to ${flow.nameOf(edge.to)}`, text: `→ ${flow.nameOf(edge.to)}` })
      : make("span", { class: "cc-tag cc-tag-warning", text: "not decided" });
    const row = make(
      "div",
      { class: "ws-exit-head" },
      make("span", { class: "ws-exit-name", text: edge.label }),
      edge.detail && make("span", { class: "cc-quiet", text: `(${edge.detail})` }),
      target,
      told && make("span", { class: "cc-quiet", text: told }),
      this.editable && make("button", { type: "button", class: "ws-more", id: `ws-e-${key}`, "data-act": edge.from, "data-exit": edge.exit, "aria-haspopup": "menu", "aria-label": `What to do with exit ${edge.label} of ${flow.nameOf(edge.from)}`, text: "⋯" }),
    );
    return make("li", { class: "ws-exit" }, row, isNested && this.#list(child));
  }

  #press({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { choose, goto, fold, act, exit } = button.dataset;
    if (choose) this.#tell("choose", { step: choose });
    else if (goto) this.choose(goto, { focus: true });
    else if (fold) {
      this.flow.toggle(fold);
      this.draw(this.flow);
      this.dispatchEvent(new Event("folded"));
    } else if (act) this.#tell("act", { step: act, exit: exit ?? "", element: button });
  }

  // Up and down go from step to step, as in the picture; Delete and the menu key do what they do there.
  #key(event) {
    const button = event.target.closest("button");
    if (!button || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = button.dataset.choose ?? button.dataset.act ?? button.closest("[data-node]")?.dataset.node;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = [...this.host.querySelectorAll("button")];
      const next = all[all.indexOf(button) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      next?.focus();
    } else if (event.key === "Delete") {
      event.preventDefault();
      this.#tell("remove", { step, exit: button.dataset.exit ?? "" });
    } else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      this.#tell("act", { step, exit: button.dataset.exit ?? "", element: button });
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
