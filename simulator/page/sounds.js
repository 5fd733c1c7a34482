// What the browser sounds like: ringing, key tones, and its own voice reading what phones hear.

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";

class Sounds {
  #context = null;
  #ringing = null;

  constructor() {
    this.tones = localStorage.getItem("simulator-tones") === "on";
    this.aloud = localStorage.getItem("simulator-aloud") === "on";
    this.wanted = false;
  }

  setTones(on) {
    this.tones = on;
    localStorage.setItem("simulator-tones", on ? "on" : "off");
    this.ring(this.wanted);
  }

  setAloud(on) {
    this.aloud = on;
    localStorage.setItem("simulator-aloud", on ? "on" : "off");
    if (!on) this.hush();
  }

  // Ring for as long as anybody's phone does: two seconds in every six.
  ring(on) {
    this.wanted = on;
    if (on && this.tones) {
      if (this.#ringing) return;
      const burst = () => this.#beep([440, 480], 1.8, 0.05);
      burst();
      this.#ringing = setInterval(burst, 5000);
    } else {
      clearInterval(this.#ringing);
      this.#ringing = null;
    }
  }

  key(key) {
    const at = KEYS.indexOf(key);
    if (this.tones && at >= 0) this.#beep([ROWS[Math.floor(at / 3)], COLUMNS[at % 3]], 0.12, 0.06);
  }

  say(text, language) {
    if (!this.aloud || !("speechSynthesis" in window)) return;
    const words = new SpeechSynthesisUtterance(text);
    if (language) words.lang = language;
    speechSynthesis.speak(words);
  }

  hush() {
    if ("speechSynthesis" in window) speechSynthesis.cancel();
  }

  #beep(pitches, seconds, volume) {
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state === "suspended") context.resume();
    const gain = context.createGain();
    const end = context.currentTime + seconds;
    gain.gain.setValueAtTime(0, context.currentTime);
    gain.gain.linearRampToValueAtTime(volume, context.currentTime + 0.01);
    gain.gain.setValueAtTime(volume, end - 0.02);
    gain.gain.linearRampToValueAtTime(0, end);
    gain.connect(context.destination);
    for (const pitch of pitches) {
      const tone = context.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(gain);
      tone.start();
      tone.stop(end);
    }
  }
}

export const sounds = new Sounds();
