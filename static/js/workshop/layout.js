// Asks the worker where steps are to stand. An answer that is late, because something else was asked since, is dropped.

let worker = null;
let last = 0;
const waiting = new Map();

export function place(nodes, edges) {
  if (!worker) {
    worker = new Worker(new URL("./layout-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      waiting.get(data.id)?.(data.at);
      waiting.delete(data.id);
    };
  }
  const id = ++last;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker.postMessage({ id, nodes, edges });
  });
}
