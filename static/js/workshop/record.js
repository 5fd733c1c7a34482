// Records a sound in place of a file: record, listen, again, keep. What is kept goes into the file's field of the form,
// so that it is sent, levelled and stored as an upload is. Without a microphone or without scripts the field remains.

const LOOK_MS = 80;
const MOST_SECONDS = 300;
const HARDLY_ANYTHING = 0.01;
const FORMS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

class Recorder extends HTMLElement {
  #stream = null;
  #context = null;
  #recorder = null;
  #meter = null;
  #sound = null;
  #loudest = 0;
  #isKept = true;
  #isReady = false;

  connectedCallback() {
    if (this.#isReady) return; // it was put aside for a while
    this.#isReady = true;
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) {
      this.hidden = true;
      return;
    }
    this.addEventListener("click", ({ target }) => {
      const wanted = target.closest("[data-do]")?.dataset.do;
      if (wanted === "record") this.#record();
      if (wanted === "stop") this.#recorder?.stop();
      if (wanted === "keep") {
        this.#keep();
        this.#button("record").focus();
      }
    });
    // who records and saves wants what was recorded; before the form is read
    this.closest("form")?.addEventListener("submit", () => !this.#isKept && this.#keep(), { capture: true });
  }

  disconnectedCallback() {
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    this.#close();
  }

  async #record() {
    this.#tell("");
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true } });
    } catch (error) {
      this.#tell(this.dataset[reason(error)], true);
      return;
    }
    if (!this.isConnected) return this.#close();
    const pieces = [];
    const type = FORMS.find((one) => MediaRecorder.isTypeSupported(one));
    this.#recorder = new MediaRecorder(this.#stream, type ? { mimeType: type } : {});
    this.#recorder.ondataavailable = ({ data }) => pieces.push(data);
    this.#recorder.onstop = () => this.#stopped(new Blob(pieces, { type: this.#recorder.mimeType }));
    this.#recorder.start();
    this.#listen();
    this.#show({ record: false, stop: true, live: true, audio: false, keep: false });
    this.#button("stop").focus();
    this.#tell(this.dataset.recording);
  }

  #listen() {
    const began = performance.now();
    this.#loudest = 0;
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(this.#stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const [level, time] = [this.querySelector("meter"), this.querySelector(".cc-recorder-time")];
    this.#meter = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      this.#loudest = Math.max(this.#loudest, loud);
      level.value = Math.min(1, 4 * loud);
      const seconds = (performance.now() - began) / 1000;
      if (time.textContent !== clock(seconds)) time.textContent = clock(seconds);
      if (seconds >= MOST_SECONDS) this.#recorder.stop();
    }, LOOK_MS);
  }

  #stopped(sound) {
    const quiet = this.#loudest < HARDLY_ANYTHING;
    this.#close();
    [this.#sound, this.#isKept] = [sound, false];
    this.dispatchEvent(new Event("input", { bubbles: true }));
    const audio = this.querySelector("audio");
    URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(sound);
    const words = this.querySelector("[data-words]");
    words.textContent = words.dataset.again;
    this.#show({ record: true, stop: false, live: false, audio: true, keep: true });
    this.#button("keep").focus();
    this.#tell(quiet ? this.dataset.quiet : this.dataset.ready, quiet);
  }

  #keep() {
    const input = this.closest(".cc-sound").querySelector("input[type=file]");
    this.#isKept = true;
    const ending = this.#sound.type.split(/[/;]/)[1] || "webm";
    const files = new DataTransfer();
    files.items.add(new File([this.#sound], `recording.${ending}`, { type: this.#sound.type }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    this.#show({ record: true, stop: false, live: false, audio: true, keep: false });
    this.#tell(this.dataset.kept);
  }

  #close() {
    clearInterval(this.#meter);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#context?.close();
    this.#stream = this.#context = null;
  }

  #button(name) {
    return this.querySelector(`[data-do="${name}"]`);
  }

  #show({ live, audio, ...buttons }) {
    for (const [name, shown] of Object.entries(buttons)) this.#button(name).hidden = !shown;
    this.querySelector(".cc-recorder-live").hidden = !live;
    this.querySelector("audio").hidden = !audio;
  }

  #tell(words, failed = false) {
    const status = this.querySelector(".cc-recorder-words");
    status.textContent = words;
    status.classList.toggle("is-bad", failed);
  }
}

// How browsers say why there is no microphone, as the words that the page has for it.
function reason({ name }) {
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotAllowedError" || name === "SecurityError" ? "refused" : "busy";
}

customElements.define("cc-recorder", Recorder);
