// Runs on the browser's audio thread: hands every block of samples to the page.

class Capture extends AudioWorkletProcessor {
  process(inputs) {
    const [samples] = inputs[0];
    if (samples) this.port.postMessage(samples.slice());
    return true;
  }
}

registerProcessor("capture", Capture);
