"""What a flow says: its languages with their voices, its prompts, and the verbs that speak them. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from xml.sax.saxutils import escape

from ivr.kinds.settings import NAME
from ivr.prompts import ssml, voices
from ivr.prompts.speech import pieces
from telephony.twiml import Play, Prompting, Say

#: names in braces that texts have for what only one kind of step knows; no variable is said in their place
RESERVED = frozenset({"position", "low", "high", "number", "word"})
#: letters of a text that is filled with what was looked up; what is longer is cut
MOST_LETTERS = 20_000
_NAMES = re.compile(rf"\{{({NAME})\}}")


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt in one language: a text (`voice` "" is the flow's for the language), or the hash of a sound."""

    text: str = ""
    voice: str = ""
    audio: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    wordings: Mapping[str, Wording]


@dataclass(frozen=True, slots=True)
class Script:
    """`languages` holds the voice of each; the first is where callers begin."""

    languages: Mapping[str, str]
    prompts: Mapping[str, Prompt]

    @property
    def default(self) -> str:
        return next(iter(self.languages), "en-US")

    def voice(self, wording: Wording, language: str) -> str:
        return wording.voice or self.languages.get(language, "")

    def say(
        self, prompt: str, language: str, *, media: str, words: Mapping[str, str] | None = None
    ) -> tuple[Prompting, ...]:
        """Give the verbs that say `prompt` in `language`, or in the first language that it has, filled with `words`."""
        found = self.prompts.get(prompt)
        if not found or not found.wordings:
            return ()
        if language not in found.wordings:
            language = self.default if self.default in found.wordings else next(iter(found.wordings))
        wording = found.wordings[language]
        if wording.audio:
            return (Play(media + wording.audio),)
        return speak(spoken(wording.text, words or {}), self.voice(wording, language), language)

    def written(self, prompt: str, language: str, *, words: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Give the language and the text of a prompt as it is read, not said: nothing where it has only sounds."""
        found = self.prompts.get(prompt)
        texts = {name: one.text for name, one in found.wordings.items() if one.text and not one.audio} if found else {}
        if not texts:
            return "", ""
        if language not in texts:
            language = self.default if self.default in texts else next(iter(texts))
        text = texts[language]
        bare = ssml.bare(text) if ssml.is_markup(text) else text
        return language, spoken(bare, words or {})


def names_in(text: str) -> list[str]:
    """Give the names of variables that a text says."""
    return [name for name in dict.fromkeys(_NAMES.findall(text)) if name not in RESERVED]


def spoken(text: str, words: Mapping[str, str]) -> str:
    """Put words where the text has their names in braces. They cannot become markup; names without a word stay."""
    if "{" not in text:
        return text
    is_markup = ssml.is_markup(text)

    def word(found: re.Match[str]) -> str:
        name = found[1]
        if name in RESERVED or name not in words:
            return found[0]
        bare = words[name].translate({ord("<"): " ", ord(">"): " "})
        return escape(bare, {"'": "&apos;", '"': "&quot;"}) if is_markup else bare

    return _NAMES.sub(word, text)[:MOST_LETTERS]


def speak(text: str, voice: str, language: str) -> tuple[Say, ...]:
    """Give the verbs that speak `text`: several where it is longer than the voice's limit, none where there is no text.

    Markup is kept whole. Markup that is wrong is spoken without its tags, as it would spoil the document.
    """
    if ssml.is_markup(text):
        if not ssml.check(text):
            return (Say(text, voice=voice or None, language=language, markup=True),)
        text = ssml.bare(text)
    if len(text) <= voices.SHORT:
        split = [text] if text.strip() else []
    else:
        split = pieces(text, voices.limit(voice), partial(voices.size, voice=voice))
    return tuple(Say(piece, voice=voice or None, language=language) for piece in split)


def fill(verbs: Iterable[Prompting], **words: str) -> tuple[Prompting, ...]:
    """Put words where a text has their names in braces. In a marked-up text they must not be able to become markup."""
    return tuple(_filled(verb, words) if isinstance(verb, Say) and "{" in verb.text else verb for verb in verbs)


def _filled(verb: Say, words: Mapping[str, str]) -> Say:
    text = verb.text
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return replace(verb, text=text)
