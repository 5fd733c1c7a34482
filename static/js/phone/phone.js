// The phone of this page: Twilio's Device, or the stand-in where calls are simulated. It says what it observes by
// `change` (state, microphone), `ringing`, `talking`, `over` and `warnings`; what the call is about, the panels say.

import { csrf } from "../say.js";

const AGAIN_MS = 4000;
const EXPECTS_MS = 40_000;
const REFRESH_MS = 60_000; // this long before a token ends, the next one is fetched

export class Phone extends EventTarget {
  state = "connecting"; // connecting, ready, lost, failed
  reason = "";
  microphone = "unknown"; // as agents.states.Microphone
  warnings = new Set();
  device = null;
  call = null;
  #settings;
  #expectedUntil = 0;
  #retry = 0;

  // `settings`: the addresses of token and quality; of module and simulator for the stand-in.
  constructor(settings) {
    super();
    this.#settings = settings;
  }

  get isSimulated() {
    return Boolean(this.#settings.simulator);
  }

  get isRegistered() {
    return this.state === "ready";
  }

  async start() {
    await this.#watchMicrophone();
    await this.#connect();
  }

  // Asks the browser for the microphone; it must not be kept open while nobody talks.
  async allowMicrophone() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of stream.getTracks()) track.stop();
      this.#heard("granted");
    } catch (error) {
      this.#heard(error.name === "NotFoundError" ? "missing" : "denied");
    }
  }

  // The agent has pressed Answer: the call that rings, or the next one that comes, is taken.
  answer() {
    if (this.call?.status() === "pending") this.call.accept();
    else this.expect();
  }

  expect() {
    this.#expectedUntil = Date.now() + EXPECTS_MS;
  }

  // --- The device

  async #connect() {
    try {
      const { Device } = this.isSimulated ? await import(this.#settings.module) : (globalThis.Twilio ?? {});
      if (!Device) throw new Error("Its program could not be loaded.");
      const { token } = await this.#token();
      this.device = new Device(token, {
        simulatorUrl: this.#settings.simulator,
        codecPreferences: ["opus", "pcmu"],
        closeProtection: true,
        tokenRefreshMs: REFRESH_MS,
        maxCallSignalingTimeoutMs: 30_000,
        edge: this.#settings.edge || undefined,
      });
      this.#listen();
      this.dispatchEvent(new Event("device"));
      await this.device.register();
    } catch (error) {
      this.#turn("failed", error.message);
      this.#later();
    }
  }

  #listen() {
    const { device } = this;
    for (const sound of ["incoming", "outgoing", "disconnect"]) device.audio?.[sound]?.(false); // the page rings
    device.on("registered", () => this.#turn("ready"));
    device.on("registering", () => this.state === "ready" || this.#turn("connecting"));
    device.on("unregistered", () => {
      this.#turn("lost");
      this.#later();
    });
    device.on("error", (error) => this.state === "ready" || this.#turn("failed", error.message));
    device.on("tokenWillExpire", () => this.#renew());
    device.on("incoming", (call) => this.#incoming(call));
  }

  async #again() {
    if (this.isRegistered) return;
    try {
      const { token } = await this.#token();
      this.device.updateToken(token);
      if (this.device.state === "unregistered") await this.device.register();
    } catch (error) {
      this.#turn("failed", error.message);
      this.#later();
    }
  }

  // One timer for all: a try that fails is told both by its error and by the device.
  #later() {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => (this.device ? this.#again() : this.#connect()), AGAIN_MS);
  }

  async #renew() {
    try {
      const { token } = await this.#token();
      this.device.updateToken(token);
    } catch {
      setTimeout(() => this.#renew(), AGAIN_MS);
    }
  }

  async #token() {
    const answer = await fetch(this.#settings.token, { method: "POST", headers: { "X-CSRFToken": csrf() } });
    if (answer.ok) return answer.json();
    const { error } = await answer.json().catch(() => ({}));
    throw new Error(error ?? "The server gives no token.");
  }

  #turn(state, reason = "") {
    if (this.state === state && this.reason === reason) return;
    this.state = state;
    this.reason = reason;
    this.dispatchEvent(new Event("change"));
  }

  // --- A call

  #incoming(call) {
    this.call = call;
    call.on("accept", () => this.#tell("talking"));
    for (const name of ["cancel", "reject", "disconnect"]) call.on(name, () => this.#over(call));
    call.on("reconnecting", () => this.#warn("ice-connectivity-lost", true));
    call.on("reconnected", () => this.#warn("ice-connectivity-lost", false));
    call.on("warning", (name) => this.#warn(name, true));
    call.on("warning-cleared", (name) => this.#warn(name, false));
    call.on("error", (error) => {
      this.reason = error.message ?? "";
      if (call.status() === "closed") this.#over(call);
    });
    if (Date.now() < this.#expectedUntil) {
      this.#expectedUntil = 0;
      call.accept();
    } else {
      this.#tell("ringing");
    }
  }

  #over(call) {
    if (this.call !== call) return;
    this.call = null;
    this.warnings.clear();
    this.#tell("warnings");
    this.#tell("over");
  }

  #warn(name, on) {
    if (on) this.warnings.add(name);
    else this.warnings.delete(name);
    this.#tell("warnings");
    const fields = new URLSearchParams([...this.warnings].map((warning) => ["warning", warning]));
    fetch(this.#settings.quality, { method: "POST", body: fields, headers: { "X-CSRFToken": csrf() } }).catch(() => {});
  }

  #tell(what) {
    this.dispatchEvent(new Event(what));
  }

  // --- The microphone

  async #watchMicrophone() {
    try {
      const permission = await navigator.permissions.query({ name: "microphone" });
      permission.addEventListener("change", () => this.#heard(permission.state));
      if (permission.state === "prompt") await this.allowMicrophone();
      else this.#heard(permission.state);
    } catch {
      await this.allowMicrophone(); // a browser that tells only when asked for it
    }
  }

  #heard(permission) {
    this.permission = permission;
    const blocked = permission === "denied" || permission === "missing";
    // In a simulated call words can be typed: a machine without a microphone is good enough.
    this.microphone = permission === "granted" ? "allowed" : blocked && !this.isSimulated ? "blocked" : "unknown";
    this.dispatchEvent(new Event("change"));
  }
}
