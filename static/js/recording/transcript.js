// What was said, line by line: a press on a line plays from there, and the line that is heard is marked.

const BEFORE = 0.05; // a line counts as begun a moment before its first word

export function follow(audio, transcript, playFrom) {
  if (!transcript) return;
  const lines = [...transcript.querySelectorAll("[data-start]")];
  const starts = lines.map((line) => Number(line.dataset.start));
  let marked = null;

  transcript.addEventListener("click", (event) => {
    const line = event.target.closest("[data-start]");
    // Whoever marks words to copy them does not want to hear them.
    if (!line || event.target.closest("a, button") || String(getSelection())) return;
    playFrom(Number(line.dataset.start));
  });

  function mark() {
    const line = lines[starts.findLastIndex((start) => start <= audio.currentTime + BEFORE)] ?? null;
    if (line === marked) return;
    marked?.removeAttribute("aria-current");
    line?.setAttribute("aria-current", "true");
    marked = line;
    if (line && !audio.paused && !transcript.contains(document.activeElement)) show(transcript, line);
  }

  audio.addEventListener("timeupdate", mark);
  audio.addEventListener("seeking", mark);
}

// Scrolls the transcript alone, never the page.
function show(transcript, line) {
  const box = transcript.getBoundingClientRect();
  const place = line.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom) transcript.scrollTop += place.top - box.top - box.height / 3;
}
