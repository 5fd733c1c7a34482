// The wave form above the player. It is an addition: without it the player does everything by itself.

const HEIGHT = 56;

export async function draw(audio, place, { waves, seconds }) {
  if (!place || !waves) return;
  const answer = await fetch(waves, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { channels } = await answer.json();
  if (!channels.length) return;
  const { default: WaveSurfer } = await import("../../vendor/wavesurfer.js/wavesurfer.esm.js");
  place.hidden = false;
  const picture = WaveSurfer.create({
    container: place,
    media: audio,
    peaks: channels.map((loudness) => loudness.map((hundredth) => hundredth / 100)),
    duration: Number(seconds),
    height: HEIGHT,
    barWidth: 2,
    barGap: 1,
    normalize: true,
    splitChannels: channels.map(() => ({ height: HEIGHT / channels.length })),
    ...colors(place),
  });
  // Light and dark change with a press in the admin's menu.
  new MutationObserver(() => picture.setOptions(colors(place))).observe(document.documentElement, { attributeFilter: ["class"] });
}

function colors(place) {
  const style = getComputedStyle(place);
  const color = (name) => style.getPropertyValue(name).trim();
  const [waveColor, progressColor, cursorColor] = ["--rec-wave", "--rec-heard", "--rec-cursor"].map(color);
  return { waveColor, progressColor, cursorColor };
}
