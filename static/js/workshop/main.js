// The workshop: what is chosen, shown and changed is joined here; each part knows only its own.

import { Acting } from "./acting.js";
import { Dock } from "./dock.js";
import { Flow } from "./flow.js";
import { News } from "./news.js";
import { Outline } from "./outline.js";
import { Picture } from "./picture.js";
import { tell } from "./telling.js";

const root = document.getElementById("workshop");
const editable = Boolean(root.dataset.mayEdit);
const at = (id) => document.getElementById(id);
const remembered = (name, value) => (value === undefined ? localStorage.getItem(`workshop-${name}`) : localStorage.setItem(`workshop-${name}`, value));

const picture = new Picture(at("ws-picture"), { editable, label: `Picture of the flow: ${document.querySelector("h1")?.textContent ?? ""}` });
const outline = new Outline(at("ws-outline"), { editable });
const acting = new Acting(root);
const dock = new Dock(root);
const news = new News(root);
let flow = null;
let view = remembered("view") ?? (innerWidth < 700 ? "outline" : "picture");
let text = "";

// --- The flow is read, and read again when it changes

// Tells whether anything is new.
async function read() {
  const response = await fetch(picture.shows.covered ? `${root.dataset.picture}?covered=1` : root.dataset.picture);
  if (!response.ok) {
    tell("The flow could not be read. Load the page again.", { failed: true });
    return false;
  }
  const fresh = await response.text();
  if (fresh === text) return false;
  text = fresh;
  flow = new Flow(JSON.parse(fresh), flow?.folded);
  acting.flow = flow;
  status();
  await draw();
  return true;
}

function draw() {
  for (const one of [picture, outline]) one.chosen = dock.step;
  if (view === "outline") outline.draw(flow);
  else return picture.draw(flow);
  return undefined;
}

function status() {
  const { data } = flow;
  at("ws-add")?.removeAttribute("disabled");
  const parts = [];
  if (data.status) parts.push(tag(data.status.text, data.status.tone));
  if (data.errors) parts.push(tag(`✖ ${data.errors} error${data.errors === 1 ? "" : "s"}`, "bad"));
  if (data.warnings) parts.push(tag(`⚠ ${data.warnings} warning${data.warnings === 1 ? "" : "s"}`, "warning"));
  at("ws-status").replaceChildren(...parts);
  at("ws-notes").replaceChildren(...(data.general ?? []).map((one) => Object.assign(document.createElement("p"), { className: "cc-panel cc-panel-warning", textContent: one })));
  for (const [name, label] of [["undo", "Undo"], ["redo", "Redo"]]) {
    const button = at(`ws-${name}`);
    if (!button) continue;
    button.disabled = !data[name];
    button.title = data[name] ? `${label}: ${data[name].text}` : "";
    button.setAttribute("aria-label", data[name] ? `${label}: ${data[name].text}` : label);
  }
}

function tag(words, tone) {
  return Object.assign(document.createElement("span"), { className: `cc-tag cc-tag-${tone}`, textContent: words });
}

// --- Picture or outline

function show(which, { focus = false } = {}) {
  view = which;
  remembered("view", which);
  at("ws-picture").hidden = which !== "picture";
  at("ws-outline").hidden = which !== "outline";
  for (const button of root.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === which));
  root.querySelector(".ws-zoom").hidden = which !== "picture";
  if (flow) Promise.resolve(draw()).then(() => focus && dock.step && current().choose(dock.step, { focus: true }));
}

const current = () => (view === "picture" ? picture : outline);

// `byKey`: the focus goes on to the form; `stay`: it goes to the step itself.
function choose(step, { byKey = false, center = false, stay = false } = {}) {
  picture.chosen = outline.chosen = step;
  current().choose(step, { center, focus: stay });
  dock.choose(step, { focus: byKey });
  news.at(step);
}

for (const part of [picture, outline]) {
  part.addEventListener("choose", ({ detail }) => choose(detail.step, { byKey: detail.byKey }));
  part.addEventListener("act", ({ detail }) => editable && acting.menuFor(detail));
  part.addEventListener("remove", ({ detail }) => editable && acting.remove(detail));
}
picture.addEventListener("drop", ({ detail: { step, exit, to } }) => (to ? acting.send("connect", { step, exit, to }) : acting.add({ step, exit })));
acting.addEventListener("choose", ({ detail }) => choose(detail.step, { byKey: true, center: true }));
acting.addEventListener("fold", ({ detail }) => {
  flow.toggle(detail.step);
  draw();
});
acting.addEventListener("done", async ({ detail }) => {
  await read();
  if (detail.failed) return;
  if (detail.choose) choose(detail.choose, { byKey: true, center: true });
  else if (detail.choose === "") choose("");
  else dock.refresh();
  if (dock.loaded.has("done") && dock.shown !== "done") dock.loaded.delete("done");
});
dock.addEventListener("choose", ({ detail }) => choose(detail.step, { center: true }));
dock.addEventListener("saved", () => {
  read();
  dock.loaded.delete("done");
});

// --- Undo and redo

function turn(name) {
  const edit = flow?.data[name];
  if (edit && editable) acting.send(name, { edit: edit.id });
}
at("ws-undo")?.addEventListener("click", () => turn("undo"));
at("ws-redo")?.addEventListener("click", () => turn("redo"));

const writes = (element) => element.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (writes(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
    event.preventDefault();
    turn(key === "y" || event.shiftKey ? "redo" : "undo");
  } else if (key === "/" && !event.ctrlKey) {
    event.preventDefault();
    at("ws-find").focus();
  }
});

// --- Finding

const found = at("ws-found");
function look() {
  const hits = flow?.find(at("ws-find").value).slice(0, 12) ?? [];
  found.replaceChildren(
    ...hits.map((step, place) => {
      const item = Object.assign(document.createElement("li"), { id: `ws-found-${place}`, textContent: `${step.name} (${step.label})` });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(place === 0));
      item.dataset.step = step.id;
      return item;
    }),
  );
  const open = hits.length > 0;
  found.hidden = !open;
  at("ws-find").setAttribute("aria-expanded", String(open));
  if (open) at("ws-find").setAttribute("aria-activedescendant", "ws-found-0");
  else at("ws-find").removeAttribute("aria-activedescendant");
  if (at("ws-find").value.trim()) tell(open ? `${hits.length} found` : "No step is called so.", { shown: !open });
}
function take(item) {
  if (!item) return;
  at("ws-find").value = "";
  found.hidden = true;
  at("ws-find").setAttribute("aria-expanded", "false");
  choose(item.dataset.step, { center: true, stay: true });
}
at("ws-find").addEventListener("input", look);
at("ws-find").addEventListener("keydown", (event) => {
  const all = [...found.children];
  const here = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") found.hidden = true;
  else if (event.key === "Enter") {
    event.preventDefault();
    take(all[here]);
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && all.length) {
    event.preventDefault();
    const next = all.at((here + (event.key === "ArrowDown" ? 1 : -1)) % all.length);
    all.forEach((item) => item.setAttribute("aria-selected", String(item === next)));
    at("ws-find").setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
});
found.addEventListener("mousedown", (event) => {
  event.preventDefault();
  take(event.target.closest("li"));
});
at("ws-find").addEventListener("blur", () => (found.hidden = true));

// --- What is laid over the steps

for (const box of root.querySelectorAll("[data-shows]")) {
  const kept = remembered(`shows-${box.dataset.shows}`);
  if (kept) box.checked = kept === "yes";
  picture.shows[box.dataset.shows] = box.checked;
  box.addEventListener("change", () => {
    picture.shows[box.dataset.shows] = box.checked;
    remembered(`shows-${box.dataset.shows}`, box.checked ? "yes" : "no");
    if (box.dataset.shows === "covered" && box.checked) read();
    else if (flow) draw();
  });
}
outline.shows = picture.shows;

root.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.view) show(button.dataset.view, { focus: false });
  if (button?.dataset.zoom === "fit") picture.fit();
  else if (button?.dataset.zoom) picture.zoom(button.dataset.zoom === "in" ? 1.25 : 0.8);
  if (button?.dataset.fold === "all") flow.folded = flow.deep(1);
  if (button?.dataset.fold === "none") flow.folded = new Set();
  if (button?.dataset.fold === "all" || button?.dataset.fold === "none") Promise.resolve(draw()).then(() => view === "picture" && picture.begin());
});

// --- What panels light up in the picture, and pictures of their own in them

const PARTS = "li, tr, details, a, button, article"; // these light up while they are looked at

function light(source) {
  let lit = {};
  try {
    lit = source ? JSON.parse(source.dataset.picture) : {};
  } catch {
    lit = {}; // not written for us
  }
  picture.light(lit);
  if (source?.matches(".try-now") && view === "picture") picture.follow(lit.steps?.at(-1));
}

function lighten() {
  const panel = dock.panel(dock.shown);
  const opened = panel?.querySelector("details[open][data-picture]");
  light(opened ?? [...(panel?.querySelectorAll("[data-picture]") ?? [])].find((one) => !one.matches(PARTS)));
}

for (const name of ["mouseover", "focusin"])
  root.querySelector(".ws-dock").addEventListener(name, ({ target }) => {
    const part = target.closest("[data-picture]");
    if (part?.matches(PARTS) && part !== lighten.last) light(part);
    lighten.last = part;
  });
root.querySelector(".ws-dock").addEventListener("mouseleave", () => {
  lighten.last = null;
  lighten();
});
root.querySelector(".ws-dock").addEventListener("toggle", ({ target }) => target.matches("[data-picture]") && lighten(), true);
document.body.addEventListener("workshop:drawn", lighten);
document.body.addEventListener("htmx:afterSettle", lighten);
dock.addEventListener("opened", lighten);

async function drawPictures() {
  for (const host of document.querySelectorAll(".cc-picture[data-source]:not([data-begun])")) {
    host.dataset.begun = "yes";
    const response = await fetch(host.dataset.source);
    if (!response.ok) continue;
    const own = new Picture(host, { label: host.dataset.label ?? "Picture" });
    own.shows = { counts: false, gaveUp: false, inside: false, problems: false, covered: false };
    await own.draw(new Flow(await response.json()));
    own.addEventListener("choose", ({ detail }) => choose(detail.step, { center: true }));
  }
}
document.body.addEventListener("htmx:afterSettle", drawPictures);

// --- Others

news.addEventListener("changed", () => {
  read().then((isNew) => isNew && dock.refresh());
  news.tell();
});
news.addEventListener("others", ({ detail }) => {
  const words = [...new Set(detail.map((one) => `${one.isMe ? "You, in another window" : one.name}${one.step ? ` (at “${one.step}”)` : ""}`))];
  const line = words.length ? `Also here: ${words.join("; ")}` : "";
  if (at("ws-others").textContent !== line) at("ws-others").textContent = line;
});

show(view);
news.step = dock.step;
read().then(() => dock.step && current().choose(dock.step, { center: true }));
dock.start();
news.start();
