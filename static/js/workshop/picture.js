// The picture of a flow: drawn, moved, made larger, walked through by keyboard. What is pressed it tells by events:
// `choose` (a step), `act` (what can be done here, at an element), `drop` (an exit was dragged to a step, or to nothing).

import { card, curve, line, measure, port, WIDTH } from "./drawing.js";
import { place } from "./layout.js";

const LARGEST = 1.6;
const SMALLEST = 0.06;
const READABLE = 0.62;
const SVG = "http://www.w3.org/2000/svg";

export class Picture extends EventTarget {
  constructor(host, { editable = false, label = "Picture of the flow" } = {}) {
    super();
    this.host = host;
    this.editable = editable;
    this.shows = { counts: true, gaveUp: true, inside: true, problems: true, covered: false };
    this.lit = {};
    this.chosen = "";
    this.view = null;
    this.at = {};
    this.focused = "";
    host.innerHTML = `<svg xmlns="${SVG}" role="group" aria-label="${label}"><defs><marker id="ws-arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0,0L8,4L0,8z"/></marker></defs><g class="ground"><g class="edges"></g><g class="nodes"></g><path class="dragged" hidden/></g></svg>`;
    this.svg = host.querySelector("svg");
    this.ground = host.querySelector(".ground");
    this.#listen();
  }

  // Draws the flow; fulfilled when the newest of all drawings is there.
  draw(flow) {
    const mine = this.#draw(flow);
    this.drawing = mine;
    return mine.then(() => (this.drawing === mine ? undefined : this.drawing));
  }

  async #draw(flow) {
    this.flow = flow;
    this.heights = measure(flow, this.shows, this.lit);
    const shown = flow.shown();
    const tree = flow.tree();
    const edges = [...tree.values()].filter(Boolean).map((edge) => [edge.from, edge.to]);
    const nodes = [...shown].map((id) => [id, WIDTH, this.heights.get(id)]);
    const asked = (this.asked = Symbol("asked"));
    // The same steps in the same sizes stand where they stood.
    const form = JSON.stringify([nodes, edges]);
    if (form !== this.form) {
      const at = nodes.length ? await place(nodes, edges) : {};
      if (asked !== this.asked) return;
      this.#stay(at);
      this.at = at;
      this.form = form;
    }
    this.shownSteps = shown;
    this.treeEdges = new Set([...tree.values()].filter(Boolean));
    this.paint();
    if (!this.view) this.begin();
    else this.apply();
    this.host.dataset.drawn = "yes";
    this.dispatchEvent(new Event("drawn"));
  }

  // What is chosen stays where it is on the screen when all is placed anew.
  #stay(at) {
    const held = [this.chosen, this.focused.slice(2).split("/")[0], this.flow.data.first].find((id) => this.at[id] && at[id]);
    if (!this.view || !held) return;
    this.view.x += (this.at[held][0] - at[held][0]) * this.view.scale;
    this.view.y += (this.at[held][1] - at[held][1]) * this.view.scale;
  }

  paint() {
    const had = document.activeElement?.closest?.("[data-key]");
    const focus = had && this.svg.contains(had) ? had.dataset.key : null;
    const { flow, at, heights, shows, lit, chosen, editable } = this;
    const most = shows.counts ? Math.max(0, ...flow.data.edges.map((edge) => edge.count)) : 0;
    const drawn = flow.data.edges.filter((edge) => at[edge.from] && at[edge.to]);
    this.host.querySelector(".edges").innerHTML = drawn.map((edge) => line(flow, edge, at, heights, { tree: this.treeEdges.has(edge), lit, chosen, most })).join("");
    this.host.querySelector(".nodes").innerHTML = [...this.shownSteps].map((id) => card(flow, flow.steps.get(id), heights.get(id), { shows, lit, chosen, editable })).join("");
    for (const node of this.host.querySelectorAll("[data-node]")) {
      const [x, y] = at[node.dataset.node];
      node.setAttribute("transform", `translate(${x},${y})`);
    }
    this.#rove(focus ?? this.focused);
    if (focus) this.#element(focus)?.focus({ preventScroll: true });
  }

  choose(id, { center = false, focus = false } = {}) {
    this.chosen = id;
    if (!this.flow) return;
    const hidden = id && this.flow.steps.has(id) && this.flow.reveal(id);
    if (hidden || (id && !this.at[id])) this.draw(this.flow);
    else if (this.shownSteps) this.paint();
    Promise.resolve(this.drawing).then(() => {
      if (id && this.at[id] && (center || !this.#isSeen(id))) this.center(id);
      if (focus) this.focus(`n:${id}`);
    });
  }

  light(lit) {
    const text = JSON.stringify(lit ?? {});
    if (text === this.litText) return;
    this.litText = text;
    this.lit = { steps: new Set(lit?.steps ?? []), exits: new Set((lit?.exits ?? []).map(([step, exit]) => `${step}/${exit}`)), marks: lit?.marks };
    if (this.flow) this.draw(this.flow);
  }

  // --- What is seen

  #size() {
    return [this.svg.clientWidth || 800, this.svg.clientHeight || 600];
  }

  #bounds() {
    const corners = Object.entries(this.at);
    if (!corners.length) return [0, 0, WIDTH, 100];
    return [
      Math.min(...corners.map(([, [x]]) => x)),
      Math.min(...corners.map(([, [, y]]) => y)),
      Math.max(...corners.map(([, [x]]) => x)) + WIDTH,
      Math.max(...corners.map(([id, [, y]]) => y + this.heights.get(id))),
    ];
  }

  fit() {
    const [left, top, right, bottom] = this.#bounds();
    const [width, height] = this.#size();
    const scale = Math.max(SMALLEST, Math.min(1, (width - 40) / (right - left), (height - 40) / (bottom - top)));
    this.view = { scale, x: (width - (right - left) * scale) / 2 - left * scale, y: (height - (bottom - top) * scale) / 2 - top * scale };
    this.apply();
  }

  // All of it where that can be read, else where calls begin.
  begin() {
    this.fit();
    if (this.view.scale >= READABLE) return;
    this.view.scale = 0.85;
    if (this.at[this.chosen]) return this.center(this.chosen);
    const first = this.at[this.flow.data.first] ? this.flow.data.first : Object.keys(this.at)[0];
    if (first) this.center(first, { left: true });
  }

  // Moves only as far as it must, so that a call is followed from step to step.
  follow(id) {
    if (this.at[id] && !this.#isSeen(id)) this.center(id);
  }

  center(id, { left = false } = {}) {
    const [x, y] = this.at[id];
    const [width, height] = this.#size();
    if (this.view.scale < READABLE) this.view.scale = 0.85;
    const { scale } = this.view;
    this.view.x = left ? 24 - x * scale : width / 2 - (x + WIDTH / 2) * scale;
    this.view.y = height / 2 - (y + this.heights.get(id) / 2) * scale;
    this.apply();
  }

  #isSeen(id) {
    const [x, y] = this.at[id];
    const { scale, x: left, y: top } = this.view;
    const [width, height] = this.#size();
    return x * scale + left >= 0 && y * scale + top >= 0 && (x + WIDTH) * scale + left <= width && (y + 60) * scale + top <= height;
  }

  zoom(factor, [px, py] = this.#size().map((one) => one / 2)) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.view.scale * factor));
    this.view.x = px - ((px - this.view.x) * scale) / this.view.scale;
    this.view.y = py - ((py - this.view.y) * scale) / this.view.scale;
    this.view.scale = scale;
    this.apply();
  }

  apply() {
    const { scale, x, y } = this.view;
    this.ground.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${scale.toFixed(4)})`);
    this.svg.classList.toggle("is-far", scale < 0.4);
    this.dispatchEvent(new Event("moved"));
  }

  // --- The keyboard: one element takes the tab, arrows go on from it

  #element(key) {
    return key ? this.svg.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  }

  #rove(key) {
    const first = this.chosen && this.#element(`n:${this.chosen}`) ? `n:${this.chosen}` : `n:${this.flow.data.first}`;
    const target = this.#element(key) ?? this.#element(first) ?? this.svg.querySelector("[data-key]");
    for (const one of this.svg.querySelectorAll('[tabindex="0"]')) one.setAttribute("tabindex", "-1");
    target?.setAttribute("tabindex", "0");
    this.focused = target?.dataset.key ?? "";
  }

  focus(key) {
    const id = key.startsWith("n:") ? key.slice(2) : key.slice(2, key.indexOf("/"));
    if (this.flow.reveal(id)) return this.draw(this.flow).then(() => this.focus(key));
    this.#rove(key);
    this.follow(id);
    this.#element(key)?.focus({ preventScroll: true });
    return Promise.resolve();
  }

  #walk(event) {
    const key = event.target.closest?.("[data-key]")?.dataset.key;
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    const go = (to) => to && (event.preventDefault(), this.focus(to));
    const isStep = key.startsWith("n:");
    const slash = key.indexOf("/");
    const [id, exit] = isStep ? [key.slice(2), ""] : [key.slice(2, slash), key.slice(slash + 1)];
    const ways = this.flow.shownExits(id);
    const here = ways.findIndex((edge) => edge.exit === exit);
    const keyOf = (edge) => edge && `e:${edge.from}/${edge.exit}`;
    if (event.shiftKey && event.key !== "F10") return;
    switch (event.key) {
      case "ArrowRight": {
        const edge = isStep ? ways.find((one) => one.to) : ways[here];
        if (edge?.to) {
          (this.came ??= new Map()).set(edge.to, keyOf(edge));
          go(`n:${edge.to}`);
        }
        break;
      }
      case "ArrowLeft":
        if (!isStep) return go(`n:${id}`);
        go(this.came?.get(id) ?? keyOf(this.flow.entrances.get(id)?.find((edge) => edge.from !== id)));
        break;
      case "ArrowDown":
        go(keyOf(ways[here + 1]));
        break;
      case "ArrowUp":
        if (!isStep) go(here > 0 ? keyOf(ways[here - 1]) : `n:${id}`);
        break;
      case "Home":
        go(`n:${this.flow.data.first}`);
        break;
      case " ":
        event.preventDefault();
        if (isStep) this.fold(id);
        break;
      case "Enter":
        event.preventDefault();
        if (isStep) this.#tell("choose", { step: id, byKey: true });
        else this.#tell("act", { step: id, exit, element: event.target.closest("[data-key]") });
        break;
      case "F10":
        if (!event.shiftKey) return;
      // falls through
      case "ContextMenu":
        event.preventDefault();
        this.#tell("act", { step: id, exit, element: event.target.closest("[data-key]") });
        break;
      case "Delete":
        event.preventDefault();
        this.#tell("remove", { step: id, exit });
        break;
      case "+":
      case "=":
        this.zoom(1.25);
        break;
      case "-":
        this.zoom(0.8);
        break;
      case "0":
        this.fit();
        break;
    }
  }

  fold(id) {
    this.flow.toggle(id);
    return this.draw(this.flow).then(() => this.dispatchEvent(new Event("folded")));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // --- The mouse, a pen or a finger

  #listen() {
    this.svg.addEventListener("keydown", (event) => this.#walk(event));
    this.svg.addEventListener("focusin", ({ target }) => {
      const key = target.closest("[data-key]")?.dataset.key;
      if (key && key !== this.focused) this.#rove(key);
    });
    this.svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.svg.addEventListener("pointerdown", (event) => this.#grab(event));
    // Screen readers press without a pointer.
    this.svg.addEventListener("click", (event) => event.detail === 0 && this.#press(event.target));
    this.svg.addEventListener("contextmenu", (event) => {
      const element = event.target.closest("[data-key]");
      if (!element || !this.editable) return;
      event.preventDefault();
      const { step, exit } = this.#of(element);
      this.#tell("act", { step, exit, element });
    });
    new ResizeObserver(() => this.view && this.apply()).observe(this.svg);
  }

  #of(element) {
    return { step: element.dataset.step ?? element.closest("[data-node]").dataset.node, exit: element.dataset.exit ?? "" };
  }

  #wheel(event) {
    if (!this.view) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      const box = this.svg.getBoundingClientRect();
      return this.zoom(Math.exp(-event.deltaY / 300), [event.clientX - box.left, event.clientY - box.top]);
    }
    this.view.x -= event.shiftKey ? event.deltaY : event.deltaX;
    this.view.y -= event.shiftKey ? 0 : event.deltaY;
    this.apply();
  }

  #grab(event) {
    if (event.button !== 0 || !this.view) return;
    const exit = event.target.closest(".exit");
    const start = [event.clientX, event.clientY];
    const from = { ...this.view };
    let moved = false;
    this.svg.setPointerCapture(event.pointerId);
    const move = (now) => {
      const [dx, dy] = [now.clientX - start[0], now.clientY - start[1]];
      moved ||= Math.hypot(dx, dy) > 5;
      if (!moved) return;
      if (exit && this.editable) return this.#pull(exit, now);
      Object.assign(this.view, { x: from.x + dx, y: from.y + dy });
      this.apply();
    };
    const up = (now) => {
      this.svg.removeEventListener("pointermove", move);
      this.svg.removeEventListener("pointerup", up);
      this.svg.removeEventListener("pointercancel", up);
      if (now.type === "pointercancel") return this.#letGo();
      if (moved && exit && this.editable) return this.#drop(exit, now);
      if (!moved) this.#press(event.target);
    };
    this.svg.addEventListener("pointermove", move);
    this.svg.addEventListener("pointerup", up);
    this.svg.addEventListener("pointercancel", up);
  }

  #press(target) {
    const fold = target.closest("[data-fold]");
    if (fold) return this.fold(fold.dataset.fold);
    const element = target.closest("[data-key]");
    if (!element) return;
    this.#rove(element.dataset.key);
    element.focus({ preventScroll: true });
    const { step, exit } = this.#of(element);
    if (!exit) this.#tell("choose", { step });
    else this.#tell("act", { step, exit, element });
  }

  #under({ clientX, clientY }) {
    return document.elementFromPoint(clientX, clientY)?.closest?.("[data-node]")?.dataset.node ?? "";
  }

  #pull(exit, now) {
    const { step, exit: name } = this.#of(exit);
    const box = this.svg.getBoundingClientRect();
    const to = [(now.clientX - box.left - this.view.x) / this.view.scale, (now.clientY - box.top - this.view.y) / this.view.scale];
    const path = this.host.querySelector(".dragged");
    path.removeAttribute("hidden");
    path.setAttribute("d", curve(port(this.flow, this.flow.exit(step, name), this.at, this.heights), to));
    const over = this.#under(now);
    for (const node of this.svg.querySelectorAll("[data-node]")) node.classList.toggle("is-target", node.dataset.node === over);
  }

  #letGo() {
    this.host.querySelector(".dragged").setAttribute("hidden", "");
    for (const node of this.svg.querySelectorAll(".is-target")) node.classList.remove("is-target");
  }

  #drop(exit, now) {
    this.#letGo();
    const box = this.svg.getBoundingClientRect();
    const isInside = now.clientX >= box.left && now.clientX <= box.right && now.clientY >= box.top && now.clientY <= box.bottom;
    if (isInside) this.#tell("drop", { ...this.#of(exit), to: this.#under(now) });
  }
}
