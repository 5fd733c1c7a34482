// Keeps panels as they are on the server. An event of the stream names a topic; the panels that show it are fetched
// again. Without a stream they are fetched every few seconds, and what could not be fetched says so.

import { clock, meta, say } from "./say.js";
import { retime, startTicking } from "./ticking.js";

const POLL_MS = 5000;
const AGAIN_MS = 3000;
const STREAM_AGAIN_MS = 5000;
const WORDS = {
  connecting: "Connecting…",
  live: "Live",
  polling: "No live news: looking every 5 seconds",
};

const known = new Map(); // by panel id: what it was drawn from, when it was fetched, whether it is being fetched
let state = "connecting";
let lastHeard = new Date();
let poll = null;
let source = null;

const panels = () => [...document.querySelectorAll("[data-topics]")];
const of = (panel) => known.get(panel.id) ?? known.set(panel.id, { text: "", fetchedAt: 0, timer: null, busy: false, again: false, announced: new Map() }).get(panel.id);
const isPanel = (element) => element?.matches?.("[data-topics]");

export function refresh(panel) {
  const mine = of(panel);
  const wait = Number(panel.dataset.pause ?? 0) * 1000 - (Date.now() - mine.fetchedAt);
  clearTimeout(mine.timer);
  mine.timer = setTimeout(
    () => {
      const present = document.getElementById(panel.id);
      if (!present || !isPanel(present)) return;
      // What is on its way may be older than the news: it is fetched once more afterwards.
      if (mine.busy) {
        mine.again = true;
        return;
      }
      mine.fetchedAt = Date.now();
      htmx.trigger(present, "refresh");
    },
    Math.max(0, wait),
  );
}

export const refreshAll = () => panels().filter(isShown).forEach(refresh);

// What lies in a closed dialog is fetched when it is opened.
const isShown = (panel) => !panel.closest("dialog:not([open])");

export function refreshTopic(topic) {
  for (const panel of panels()) if (isShown(panel) && panel.dataset.topics.split(" ").includes(topic)) refresh(panel);
}

// --- The stream

function connect() {
  const address = meta("live-stream")?.content;
  if (!address) return turn("polling");
  source = new EventSource(address);
  source.onopen = () => {
    turn("live");
    refreshAll();
  };
  source.onmessage = ({ data }) => refreshTopic(data);
  source.addEventListener("away", () => turn("polling"));
  source.addEventListener("resync", () => {
    turn("live");
    refreshAll();
  });
  source.onerror = () => {
    turn("polling");
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(connect, STREAM_AGAIN_MS);
  };
}

function turn(to) {
  if (to === "polling" && state === "lost") to = "lost";
  state = to;
  clearInterval(poll);
  poll = to === "live" ? null : setInterval(refreshAll, POLL_MS);
  tell();
}

function tell() {
  const words = state === "lost" ? `No connection. What you see is of ${clock(lastHeard)}` : WORDS[state];
  const link = document.getElementById("link");
  if (!link) return;
  link.dataset.state = state;
  const element = document.getElementById("link-words");
  if (element.textContent !== words) element.textContent = words;
}

// --- What comes of fetching

function fresh(panel) {
  lastHeard = new Date();
  of(panel).readAt = lastHeard;
  panel.classList.remove("is-stale");
  const note = panel.querySelector(":scope > .panel-stale");
  if (note) note.hidden = true;
  if (state === "lost") {
    state = "polling";
    turn(source?.readyState === EventSource.OPEN ? "live" : "polling");
  }
}

function stale(panel, why) {
  panel.classList.add("is-stale");
  const note = panel.querySelector(":scope > .panel-stale");
  if (note) {
    note.querySelector("span").textContent = `${why} This is as it was at ${clock(of(panel).readAt ?? lastHeard)}.`;
    note.hidden = false;
  }
  setTimeout(() => {
    const present = document.getElementById(panel.id);
    if (present) refresh(present);
  }, AGAIN_MS);
}

function failed(event) {
  const { elt, xhr } = event.detail;
  const status = xhr?.status ?? 0;
  if (status === 0 && state !== "lost") {
    state = "lost";
    turn("lost");
  }
  if (isPanel(elt)) return stale(elt, status === 401 ? "You are logged out." : status ? "This could not be drawn." : "No connection.");
  if (elt?.matches?.("[data-notes]")) return;
  if (status === 401) say("You are logged out. Load the page again.", { failed: true });
  else if (status === 403) say("You may not do that. Load the page again.", { failed: true });
  else say(status ? "That failed. Try again." : "Not sent: there is no connection. Try again.", { failed: true });
}

// By the request itself, not by htmx's events: a panel may be replaced by a press while it is being fetched.
function asked({ detail: { requestConfig, xhr } }) {
  const { id } = requestConfig.elt;
  if (!isPanel(requestConfig.elt)) return;
  const mine = of(requestConfig.elt);
  mine.busy = true;
  xhr.addEventListener("loadend", () => {
    mine.busy = false;
    const present = document.getElementById(id);
    if (mine.again && present) refresh(present);
    mine.again = false;
  });
}

// htmx tells on its button what a press has come to. Where the panel was drawn anew meanwhile, nobody would hear that.
const told = new WeakSet();

function toldLate({ detail: { requestConfig, xhr } }) {
  xhr.addEventListener("loadend", () => {
    if (told.has(xhr)) return;
    const news = JSON.parse(xhr.getResponseHeader("HX-Trigger") ?? "{}");
    const place = document.getElementById(requestConfig.target?.id) ?? document.body;
    for (const [name, detail] of Object.entries(news)) place.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  });
}

// Numbers that only go on are no difference.
const essence = (text) => text.replace(/ data-(since|left)="-?\d+">[\d:]*/g, "");

let focused = null;
let opened = [];

// A panel that is drawn anew between the way down and the way up of a finger would lose the press: it waits for the end.
const LONGEST_PRESS_MS = 2000;
let pressed = null;
let pressOver = null;

function beginPress(event) {
  if (event.type === "keydown" && event.key !== " ") return;
  pressed = event.target.closest?.("[data-topics]")?.id ?? null;
  clearTimeout(pressOver);
  pressOver = setTimeout(endPress, LONGEST_PRESS_MS);
}

function endPress() {
  clearTimeout(pressOver);
  const panel = document.getElementById(pressed ?? "");
  pressed = null;
  if (panel && of(panel).heldBack) refresh(panel);
}

function beforeSwap(event) {
  const { target, xhr } = event.detail;
  if (!isPanel(target)) return;
  const mine = of(target);
  mine.heldBack = pressed === target.id && event.detail.requestConfig.verb === "get" && event.detail.shouldSwap;
  if (mine.heldBack) {
    event.detail.shouldSwap = false;
    return;
  }
  const text = essence(xhr.responseText);
  if (event.detail.requestConfig.verb === "get" && text === mine.text && event.detail.shouldSwap) {
    event.detail.shouldSwap = false;
    const drawn = document.createElement("template");
    drawn.innerHTML = xhr.responseText;
    const clocks = [...drawn.content.querySelectorAll(".ticking")];
    [...target.querySelectorAll(".ticking")].forEach((element, place) => clocks[place] && retime(element, clocks[place]));
    fresh(target);
    return;
  }
  if (event.detail.shouldSwap) mine.text = text;
  focused = target.contains(document.activeElement) ? document.activeElement.id : null;
  opened = [...target.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
}

function afterSwap(event) {
  const target = document.getElementById(event.detail.target?.id ?? "");
  if (!isPanel(target)) return;
  for (const [id, open] of opened) document.getElementById(id)?.toggleAttribute("open", open);
  if (focused !== null && !target.contains(document.activeElement)) {
    (document.getElementById(focused) ?? target.querySelector(".panel-title"))?.focus({ preventScroll: true });
  }
  focused = null;
  opened = [];
  if (!isPanel(event.detail.requestConfig.elt)) of(target).again = of(target).busy;
  fresh(target);
  announce(target);
}

// A panel tells what it is about, and parts of it what they are; of these only what has changed is told again.
function announce(panel, { silently = false } = {}) {
  const { announced } = of(panel);
  const told = new Map([panel, ...panel.querySelectorAll("[data-announce]")].map((part) => [part.id, part.dataset.announce ?? ""]));
  const news = [...told].filter(([id, text]) => text && text !== announced.get(id)).map(([, text]) => text);
  announced.clear();
  for (const [id, text] of told) announced.set(id, text);
  if (news.length && !silently) say(news.join(" "), { now: "urgent" in panel.dataset, shown: false });
}

export function start() {
  startTicking();
  for (const panel of panels()) announce(panel, { silently: !("urgent" in panel.dataset) });
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, beginPress, true);
  // the click comes right after the finger is up, and is heard by the button first
  for (const name of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(name, () => setTimeout(endPress), true);
  document.body.addEventListener("htmx:beforeSwap", beforeSwap);
  document.body.addEventListener("htmx:afterSwap", afterSwap);
  document.body.addEventListener("htmx:beforeRequest", asked);
  document.body.addEventListener("htmx:beforeOnLoad", ({ detail }) => told.add(detail.xhr));
  document.body.addEventListener("htmx:beforeRequest", toldLate);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, failed);
  document.body.addEventListener("said", ({ detail }) => say(detail.text, { failed: detail.failed, shown: Boolean(detail.text) }));
  document.body.addEventListener("done", () => state === "live" || refreshAll());
  // Fields of a panel act by themselves; Enter must not load another page.
  document.addEventListener("submit", (event) => event.target.method !== "post" && !event.target.action.includes("logout") && event.preventDefault());
  setInterval(() => {
    for (const panel of panels()) {
      const every = Number(panel.dataset.every ?? 0) * 1000;
      if (every && isShown(panel) && Date.now() - of(panel).fetchedAt > every) refresh(panel);
    }
  }, 1000);
  window.addEventListener("online", refreshAll);
  connect();
}
