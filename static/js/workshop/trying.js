// What is folded out in the panel "Try it" stays so when the panel is drawn anew. Changed conditions are tried at once.

const opened = new Map();
const inside = (node) => node instanceof Element && node.closest(".cc-trying");

// By the press, not by the toggle: what comes folded out is told as one too.
document.addEventListener("click", ({ target }) => {
  const one = target.closest?.("summary")?.parentElement;
  if (one?.id && inside(one)) setTimeout(() => opened.set(one.id, one.open));
});

document.body.addEventListener("htmx:load", ({ target }) => {
  const panel = target.closest?.(".cc-trying") ?? target.querySelector?.(".cc-trying");
  for (const one of panel?.querySelectorAll("details[id]") ?? []) {
    if (one.querySelector(":scope [role=alert]")) continue;
    if (opened.has(one.id)) one.open = opened.get(one.id);
  }
});

// What is typed while an answer is on its way must not be drawn over: that answer is left out, and asked for again.
const supposed = (node) => inside(node) && node.closest(".try-supposed");
const run = () => document.getElementById("try-run")?.click();
let typed = false;
let leftOut = false;

document.addEventListener("input", ({ target }) => supposed(target) && (typed = true));
document.addEventListener("change", ({ target }) => supposed(target) && run());
document.addEventListener("focusout", ({ target }) => leftOut && supposed(target) && run());

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.id !== "trying-form") return;
  typed = leftOut = false;
  coming += 1;
});
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.requestConfig.elt.id === "trying-form") coming -= 1; // by what asked: the form itself may be gone by now
});

// Who presses fast presses in turn: each key belongs to what the one before has led to.
const pressed = [];
let coming = 0;

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("#trying-form button[name=do]");
    if (!button || button.id === "try-run" || !coming) return;
    event.preventDefault();
    event.stopPropagation();
    pressed.push(button.id);
  },
  true,
);
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.requestConfig?.elt?.id !== "trying-form") return;
  // what is folded in now would leave the rest of a long page in sight
  document.querySelector(".try-now")?.scrollIntoView({ block: "nearest" });
  if (pressed.length && !coming) document.getElementById(pressed.shift())?.click();
});
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "trying" || !typed) return;
  detail.shouldSwap = false;
  leftOut = true;
});
