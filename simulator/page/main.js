// The page: fetch the snapshot whenever the simulator says that something changed, and let each part draw itself.

import { api, Refused } from "./api.js";
import { addDialog, faultsDialog } from "./dialogs.js";
import { el, setText } from "./dom.js";
import { Handset } from "./handset.js";
import { drawIcons, icon } from "./icons.js";
import { Recordings } from "./recordings.js";
import { Rooms } from "./rooms.js";
import { sounds } from "./sounds.js";
import { Wire } from "./wire.js";

const WORDS = { loading: "Connecting", ready: "Ready", lost: "Disconnected" };

const desk = document.getElementById("desk");
const handsets = new Map();
const wire = new Wire();
const recordings = new Recordings();
const rooms = new Rooms();
let run = "";
let seen = 0;
let fetching = false;
let again = false;

function show(state) {
  document.body.dataset.state = state;
  setText(document.getElementById("link-words"), WORDS[state]);
  document.getElementById("link").title = WORDS[state];
  document.getElementById("lost").hidden = state !== "lost";
}

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    do {
      again = false;
      let snapshot = await api.snapshot(seen);
      if (run && snapshot.run !== run) {
        wire.clear();
        seen = 0;
        snapshot = await api.snapshot(0);
      }
      run = snapshot.run;
      draw(snapshot);
    } while (again);
    show("ready");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    show("lost");
  } finally {
    fetching = false;
  }
}

function draw(snapshot) {
  drawPhones(snapshot);
  wire.update(snapshot);
  rooms.update(snapshot);
  recordings.update(snapshot);
  addDialog.update(snapshot);
  faultsDialog.update(snapshot.faults);
  for (const exchange of snapshot.exchanges) seen = Math.max(seen, exchange.id);
  const admin = document.getElementById("admin");
  admin.hidden = !snapshot.admin_url;
  if (snapshot.admin_url) admin.href = snapshot.admin_url;
}

function drawPhones(snapshot) {
  const now = { server: Date.parse(snapshot.now), browser: Date.now() };
  for (const node of desk.querySelectorAll(".skeleton, .empty")) node.remove();
  const known = new Set(snapshot.phones.map((phone) => phone.address));
  for (const [address, handset] of handsets) {
    if (known.has(address)) continue;
    handset.node.remove();
    handsets.delete(address);
  }
  for (const phone of snapshot.phones) {
    if (!handsets.has(phone.address)) {
      const handset = new Handset(phone, { open: handsets.size === 0 });
      handsets.set(phone.address, handset);
      desk.append(handset.node);
    }
    handsets.get(phone.address).update(phone, snapshot, now);
  }
  if (!snapshot.phones.length) desk.append(emptyDesk());
  sounds.ring([...handsets.values()].some((handset) => handset.rings));
}

function emptyDesk() {
  const add = el("button", { class: "primary", type: "button", onclick: () => addDialog.open() }, icon("plus"), "Add a phone");
  return el("div", { class: "empty" }, icon("handset"), el("h2", {}, "No phones yet"), el("p", {}, "A phone can call the application's numbers and be called by it."), add);
}

function listen() {
  const stream = new EventSource("/sim/events");
  stream.addEventListener("changed", refresh);
  stream.addEventListener("error", () => show("lost"));
}

function switchView(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("button[data-view]")) {
    const here = button.dataset.view === view;
    if (button.closest(".views")) button.toggleAttribute("aria-current", here);
    else button.setAttribute("aria-pressed", String(here || (view === "phones" && button.dataset.view === "exchange")));
  }
}

function toggle(id, read, write) {
  const button = document.getElementById(id);
  const draw = () => button.setAttribute("aria-pressed", String(read()));
  button.addEventListener("click", () => {
    write(!read());
    draw();
  });
  draw();
}

async function offerSentences() {
  const texts = await api.sentences();
  document.getElementById("sentences").replaceChildren(...texts.map((value) => el("option", { value })));
}

drawIcons(document);
offerSentences();
toggle("sounds", () => sounds.tones, (on) => sounds.setTones(on));
toggle("aloud", () => sounds.aloud, (on) => sounds.setAloud(on));
document.getElementById("open-add").addEventListener("click", () => addDialog.open());
document.getElementById("open-faults").addEventListener("click", () => faultsDialog.open());
for (const button of document.querySelectorAll("button[data-view]")) button.addEventListener("click", () => switchView(button.dataset.view));
setInterval(() => {
  for (const handset of handsets.values()) handset.tick();
}, 500);
desk.addEventListener("refresh", refresh);
listen();
