// Clocks that go on by themselves: `data-since` seconds ago, or `data-left` seconds to go, when the server drew them.

const began = new WeakMap();

function read(element) {
  if (!began.has(element)) began.set(element, performance.now());
  const passed = (performance.now() - began.get(element)) / 1000;
  const { since, left } = element.dataset;
  return Math.max(0, Math.floor(since === undefined ? Number(left) - passed + 0.5 : Number(since) + passed));
}

function written(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function tick() {
  for (const element of document.querySelectorAll(".ticking")) {
    const text = written(read(element));
    if (element.textContent !== text) element.textContent = text;
  }
}

// The same panel was drawn again: take over the server's clock.
export function retime(element, fresh) {
  Object.assign(element.dataset, fresh.dataset);
  began.set(element, performance.now());
}

export function startTicking() {
  tick();
  setInterval(tick, 1000);
}
