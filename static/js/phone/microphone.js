// The computer's microphone, handed on in short pieces while somebody speaks: the call must not take a person who is
// still speaking for a silent one.

const RATE = 8000;
const PIECE_SECONDS = 0.5;
// Spoken ahead of the first piece, so that each next one arrives before the one before it has been said.
const HEAD_START_SECONDS = 0.3;

export class Microphone {
  #context = null;
  #stream = null;
  #samples = [];
  #count = 0;
  #sent = Promise.resolve();
  #send = null;

  get recording() {
    return this.#context !== null;
  }

  // Begin, and call `send` with each piece as a WAV, one after the other.
  async start(send) {
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    this.#context = new AudioContext({ sampleRate: RATE });
    this.#send = send;
    this.#samples = [new Float32Array(RATE * HEAD_START_SECONDS)];
    this.#count = this.#samples[0].length;
    await this.#context.audioWorklet.addModule(new URL("./capture.js", import.meta.url));
    const capture = new AudioWorkletNode(this.#context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    capture.port.onmessage = ({ data }) => this.#take(data);
    this.#context.createMediaStreamSource(this.#stream).connect(capture);
  }

  // End; the last piece carries what speech recognition is to make of the whole.
  stop(text) {
    if (!this.#context) return;
    for (const track of this.#stream.getTracks()) track.stop();
    this.#context.close();
    this.#context = null;
    this.#flush(text);
  }

  #take(samples) {
    if (!this.#context) return;
    this.#samples.push(samples);
    this.#count += samples.length;
    if (this.#count >= RATE * PIECE_SECONDS) this.#flush("");
  }

  #flush(text) {
    if (!this.#count && !text) return; // stopped just after a piece: an empty one would be refused
    if (!this.#count) {
      this.#samples = [new Float32Array(RATE / 10)]; // words need some sound to ride on
      this.#count = this.#samples[0].length;
    }
    const piece = wav(this.#samples, this.#count);
    this.#samples = [];
    this.#count = 0;
    const send = this.#send;
    this.#sent = this.#sent.then(() => send(piece, text));
  }
}

function wav(blocks, count) {
  const data = new DataView(new ArrayBuffer(44 + 2 * count));
  const word = (at, letters) => [...letters].forEach((letter, index) => data.setUint8(at + index, letter.charCodeAt(0)));
  word(0, "RIFF");
  data.setUint32(4, 36 + 2 * count, true);
  word(8, "WAVEfmt ");
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, RATE, true);
  data.setUint32(28, 2 * RATE, true);
  data.setUint16(32, 2, true);
  data.setUint16(34, 16, true);
  word(36, "data");
  data.setUint32(40, 2 * count, true);
  let at = 44;
  for (const block of blocks) {
    for (const sample of block) {
      data.setInt16(at, Math.max(-1, Math.min(1, sample)) * 0x7fff, true);
      at += 2;
    }
  }
  return new Blob([data], { type: "audio/wav" });
}
