// Recordings: which run, and a player for each that is finished.

import { el, setText } from "./dom.js";
import { icon } from "./icons.js";
import { address, clock, span } from "./words.js";

const SOURCES = { RecordVerb: "Message left by the caller", DialVerb: "Recorded conversation", OutboundAPI: "Recorded call", StartCallRecordingAPI: "Recorded on request", StartCallRecordingTwiML: "Recorded by a document", Conference: "Recorded conference" };
const STATES = { "in-progress": "Being recorded", paused: "Paused", stopped: "Stopped, being prepared", processing: "Being prepared", absent: "Nothing was recorded", failed: "Failed", deleted: "Deleted by the application" };
const SIGNS = { "in-progress": "record", paused: "pause" };
// A measurement may bring thousands; these are the newest.
const SHOWN = 200;
const PRELOADED = 20;

const isRunning = (recording) => recording.status in SIGNS;

// Whether a leg is being recorded: "in-progress", "paused", or "". A conference's recording is one of all who are in it.
export function recordedAs(leg, snapshot) {
  const rooms = new Set(snapshot.conferences.filter((room) => room.participants.some((each) => each.call_sid === leg.sid)).map((room) => room.sid));
  const calls = new Set([leg.sid, leg.parent_sid]);
  const states = snapshot.recordings.filter((each) => isRunning(each) && (each.conference_sid ? rooms.has(each.conference_sid) : calls.has(each.call_sid))).map((each) => each.status);
  return states.includes("in-progress") ? "in-progress" : (states[0] ?? "");
}

export class Recordings {
  #items = new Map();

  constructor() {
    this.list = document.getElementById("recordings");
    this.empty = document.getElementById("recordings-empty");
    this.sum = document.getElementById("recordings-sum");
  }

  update(snapshot) {
    const names = new Map(snapshot.phones.map((each) => [each.address, each.name]));
    const legs = new Map(snapshot.legs.map((leg) => [leg.sid, leg]));
    const shown = snapshot.recordings.slice(-SHOWN);
    const known = new Set(shown.map((each) => each.sid));
    for (const [sid, item] of this.#items) {
      if (known.has(sid)) continue;
      item.node.remove();
      this.#items.delete(sid);
    }
    for (const recording of shown) {
      const drawn = this.#items.get(recording.sid);
      if (drawn?.status === recording.status) continue;
      const leg = legs.get(recording.call_sid);
      const node = this.#item(recording, whose(leg, names), shown.length <= PRELOADED);
      if (drawn) drawn.node.replaceWith(node);
      else this.list.prepend(node);
      this.#items.set(recording.sid, { node, status: recording.status });
    }
    this.empty.hidden = this.#items.size > 0;
    setText(this.sum, summary(snapshot.recordings));
    for (const count of document.querySelectorAll("[data-recordings]")) {
      count.hidden = !snapshot.recordings.length;
      setText(count, String(snapshot.recordings.length));
    }
  }

  #item(recording, owner, preloaded) {
    const ready = recording.status === "completed";
    const sign = SIGNS[recording.status];
    const facts = [ready && span(recording.duration), owner, recording.channels === 2 && "two channels"];
    return el(
      "li",
      { "data-status": recording.status },
      el("h3", {}, SOURCES[recording.source] ?? "Recording", el("time", {}, clock(recording.at))),
      !ready && el("div", { class: "unready" }, sign && icon(sign), STATES[recording.status] ?? recording.status),
      ready && el("audio", { controls: true, preload: preloaded ? "metadata" : "none", src: `/sim/recordings/${recording.sid}.wav`, "aria-label": `Recording ${recording.sid}` }),
      el("p", {}, facts.filter(Boolean).join(" · ")),
      el("p", {}, recording.sid),
    );
  }
}

function whose(leg, names) {
  if (!leg) return "";
  const named = (end) => names.get(end) || address(end);
  return leg.direction === "inbound" ? `from ${named(leg.from)}` : `on the phone of ${named(leg.phone || leg.to)}`;
}

// One sentence that says whether anything is recorded now, and whether audio of anybody is kept.
function summary(recordings) {
  const count = (...states) => recordings.filter((each) => states.includes(each.status)).length;
  const running = count("in-progress");
  const parts = [
    running ? `${running} being recorded` : "Nothing is being recorded",
    count("paused") && `${count("paused")} paused`,
    count("stopped", "processing") && `${count("stopped", "processing")} being prepared`,
    count("completed") ? `audio of ${count("completed")} is kept` : "no audio is kept",
    count("deleted") && `${count("deleted")} deleted`,
    recordings.length > SHOWN && `the newest ${SHOWN} are shown`,
  ];
  return `${parts.filter(Boolean).join(" · ")}.`;
}
