// The ring: a sound made here, a notification of the browser, and the title of the page. It needs no file.

const PATTERN_SECONDS = 3;
const TONES = [
  [0, 0.4],
  [0.55, 0.95],
];
const CHOSEN = "ring-device";

export class Ring extends EventTarget {
  #context = null;
  #source = null;
  #notification = null;
  #title = document.title;

  constructor() {
    super();
    // Browsers let a page sound only after somebody has touched it.
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => this.unlock(), { passive: true });
  }

  get isLocked() {
    return !this.#context || this.#context.state === "suspended";
  }

  get device() {
    return localStorage.getItem(CHOSEN) ?? "";
  }

  async unlock() {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") await this.#context.resume().catch(() => {});
    await this.#route();
    this.dispatchEvent(new Event("change"));
  }

  async choose(id) {
    localStorage.setItem(CHOSEN, id);
    await this.#route();
  }

  start(words) {
    this.#sound();
    document.title = `☎ ${words}`;
    if ("Notification" in window && Notification.permission === "granted" && document.visibilityState !== "visible") {
      this.#notification = new Notification(words, { tag: "ring", requireInteraction: true });
      this.#notification.onclick = () => {
        window.focus();
        this.#notification?.close();
      };
    }
  }

  stop() {
    this.#source?.stop();
    this.#source = null;
    this.#notification?.close();
    this.#notification = null;
    document.title = this.#title;
  }

  async test() {
    await this.unlock();
    this.#sound();
    setTimeout(() => this.stop(), PATTERN_SECONDS * 1000);
  }

  #sound() {
    if (this.#source || !this.#context) return;
    this.#source = this.#context.createBufferSource();
    this.#source.buffer = pattern(this.#context);
    this.#source.loop = true;
    this.#source.connect(this.#context.destination);
    this.#source.start();
  }

  async #route() {
    if (this.#context?.setSinkId) await this.#context.setSinkId(this.device).catch(() => localStorage.removeItem(CHOSEN));
  }
}

function pattern(context) {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, rate * PATTERN_SECONDS, rate);
  const samples = buffer.getChannelData(0);
  for (const [from, to] of TONES) {
    for (let place = Math.floor(from * rate); place < to * rate; place++) {
      const time = place / rate;
      const edge = Math.min(1, (time - from) / 0.02, (to - time) / 0.02);
      samples[place] = 0.22 * edge * (Math.sin(2 * Math.PI * 523.25 * time) + Math.sin(2 * Math.PI * 659.25 * time));
    }
  }
  return buffer;
}
