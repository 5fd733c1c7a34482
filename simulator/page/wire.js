// The exchange: every request and its answer, in order, with what was wrong in it.

import { el, setText, toast } from "./dom.js";
import { icon } from "./icons.js";
import { pretty, verbs } from "./twiml.js";
import { address, clock, names } from "./words.js";

const KINDS = { "request to app": "document", "status callback": "callback", "REST from app": "rest", note: "note" };
const KEPT = 1000;
const NO_DOCUMENT = new Set([11750, 11770, 12100, 12101, 12300]);

export class Wire {
  #turns = [];
  #problems = 0;
  #legs = new Map();
  #parents = new Map();

  constructor() {
    this.list = document.getElementById("log");
    this.empty = document.getElementById("log-empty");
    this.call = document.getElementById("filter-call");
    this.onlyProblems = document.getElementById("only-problems");
    this.kinds = [...document.querySelectorAll(".chip[data-kind]")];
    this.latest = document.getElementById("latest");
    this.following = true;
    this.#listen();
  }

  update(snapshot) {
    this.#drawCalls(snapshot);
    for (const exchange of snapshot.exchanges) this.#add(exchange);
    while (this.#turns.length > KEPT) this.#turns.shift().node.remove();
    if (snapshot.exchanges.length) this.#drawRest();
  }

  clear() {
    this.#turns = [];
    this.#problems = 0;
    this.list.replaceChildren();
    this.#drawRest();
  }

  #listen() {
    document.getElementById("clear").addEventListener("click", () => this.clear());
    this.call.addEventListener("change", () => this.#filter());
    for (const chip of [...this.kinds, this.onlyProblems]) {
      chip.addEventListener("click", () => {
        chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
        this.#filter();
      });
    }
    this.list.addEventListener("scroll", () => {
      const { scrollTop, clientHeight, scrollHeight } = this.list;
      this.following = scrollTop + clientHeight > scrollHeight - 60;
      if (this.following) this.latest.hidden = true;
    });
    this.latest.addEventListener("click", () => {
      this.following = true;
      this.#follow();
    });
    // A panel that was not shown has no height to follow.
    new ResizeObserver(() => this.#follow()).observe(this.list);
  }

  // --- Which are shown

  #drawCalls(snapshot) {
    const known = names(snapshot);
    const name = (end) => known.get(end) || address(end);
    this.#legs = new Map(snapshot.legs.map((leg) => [leg.sid, `${name(leg.from)} → ${name(leg.to)}`]));
    this.#parents = new Map(snapshot.legs.map((leg) => [leg.sid, leg.parent_sid || leg.sid]));
    for (const each of snapshot.messages) this.#legs.set(each.sid, `${name(each.from)} → ${name(each.to)}`);
    const calls = snapshot.legs.filter((leg) => !leg.parent_sid);
    if (this.call.options.length === calls.length + 1) return;
    const listed = new Set([...this.call.options].map((option) => option.value));
    for (const leg of calls) {
      if (listed.has(leg.sid)) continue;
      this.call.append(el("option", { value: leg.sid }, `${leg.started ? clock(leg.started) : ""} ${this.#legs.get(leg.sid)}`));
    }
  }

  #shows(turn) {
    if (this.call.value && this.#parents.get(turn.exchange.call_sid) !== this.call.value) return false;
    if (this.onlyProblems.getAttribute("aria-pressed") === "true") return turn.exchange.violations.length > 0;
    const chip = this.kinds.find((each) => each.dataset.kind === turn.exchange.kind);
    return !chip || chip.getAttribute("aria-pressed") === "true";
  }

  #filter() {
    for (const turn of this.#turns) turn.node.hidden = !this.#shows(turn);
    this.#drawRest();
  }

  #drawRest() {
    const shown = this.#turns.some((turn) => !turn.node.hidden);
    this.empty.hidden = shown;
    setText(document.getElementById("log-empty-title"), this.#turns.length ? "Nothing to show" : "Nothing said yet");
    setText(
      document.getElementById("log-empty-words"),
      this.#turns.length
        ? "No request fits the filters above."
        : "Dial a number on one of the phones. Every request to the application and every answer appears here, in order.",
    );
    for (const count of document.querySelectorAll("[data-problems]")) {
      count.hidden = !this.#problems;
      count.setAttribute("aria-label", `${this.#problems} problems`);
      setText(count, String(this.#problems));
    }
    if (this.following) this.#follow();
    else this.latest.hidden = !shown;
  }

  #follow() {
    if (!this.following) return;
    this.latest.hidden = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  // --- One request and its answer

  #add(exchange) {
    this.#problems += exchange.violations.length;
    const turn = { exchange, node: this.#turn(exchange) };
    turn.node.hidden = !this.#shows(turn);
    this.#turns.push(turn);
    this.list.append(turn.node);
  }

  #turn(exchange) {
    const errors = exchange.violations.filter((each) => each.level === "error").length;
    const detail = el("div", { class: "detail", id: `turn-${exchange.id}`, hidden: true });
    const head = el("button", { type: "button", "aria-expanded": "false", "aria-controls": detail.id }, icon("fold"), el("span", { class: "what" }, ...this.#what(exchange)), el("span", { class: "facts" }, ...this.#outcome(exchange)), el("span", { class: "gist" }, this.#gist(exchange)), el("span", { class: "facts" }, el("time", { datetime: exchange.at }, clock(exchange.at))));
    const node = el("li", { class: `turn kind-${KINDS[exchange.kind] ?? "note"}${errors ? " bad" : ""}` }, head, detail);
    const unfold = (open) => {
      if (open && !detail.firstChild) detail.append(...this.#detail(exchange));
      head.setAttribute("aria-expanded", String(open));
      detail.hidden = !open;
    };
    head.addEventListener("click", () => unfold(detail.hidden));
    unfold(exchange.kind === "request to app" || exchange.violations.length > 0);
    return node;
  }

  #what(exchange) {
    if (exchange.kind === "note") return ["Noticed by the simulator"];
    return [el("span", { class: "method" }, exchange.method), shortened(exchange.url)];
  }

  #outcome(exchange) {
    const parts = [];
    const count = exchange.violations.length;
    if (count) {
      const mild = exchange.violations.every((each) => each.level === "warning");
      parts.push(el("span", { class: `problem-count${mild ? " mild" : ""}`, title: `${count} problem${count > 1 ? "s" : ""}` }, icon("alarm"), String(count)));
    }
    if (exchange.kind === "note") return parts;
    parts.push(el("span", {}, `${exchange.took_ms} ms`));
    const bad = exchange.status === 0 || exchange.status >= 400;
    parts.push(el("span", { class: `status${bad ? " bad" : ""}` }, exchange.status ? String(exchange.status) : "no answer"));
    return parts;
  }

  #gist(exchange) {
    const { kind, fields, body } = exchange;
    if (kind === "note") return exchange.violations.map((each) => each.text).join("; ");
    if (kind === "request to app") {
      const said = ["Digits", "SpeechResult", "DialCallStatus", "RecordingDuration", "Body", "ErrorCode"].filter((name) => fields[name]).map((name) => `${name}=${fields[name]}`);
      return [...said, verbs(body, isDocument(exchange))].filter(Boolean).join(" → ");
    }
    if (kind === "status callback") {
      const state = fields.StatusCallbackEvent ?? fields.RecordingStatus ?? fields.CallStatus ?? fields.MessageStatus ?? fields.AnsweredBy ?? "";
      return [fields.RecordingStatus ? "recording" : fields.MessageStatus ? "text" : "", state, this.#legs.get(exchange.call_sid) ?? ""].filter(Boolean).join(" · ");
    }
    return Object.entries(fields).slice(0, 3).map(([name, value]) => `${name}=${value}`).join(" ") || "—";
  }

  #detail(exchange) {
    const parts = exchange.violations.map(violation);
    if (exchange.body) parts.push(answer(exchange));
    else if (exchange.kind !== "note") parts.push(el("h3", {}, exchange.status ? "The answer has no body" : "No answer came"));
    const fields = Object.entries(exchange.fields);
    if (exchange.kind !== "note") parts.push(request(exchange.url, fields));
    return parts;
  }
}

function shortened(url) {
  const path = url.replace(/^https?:\/\/[^/]+/, "");
  return path.replace(/^\/2010-04-01\/Accounts\/AC[0-9a-f]+\//, "") || "/";
}

function violation({ code, level, text }) {
  const title = code ? el("a", { href: `https://www.twilio.com/docs/errors/${code}`, target: "_blank", rel: "noreferrer" }, `${level === "warning" ? "Warning" : "Error"} ${code}`) : level === "warning" ? "Note" : "Error";
  return el("p", { class: `violation ${level}` }, icon("alarm"), el("span", {}, title, `: ${text}`));
}

function request(url, fields) {
  const rows = fields.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
  const count = `${fields.length} parameter${fields.length === 1 ? "" : "s"}`;
  return el("details", { class: "fields" }, el("summary", {}, `Request with ${count}`), el("p", {}, url), el("table", {}, el("tbody", {}, ...rows)));
}

function isDocument({ kind, status, violations }) {
  return kind === "request to app" && status === 200 && !violations.some(({ code }) => NO_DOCUMENT.has(code));
}

function answer(exchange) {
  const { body } = exchange;
  const copy = el("button", { class: "copy", type: "button", title: "Copy the answer", "aria-label": "Copy the answer" }, icon("copy"));
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(body);
      copy.replaceChildren(icon("check"));
      setTimeout(() => copy.replaceChildren(icon("copy")), 1500);
    } catch {
      toast("The browser does not let this page copy.", { bad: true });
    }
  });
  const code = pretty(body, isDocument(exchange));
  code.setAttribute("aria-label", "Answer");
  return el("div", { class: "code-frame" }, code, copy);
}
