// The dialogs of the desk: whom to ring, the keypad, what the caller says of recording, the keys, the sound test.

let opener = "";

// About the present call: they close when it is over.
const OF_THE_CALL = ["targets", "digits", "withdraw", "agree"];

const talk = () => document.getElementById("panel-talk");
const conference = () => talk().querySelector("input[name=conference]")?.value ?? "";

function open(button) {
  const dialog = document.getElementById(`dialog-${button.dataset.dialog}`);
  if (!dialog || dialog.open) return;
  opener = button.id;
  for (const message of dialog.querySelectorAll(".dialog-message")) message.textContent = "";
  for (const field of dialog.querySelectorAll(":scope > form [name=conference]")) field.value = conference();
  if (button.dataset.dialog === "targets") findTargets(button.dataset.why);
  if (button.dataset.dialog === "digits") prepareDigits(dialog);
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
}

function findTargets(why) {
  const place = document.getElementById("panel-targets");
  const address = document.querySelector("[data-address]")?.dataset.address ?? place.getAttribute("hx-get").split("?")[0];
  // What was searched for last time is kept by htmx as what people type; it must not come back.
  for (const id of ["targets-search", "somewhere"]) document.getElementById(id)?.remove();
  const query = new URLSearchParams({ why, conference: conference() });
  htmx.ajax("GET", `${address}?${query}`, { target: "#panel-targets", swap: "outerHTML" }).then(() => document.getElementById("targets-search")?.focus());
}

function prepareDigits(dialog) {
  const people = document.getElementById("digits-people");
  dialog.querySelector("#digits-to").replaceChildren(...(people?.content.cloneNode(true).children ?? []));
  dialog.querySelector("#digits").value = "";
}

function closed(dialog) {
  if (document.activeElement === document.body) (document.getElementById(opener) ?? talk().querySelector(".panel-title"))?.focus();
  dialog.dispatchEvent(new CustomEvent("left"));
}

export function start() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-dialog]");
    if (button) open(button);
    else if (target.closest("[data-closes]")) target.closest("dialog").close();
    const digit = target.closest("[data-digit]");
    if (digit) document.getElementById("digits").value += digit.dataset.digit;
  });
  for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => closed(dialog));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const sends = { somewhere: "pick-somewhere", digits: "digits-send" }[event.target.id];
    if (sends) document.getElementById(sends).click();
  });
  document.body.addEventListener("said", ({ target, detail }) => {
    const dialog = target.closest?.("dialog[open]");
    if (!dialog) return;
    const message = dialog.querySelector(".dialog-message");
    if (message) message.textContent = detail.failed ? detail.text : "";
    if (!detail.failed) dialog.close();
  });
  // Nothing can be given away any more.
  document.body.addEventListener("htmx:afterSwap", () => {
    if (talk().dataset.kind === "call") return;
    for (const name of OF_THE_CALL) document.getElementById(`dialog-${name}`).close();
  });
}
