// The board: the same panels, clocks and keys as the desk has, and a sheet for what is looked at more closely.

import { start as startKeys } from "../keys.js";
import { start as startLive } from "../live.js";

const PANELS = { 1: "lines", 2: "waiting", 3: "talks", 4: "people" };
let opener = "";

function open(button, name) {
  const dialog = document.getElementById(`dialog-${name}`);
  if (!dialog || dialog.open) return;
  opener = button.id;
  for (const message of dialog.querySelectorAll(".dialog-message")) message.textContent = "";
  dialog.showModal();
}

function closed(dialog) {
  // What nobody looks at is not fetched again.
  if (dialog.id === "dialog-sheet") document.getElementById("sheet").replaceChildren();
  if (document.activeElement === document.body) document.getElementById(opener)?.focus();
}

function clicked({ target }) {
  const button = target.closest("[data-sheet], [data-dialog]");
  if (button) open(button, button.dataset.dialog ?? "sheet");
  else if (target.closest("[data-closes]")) target.closest("dialog").close();
}

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !PANELS[event.key]) return;
  if (event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const title = document.getElementById(`title-${PANELS[event.key]}`);
  title?.focus();
  title?.scrollIntoView({ block: "nearest" });
}

// In the sheet a refusal stays where the button is; what went well is said, and the panel shows it.
function said({ target, detail }) {
  const message = target.closest?.("dialog[open]")?.querySelector(".dialog-message");
  if (message) message.textContent = detail.failed ? detail.text : "";
  const text = document.getElementById("announcement");
  if (text && !detail.failed && target.id === "sheet-announce") text.value = "";
}

// Between shifts a wall would show the page of last month.
const DAY_MS = 24 * 60 * 60 * 1000;
if (document.querySelector(".is-afar")) setTimeout(() => location.reload(), DAY_MS);

document.addEventListener("click", clicked);
document.addEventListener("keydown", pressed);
document.body.addEventListener("said", said);
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => closed(dialog));
startKeys();
startLive();
