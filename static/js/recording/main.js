// The page of a recording: its wave form, its transcript beside it, and a place in an address from which it is played.

import { follow } from "./transcript.js";
import { draw } from "./waves.js";

const place = document.getElementById("recording-player");
const audio = place?.querySelector("audio");

if (audio) {
  start(audio, placeOf(location));
  follow(audio, document.getElementById("transcript"), playFrom);
  draw(audio, place.querySelector(".rec-waves"), place.dataset);
  for (const link of document.querySelectorAll("a[href^='#t=']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      playFrom(placeOf(link));
    });
  }
  addEventListener("hashchange", () => playFrom(placeOf(location)));
  audio.addEventListener("error", tell);
}

function playFrom(second) {
  if (!(second >= 0)) return;
  audio.currentTime = second;
  // A browser may want a press first; then the player stands at the right place.
  audio.play().catch(() => {});
}

// Nothing is fetched before somebody presses: to open the page is not to listen.
function start(player, second) {
  if (second > 0) player.currentTime = second;
}

// `#t=12.5` of a link or of the page; without it `?t=12.5` of the page.
function placeOf(where) {
  const written = /^#t=(\d+(?:\.\d+)?)$/.exec(where.hash)?.[1] ?? (where === location ? new URLSearchParams(where.search).get("t") : null);
  return written === null ? Number.NaN : Number(written);
}

function tell() {
  place.querySelector(".rec-trouble").hidden = false;
}
