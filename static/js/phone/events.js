// Listeners by event, as Twilio's Device and Call have them.

export class Emitter {
  #listeners = new Map();

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  off(event, listener) {
    this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((one) => one !== listener && one.original !== listener));
    return this;
  }

  once(event, listener) {
    const once = (...news) => {
      this.off(event, once);
      listener(...news);
    };
    once.original = listener;
    return this.on(event, once);
  }

  addListener(event, listener) {
    return this.on(event, listener);
  }

  removeListener(event, listener) {
    return this.off(event, listener);
  }

  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  emit(event, ...news) {
    for (const listener of this.#listeners.get(event) ?? []) listener(...news);
  }
}
