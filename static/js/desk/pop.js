// The contact's page in another system: in a frame beside the call, or in a tab of its own, by itself for those who want
// that. The frame stands outside of the panel, which is drawn anew with each piece of news: a page must not load again.

const BY_ITSELF = "pop-by-itself";
const POPPED = "popped-for";

function frame(panel) {
  const place = document.getElementById("frame");
  const { frame: address, frameName: name } = panel.dataset;
  const present = place.querySelector("iframe");
  place.hidden = !address;
  if (!address) return present?.remove();
  if (present?.getAttribute("src") === address) return undefined;
  present?.remove();
  const fresh = document.createElement("iframe");
  fresh.title = name;
  // It may run and log in as on a tab of its own, but never lead this page elsewhere.
  fresh.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads");
  fresh.referrerPolicy = "origin";
  fresh.src = address;
  document.getElementById("title-frame").textContent = name;
  place.append(fresh);
  return undefined;
}

function pop(panel) {
  const { kind, pop: address, popFor: conversation } = panel.dataset;
  if (kind !== "ring" || !address || !localStorage.getItem(BY_ITSELF)) return;
  const once = `${conversation} ${address}`;
  if (sessionStorage.getItem(POPPED) === once) return;
  sessionStorage.setItem(POPPED, once);
  window.open(address, "_blank", "noopener,noreferrer");
}

function look() {
  const panel = document.getElementById("panel-talk");
  if (!panel) return;
  const box = panel.querySelector("[data-pop-by-itself]");
  if (box) box.checked = Boolean(localStorage.getItem(BY_ITSELF));
  frame(panel);
  pop(panel);
}

export function start() {
  document.body.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-pop-by-itself]")) return;
    if (target.checked) localStorage.setItem(BY_ITSELF, "yes");
    else localStorage.removeItem(BY_ITSELF);
  });
  document.body.addEventListener("htmx:afterSwap", look);
  look();
}
