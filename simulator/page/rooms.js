// Conferences with who hears whom, queues with who waits, and who can be called at a browser.

import { el, setText } from "./dom.js";
import { address, clock, names } from "./words.js";

const RECORDED = { "in-progress": "recorded", paused: "recording paused" };
const STATES = { init: "Not started", "in-progress": "Started" };

export class Rooms {
  #drawn = "";

  constructor() {
    this.list = document.getElementById("rooms");
    this.empty = document.getElementById("rooms-empty");
  }

  update(snapshot) {
    const queues = snapshot.queues.filter((queue) => queue.members.length);
    const count = snapshot.conferences.length + queues.length;
    const clients = snapshot.clients.length ? [browsers(snapshot.clients)] : [];
    this.empty.hidden = count > 0 || clients.length > 0;
    for (const mark of document.querySelectorAll("[data-rooms]")) {
      mark.hidden = !count;
      setText(mark, String(count));
    }
    const known = names(snapshot);
    const call = (phone) => known.get(phone) || address(phone);
    const rooms = [...snapshot.conferences.map((room) => conference(room, call)), ...queues.map((queue) => waiting(queue, call)), ...clients];
    // Drawn anew only when something differs, so that a reader is not interrupted.
    const drawn = JSON.stringify(rooms);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.list.replaceChildren(...rooms.map(draw));
  }
}

function conference(room, call) {
  const people = new Map(room.participants.map((each) => [each.call_sid, call(each.phone)]));
  return {
    title: `Conference ${room.name}`,
    state: [STATES[room.status], RECORDED[room.recording]].filter(Boolean).join(", "),
    people: room.participants.map((each) => ({ name: people.get(each.call_sid), words: how(each, people) })),
  };
}

function how(each, people) {
  const label = each.label && `labeled ${each.label}`;
  if (each.status !== "connected") return ["Is being called", label].filter(Boolean).join(" · ");
  const hears = each.hears.map((sid) => people.get(sid));
  const state = [each.held && "on hold", each.waiting && !each.held && "waits for the start", each.muted && "muted", each.coaching && `heard by ${people.get(each.coaching) ?? "nobody"} alone`, label];
  return [hears.length ? `Hears ${hears.join(", ")}` : "Hears nobody", ...state].filter(Boolean).join(" · ");
}

function waiting(queue, call) {
  return {
    title: `Queue ${queue.name}`,
    state: `${queue.members.length} waiting`,
    people: queue.members.map((each) => ({ name: `${each.position}. ${call(each.phone)}`, words: `Since ${clock(each.since)}` })),
  };
}

function browsers(clients) {
  return {
    title: "Browser phones",
    state: `${clients.length} registered`,
    people: clients.map((each) => ({ name: each.address, words: each.devices === 1 ? "On one page" : `On ${each.devices} pages` })),
  };
}

function draw(room) {
  const people = room.people.map((each) => el("li", {}, each.name, el("p", {}, each.words)));
  return el("li", {}, el("h3", {}, room.title, el("span", {}, room.state)), el("ul", {}, ...people));
}
