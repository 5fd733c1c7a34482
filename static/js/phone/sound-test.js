// The sound test before the shift: which devices, how loud, and what the others will hear.

const CHOSEN = { in: "sound-in", out: "sound-out" };
const SECONDS = 3;
const LOOK_MS = 80;

const get = (id) => document.getElementById(id);

export class SoundTest {
  #phone;
  #ring;
  #stream = null;
  #context = null;
  #meter = null;

  constructor(phone, ring) {
    this.#phone = phone;
    this.#ring = ring;
    const dialog = get("dialog-sound");
    dialog.addEventListener("opened", () => this.#open());
    dialog.addEventListener("left", () => this.#close());
    get("sound-in").addEventListener("change", ({ target }) => this.#choose("in", target.value));
    get("sound-out").addEventListener("change", ({ target }) => this.#choose("out", target.value));
    get("sound-ring").addEventListener("change", ({ target }) => ring.choose(target.value));
    get("sound-try-ring").addEventListener("click", () => ring.test());
    get("sound-echo").addEventListener("click", () => this.#echo());
    phone.addEventListener("device", () => this.apply());
  }

  // What was chosen on this computer before; a device that is not there any more is left to the browser.
  async apply() {
    const { audio } = this.#phone.device;
    const [input, output] = [localStorage.getItem(CHOSEN.in), localStorage.getItem(CHOSEN.out)];
    if (input) await audio?.setInputDevice?.(input).catch(() => {});
    if (output && audio?.isOutputSelectionSupported) await audio.speakerDevices.set(output).catch(() => {});
  }

  async #open() {
    await this.#listen();
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    fill("sound-in", devices, "audioinput", localStorage.getItem(CHOSEN.in));
    fill("sound-out", devices, "audiooutput", localStorage.getItem(CHOSEN.out));
    fill("sound-ring", devices, "audiooutput", this.#ring.device);
  }

  async #choose(way, id) {
    localStorage.setItem(CHOSEN[way], id);
    await this.apply();
    if (way === "in") await this.#listen();
    else await this.#context?.setSinkId?.(id).catch(() => {});
  }

  async #listen() {
    this.#close();
    try {
      const id = localStorage.getItem(CHOSEN.in);
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: id ? { deviceId: { ideal: id } } : true });
    } catch {
      tell("The microphone cannot be used. Is it connected, and allowed for this page?");
      return;
    }
    this.#context = new AudioContext();
    await this.#context.setSinkId?.(localStorage.getItem(CHOSEN.out) ?? "").catch(() => {});
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(this.#stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#meter = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      get("sound-level").value = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    }, LOOK_MS);
  }

  async #echo() {
    if (!this.#stream) await this.#listen();
    if (!this.#stream) return;
    const button = get("sound-echo");
    button.disabled = true;
    tell("Recording: say something…");
    const pieces = [];
    const recorder = new MediaRecorder(this.#stream);
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => this.#play(new Blob(pieces), button);
    recorder.start();
    setTimeout(() => recorder.state === "recording" && recorder.stop(), SECONDS * 1000);
  }

  async #play(sound, button) {
    button.disabled = false;
    if (!this.#context) return; // closed meanwhile
    const source = this.#context.createBufferSource();
    source.buffer = await this.#context.decodeAudioData(await sound.arrayBuffer());
    source.connect(this.#context.destination);
    source.onended = () => tell("This is how others hear you.");
    tell("Now you hear yourself…");
    source.start();
  }

  #close() {
    clearInterval(this.#meter);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#context?.close();
    this.#stream = this.#context = null;
  }
}

function tell(words) {
  get("sound-words").textContent = words;
}

function fill(id, devices, kind, chosen) {
  const options = devices.filter((one) => one.kind === kind).map((one, place) => new Option(one.label || `${place + 1}`, one.deviceId));
  if (!options.length) options.push(new Option("As the browser chooses", ""));
  get(id).replaceChildren(...options);
  if (chosen) get(id).value = chosen;
  if (!get(id).value) get(id).selectedIndex = 0;
}
