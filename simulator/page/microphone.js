// Recording with the computer's microphone; the simulator turns whatever the browser makes into telephone audio.

export class Microphone {
  #recorder = null;

  get recording() {
    return this.#recorder !== null;
  }

  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } });
    this.#recorder = new MediaRecorder(stream);
    this.#recorder.start();
  }

  // End the recording and give back its sound, or null when there was none.
  stop() {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (!recorder) return Promise.resolve(null);
    return new Promise((resolve) => {
      const pieces = [];
      recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
      recorder.addEventListener("stop", () => {
        for (const track of recorder.stream.getTracks()) track.stop();
        resolve(new Blob(pieces, { type: recorder.mimeType }));
      });
      recorder.stop();
    });
  }
}
