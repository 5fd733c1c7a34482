// Who else is in the draft, and that something in it has changed. Without a stream the page looks every few seconds.

const POLL_MS = 8000;

export class News extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.page = crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (sign) => (sign ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (sign / 4)))).toString(16));
    this.step = "";
  }

  start() {
    this.#listen();
    this.tell();
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", ({ persisted }) => persisted && this.tell());
  }

  at(step) {
    if (step === this.step) return;
    this.step = step;
    this.tell();
  }

  async tell() {
    clearTimeout(this.timer);
    let again = 20;
    try {
      const response = await fetch(this.root.dataset.presence, { method: "POST", body: this.#body() });
      if (response.ok) {
        const { others, again: seconds } = await response.json();
        again = seconds ?? again;
        this.dispatchEvent(new CustomEvent("others", { detail: others }));
      }
    } catch {
      // told again in a moment
    }
    this.timer = setTimeout(() => this.tell(), again * 1000);
  }

  #body(more = {}) {
    const token = JSON.parse(this.root.getAttribute("hx-headers"))["X-CSRFToken"];
    return new URLSearchParams({ page: this.page, step: this.step, csrfmiddlewaretoken: token, ...more });
  }

  #leave() {
    navigator.sendBeacon(this.root.dataset.presence, this.#body({ left: "yes" }));
  }

  #listen() {
    const poll = (on) => {
      clearInterval(this.poll);
      this.poll = on ? setInterval(() => this.#changed(), POLL_MS) : null;
    };
    const source = new EventSource(this.root.dataset.stream);
    let wasOpen = false;
    source.onopen = () => {
      poll(false);
      if (wasOpen) this.#changed();
      wasOpen = true;
    };
    source.onmessage = () => this.#changed();
    source.addEventListener("away", () => poll(true));
    source.addEventListener("resync", () => {
      poll(false);
      this.#changed();
    });
    source.onerror = () => {
      poll(true);
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#listen(), POLL_MS);
    };
  }

  #changed() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.dispatchEvent(new Event("changed")), 60);
  }
}
