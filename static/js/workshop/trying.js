// What is folded out in the panel "Try it" stays so when the panel is drawn anew. Changed conditions are tried at once.

const opened = new Map();
const inside = (node) => node instanceof Element && node.closest(".cc-trying");

document.addEventListener("toggle", ({ target }) => target.id && inside(target) && opened.set(target.id, target.open), true);

document.body.addEventListener("htmx:load", ({ target }) => {
  const panel = target.closest?.(".cc-trying") ?? target.querySelector?.(".cc-trying");
  for (const one of panel?.querySelectorAll("details[id]") ?? []) {
    if (one.querySelector(":scope [role=alert]")) continue;
    if (opened.has(one.id)) one.open = opened.get(one.id);
  }
});

document.addEventListener("change", ({ target }) => {
  if (!inside(target) || !target.closest(".try-supposed")) return;
  document.getElementById("try-run").click();
});
