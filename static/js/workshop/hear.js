// Reads a text aloud with a voice of the browser, which stands in for the one that callers hear. A button with
// data-hear stands beside the text's field, or has the text itself in data-text; data-language is the text's.

const bare = (text) => text.replace(/<break\b[^>]*>/g, ", ").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();

function voiceFor(language) {
  const voices = speechSynthesis.getVoices();
  const short = language.split("-")[0];
  return voices.find((one) => one.lang.replace("_", "-") === language) ?? voices.find((one) => one.lang.split(/[-_]/)[0] === short);
}

// Reads aloud, and gives false where this browser cannot.
export function hear(text, language, { ended = () => {} } = {}) {
  if (!window.speechSynthesis || !bare(text)) return false;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(bare(text));
  said.lang = language;
  const voice = voiceFor(language);
  if (voice) said.voice = voice;
  said.onend = said.onerror = ended;
  speechSynthesis.speak(said);
  return voice !== undefined || speechSynthesis.getVoices().length === 0;
}

export function hush() {
  window.speechSynthesis?.cancel();
}

// The language of a text in a form that asks for it in the same row.
function languageOf(field) {
  return field.form?.elements.namedItem(field.name.replace(/[^-]*$/, "language"))?.value || document.documentElement.lang;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-hear], [data-text][data-language]");
  if (!button) return;
  if (button.getAttribute("aria-pressed") === "true") {
    hush();
    button.setAttribute("aria-pressed", "false");
    return;
  }
  const field = button.closest(".cc-spoken")?.querySelector("textarea");
  const text = field ? field.value : (button.dataset.text ?? "");
  const told = button.parentElement.querySelector("[data-hear-words]");
  const ended = () => button.setAttribute("aria-pressed", "false");
  const could = hear(text, button.dataset.language || languageOf(field), { ended });
  button.setAttribute("aria-pressed", could ? "true" : "false");
  if (told) told.textContent = could || !bare(text) ? "" : told.dataset.hearWords;
});
