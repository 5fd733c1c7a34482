// Stands in for Twilio's Voice SDK where calls are simulated: the same Device and Call, but ringing and talking through
// the simulator. `new Device(token, { simulatorUrl })`; see `captions.js` for what is heard and said.

import { Emitter } from "./events.js";

const CALL = { pending: "pending", connecting: "connecting", open: "open", reconnecting: "reconnecting", closed: "closed" };
const TRY_AGAIN_MS = 2000;
const VOLUME_MS = 100;
const LETTERS_PER_SECOND = 15;

// An error as the SDK's are: by its code.
export class PhoneError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "TwilioError";
    this.code = code;
  }
}

const lost = () => new PhoneError(31005, "The connection to the simulator is lost.");

export class Call extends Emitter {
  #device;
  #state = CALL.pending;
  #muted = false;
  #meter = null;
  #heardUntil = 0;
  #saidUntil = 0;

  constructor(device, { parameters, custom }) {
    super();
    this.#device = device;
    this.direction = "INCOMING";
    this.parameters = parameters;
    this.customParameters = new Map(Object.entries(custom));
    this.callerInfo = { isVerified: true };
  }

  get sid() {
    return this.parameters.CallSid;
  }

  status() {
    return this.#state;
  }

  isMuted() {
    return this.#muted;
  }

  accept() {
    if (this.#state !== CALL.pending) return;
    this.#state = CALL.connecting;
    this.#ask("accept");
  }

  // Refuses the call for all pages of this client.
  reject() {
    if (this.#state !== CALL.pending) return;
    this.#close();
    this.#ask("reject");
    this.emit("reject");
  }

  // Ends the ringing here alone.
  ignore() {
    if (this.#state === CALL.pending) this.#close();
  }

  disconnect() {
    if (this.#state === CALL.closed) return;
    if (this.#state === CALL.pending) {
      this.reject();
      return;
    }
    this.#close();
    this.#ask("hang-up");
    this.emit("disconnect", this);
  }

  mute(muted = true) {
    if (this.#state === CALL.closed || muted === this.#muted) return;
    this.#muted = muted;
    this.#ask("mute", { muted });
    this.emit("mute", muted, this);
  }

  sendDigits(digits) {
    this.#ask("digits", { digits });
  }

  // Beyond the SDK: what the agent says, as words or as recorded sound.
  say(text) {
    this.#saidUntil = Date.now() + (text.length / LETTERS_PER_SECOND) * 1000;
    return this.#ask("say", { text });
  }

  sayAudio(sound, text = "") {
    this.#saidUntil = Date.now() + 500;
    return this.#device.send(`calls/${this.sid}/audio?${new URLSearchParams({ device: this.#device.key, text })}`, sound);
  }

  getLocalStream() {
    return null;
  }

  getRemoteStream() {
    return null;
  }

  postFeedback() {
    return Promise.resolve();
  }

  // News from the simulator, handed on by the device.
  take(news) {
    if (this.#state === CALL.closed) return;
    switch (news.type) {
      case "accept":
        this.#state = CALL.open;
        this.#meter = setInterval(() => this.#measure(), VOLUME_MS);
        this.emit("accept", this);
        break;
      case "cancel":
        this.#close();
        this.emit("cancel");
        break;
      case "disconnect":
        this.#close();
        this.emit("disconnect", this);
        break;
      case "warning":
        this.emit("warning", news.name, {});
        break;
      case "warning-cleared":
        this.emit("warning-cleared", news.name);
        break;
      case "heard":
        this.#heardUntil = Date.now() + Math.max(0.5, news.heard.text.length / LETTERS_PER_SECOND) * 1000;
        this.emit("heard", news.heard);
        break;
    }
  }

  // The connection went or came back, or is given up.
  connection(state) {
    if (state === "away" && this.#state === CALL.open) {
      this.#state = CALL.reconnecting;
      this.emit("reconnecting", new PhoneError(53405, "The connection is interrupted."));
    } else if (state === "back" && this.#state === CALL.reconnecting) {
      this.#state = CALL.open;
      this.emit("reconnected");
    } else if (state === "lost" && this.#state !== CALL.closed) {
      const wasRinging = this.#state === CALL.pending;
      this.#close();
      if (wasRinging) {
        this.emit("cancel");
        return;
      }
      this.emit("error", lost());
      this.emit("disconnect", this);
    }
  }

  #measure() {
    const level = (until) => (Date.now() < until ? 0.2 + 0.4 * Math.random() : 0);
    this.emit("volume", this.#muted ? 0 : level(this.#saidUntil), level(this.#heardUntil));
  }

  #close() {
    this.#state = CALL.closed;
    clearInterval(this.#meter);
    this.#device.forgetCall(this);
  }

  async #ask(act, more = {}) {
    try {
      await this.#device.ask(`calls/${this.sid}/${act}`, more);
    } catch (error) {
      this.emit("error", error);
    }
  }
}

Call.State = { Closed: "closed", Connecting: "connecting", Open: "open", Pending: "pending", Reconnecting: "reconnecting", Ringing: "ringing" };

export class Device extends Emitter {
  #url;
  #token;
  #options;
  #state = "unregistered";
  #stream = null;
  #since = 0;
  #calls = new Map();
  #timers = [];
  #retry = null;
  #wanted = false;
  #shown = Promise.resolve();
  #leave = () => this.destroy();

  static isSupported = true;

  constructor(token, options = {}) {
    super();
    this.#token = token;
    this.#options = { tokenRefreshMs: 10000, ...options };
    this.#url = (options.simulatorUrl ?? "").replace(/\/$/, "");
    this.key = "";
    this.identity = null;
    this.audio = new Sound();
    // As the SDK does: a page that goes takes its calls with it.
    window.addEventListener("pagehide", this.#leave);
  }

  get state() {
    return this.#state;
  }

  get token() {
    return this.#token;
  }

  get calls() {
    return [...this.#calls.values()];
  }

  get isBusy() {
    return this.calls.some((call) => call.status() !== CALL.pending);
  }

  async register() {
    this.#wanted = true;
    this.#set("registering");
    await this.#show();
    this.#listen();
  }

  async unregister() {
    this.#wanted = false;
    clearTimeout(this.#retry);
    await this.ask("unregister");
    this.#set("unregistered");
  }

  updateToken(token) {
    this.#token = token;
    if (!this.#wanted) return;
    this.#show().then(() => this.#listen(), () => {});
  }

  updateOptions(options) {
    Object.assign(this.#options, options);
  }

  disconnectAll() {
    for (const call of this.calls) call.disconnect();
  }

  destroy() {
    if (this.#state === "destroyed") return;
    this.#wanted = false;
    clearTimeout(this.#retry);
    this.#timers.forEach(clearTimeout);
    this.#stream?.close();
    window.removeEventListener("pagehide", this.#leave);
    if (this.key) this.send("forget", JSON.stringify({ device: this.key }), true).catch(() => {});
    for (const call of this.calls) call.take({ type: call.status() === CALL.pending ? "cancel" : "disconnect" });
    this.#set("destroyed");
  }

  connect() {
    return Promise.reject(new PhoneError(31000, "Calls out are not simulated."));
  }

  ask(path, more = {}) {
    return this.send(path, JSON.stringify({ device: this.key, ...more }));
  }

  // As plain text, so that the browser need not ask beforehand whether it may.
  async send(path, body, keepalive = false) {
    let answer;
    try {
      answer = await fetch(`${this.#url}/edge/${path}`, { method: "POST", headers: { "Content-Type": "text/plain" }, body, keepalive });
    } catch {
      throw lost();
    }
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => ({}));
    throw new PhoneError(told.code ?? 31000, told.message ?? told.error ?? `The simulator answered ${answer.status}.`);
  }

  forgetCall(call) {
    this.#calls.delete(call.sid);
  }

  // Show the token, for a new registration or for one that is to go on: one after the other, or a page would be two.
  #show() {
    this.#shown = this.#shown.catch(() => {}).then(() => this.#showNow());
    return this.#shown;
  }

  async #showNow() {
    try {
      const answer = await this.send("register", JSON.stringify({ token: this.#token, device: this.key }));
      const { device, identity, expires_in: seconds } = await answer.json();
      if (device !== this.key) {
        this.key = device;
        this.#since = 0;
      }
      this.identity = identity;
      this.#expect(seconds * 1000);
      this.#set("registered");
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  #expect(milliseconds) {
    this.#timers.forEach(clearTimeout);
    this.#timers = [
      setTimeout(() => this.emit("tokenWillExpire", this), Math.max(0, milliseconds - this.#options.tokenRefreshMs)),
      setTimeout(() => this.#failed(new PhoneError(20104, "The token has expired.")), milliseconds),
    ];
  }

  #failed(error) {
    if (this.#state === "destroyed") return;
    this.emit("error", error, undefined);
    this.#set("unregistered");
    // A token that is refused needs another one, which updateToken brings.
    if (this.#wanted && error.code === 31005) this.#again();
  }

  #again() {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.register().catch(() => {}), TRY_AGAIN_MS);
  }

  #listen() {
    if (this.#stream?.readyState === EventSource.OPEN && this.#stream.device === this.key) return;
    this.#stream?.close();
    const stream = new EventSource(`${this.#url}/edge/events?${new URLSearchParams({ device: this.key, since: this.#since })}`);
    stream.device = this.key;
    stream.onopen = () => this.#tellCalls("back");
    stream.onmessage = ({ data }) => this.#take(JSON.parse(data));
    stream.onerror = () => this.#interrupted(stream);
    this.#stream = stream;
  }

  #interrupted(stream) {
    if (stream !== this.#stream || this.#state === "destroyed") return;
    this.#tellCalls("away");
    if (stream.readyState !== EventSource.CLOSED) return;
    // The simulator knows this page no longer: its calls have ended.
    this.#tellCalls("lost");
    this.key = "";
    if (this.#wanted) {
      this.emit("error", lost(), undefined);
      this.#set("unregistered");
      this.#again();
    }
  }

  #tellCalls(state) {
    for (const call of this.calls) call.connection(state);
  }

  #take(news) {
    this.#since = news.id;
    if (news.type !== "incoming") {
      this.#calls.get(news.sid)?.take(news);
      return;
    }
    const call = new Call(this, news);
    if (this.isBusy && !this.#options.allowIncomingWhileBusy) return;
    this.#calls.set(call.sid, call);
    this.emit("incoming", call);
  }

  #set(state) {
    if (state === this.#state || this.#state === "destroyed") return;
    this.#state = state;
    this.emit(state, this);
  }
}

Device.State = { Destroyed: "destroyed", Registered: "registered", Registering: "registering", Unregistered: "unregistered" };
Device.EventName = {
  Destroyed: "destroyed",
  Error: "error",
  Incoming: "incoming",
  Registered: "registered",
  Registering: "registering",
  TokenWillExpire: "tokenWillExpire",
  Unregistered: "unregistered",
};

// The part of the SDK's audio that a device picker needs.
class Sound extends Emitter {
  constructor() {
    super();
    this.availableInputDevices = new Map();
    this.availableOutputDevices = new Map();
    this.inputDevice = null;
    this.isOutputSelectionSupported = false;
    this.isVolumeSupported = false;
    this.speakerDevices = new Outputs(this);
    this.ringtoneDevices = new Outputs(this);
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#look());
    this.#look();
  }

  async setInputDevice(id) {
    this.inputDevice = this.availableInputDevices.get(id) ?? null;
    if (!this.inputDevice) throw new PhoneError(31402, "There is no such microphone.");
  }

  async unsetInputDevice() {
    this.inputDevice = null;
  }

  incoming(on = true) {
    return on;
  }

  async #look() {
    const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const byId = (kind) => new Map(found.filter((one) => one.kind === kind).map((one) => [one.deviceId, one]));
    this.availableInputDevices = byId("audioinput");
    this.availableOutputDevices = byId("audiooutput");
    this.emit("deviceChange", []);
  }
}

class Outputs {
  #chosen = new Set();
  #sound;

  constructor(sound) {
    this.#sound = sound;
  }

  get() {
    return this.#chosen;
  }

  async set(ids) {
    const wanted = Array.isArray(ids) ? ids : [ids];
    this.#chosen = new Set(wanted.map((id) => this.#sound.availableOutputDevices.get(id)).filter(Boolean));
  }

  async test() {}
}
