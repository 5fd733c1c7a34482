// A small set of icons, drawn for this page on a grid of 24.

const SHAPES = {
  handset: "M7.2 4.5 9.6 7.7c.5.6.4 1.5-.1 2L8 11.2c1 2.1 2.7 3.8 4.8 4.8l1.5-1.5c.5-.5 1.4-.6 2-.1l3.2 2.4c.7.5.8 1.5.2 2.1l-1.5 1.5c-.8.8-2 1.1-3.1.7C9.7 19.4 4.6 14.3 2.9 8.9c-.4-1.1-.1-2.3.7-3.1l1.5-1.5c.6-.6 1.6-.5 2.1.2z",
  down: "M12 4v15M5.5 12.5 12 19l6.5-6.5",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4M12 3v2",
  voice: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  silent: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  bolt: "M13 2.5 4.5 14H11l-1 7.5L19.5 10H13z",
  plus: "M12 5v14M5 12h14",
  out: "M9 5H5v14h14v-4M13 5h6v6M19 5l-8.5 8.5",
  wire: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5",
  tape: "M7 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM17 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM7 15.5h10",
  clear: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  alarm: "M12 3.5 21.5 20h-19zM12 10v4.5M12 17.3v.2",
  keypad: "M6 5.5v.1M12 5.5v.1M18 5.5v.1M6 12v.1M12 12v.1M18 12v.1M6 18.5v.1M12 18.5v.1M18 18.5v.1",
  microphone: "M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  stop: "M7 7h10v10H7z",
  record: "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12z",
  pause: "M8.5 6v12M15.5 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  file: "M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15.5V20h15v-4.5",
  send: "M4 12 20 4.5 15 20l-3.5-6.5z",
  note: "M9.5 17.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM9.5 17.5V5L19 3.5v12M19 15.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  fold: "M9 5.5 15.5 12 9 18.5",
  copy: "M8.5 8.5v-4h11v11h-4M4.5 8.5h11v11h-11z",
  check: "M4.5 12.5 10 18 19.5 6.5",
  back: "M10 5.5 3.5 12l6.5 6.5M4 12h16.5",
  text: "M4 4.5h16v11H10l-4.5 4v-4H4zM8 8.5h8M8 11.5h5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.5v.1",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.2",
  close: "M6 6l12 12M18 6 6 18",
};

const SOLID = new Set(["handset", "stop", "send", "play", "record"]);
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}${SOLID.has(name) ? " solid" : ""}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function drawIcons(root) {
  for (const place of root.querySelectorAll("[data-icon]")) place.replaceWith(icon(place.dataset.icon));
}
