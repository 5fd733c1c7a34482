// Recordings, with a player each.

import { el, setText } from "./dom.js";
import { address, clock, span } from "./words.js";

const SOURCES = { RecordVerb: "Message left by the caller", DialVerb: "Recorded conversation", OutboundAPI: "Recorded call", StartCallRecordingAPI: "Recorded on request", Conference: "Recorded conference" };
const STATES = { "in-progress": "Being recorded", processing: "Being prepared", absent: "Nothing was recorded", failed: "Failed", deleted: "Deleted by the application" };

export class Recordings {
  #items = new Map();

  constructor() {
    this.list = document.getElementById("recordings");
    this.empty = document.getElementById("recordings-empty");
  }

  update(snapshot) {
    const names = new Map(snapshot.phones.map((each) => [each.address, each.name]));
    const legs = new Map(snapshot.legs.map((leg) => [leg.sid, leg]));
    const known = new Set(snapshot.recordings.map((each) => each.sid));
    for (const [sid, item] of this.#items) {
      if (known.has(sid)) continue;
      item.node.remove();
      this.#items.delete(sid);
    }
    for (const recording of snapshot.recordings) {
      const drawn = this.#items.get(recording.sid);
      if (drawn?.status === recording.status) continue;
      const leg = legs.get(recording.call_sid);
      const node = this.#item(recording, leg ? names.get(leg.from) || address(leg.from) : "");
      if (drawn) drawn.node.replaceWith(node);
      else this.list.prepend(node);
      this.#items.set(recording.sid, { node, status: recording.status });
    }
    this.empty.hidden = this.#items.size > 0;
    for (const count of document.querySelectorAll("[data-recordings]")) {
      count.hidden = !this.#items.size;
      setText(count, String(this.#items.size));
    }
  }

  #item(recording, caller) {
    const ready = recording.status === "completed";
    const facts = [ready && span(recording.duration), caller && `from ${caller}`, recording.channels === 2 && "two channels"];
    return el(
      "li",
      {},
      el("h3", {}, SOURCES[recording.source] ?? "Recording", el("time", {}, clock(recording.at))),
      !ready && el("div", { class: "unready" }, STATES[recording.status] ?? recording.status),
      ready && el("audio", { controls: true, preload: "metadata", src: `/sim/recordings/${recording.sid}.wav`, "aria-label": `Recording ${recording.sid}` }),
      el("p", {}, facts.filter(Boolean).join(" · ")),
      el("p", {}, recording.sid),
    );
  }
}
