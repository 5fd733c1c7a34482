"""What a flow says: its languages with their voices, its prompts, and the verbs that speak them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ivr import ssml, voices
from ivr.speech import pieces
from telephony.twiml import Play, Prompting, Say


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

    def say(self, prompt: str, language: str, *, media: str) -> tuple[Prompting, ...]:
        """Give the verbs that say `prompt` in `language`, or in the first language that it has."""
        found = self.prompts.get(prompt)
        if not found or not found.wordings:
            return ()
        if language not in found.wordings:
            language = self.default if self.default in found.wordings else next(iter(found.wordings))
        wording = found.wordings[language]
        if wording.audio:
            return (Play(media + wording.audio),)
        return speak(wording.text, self.voice(wording, language), language)


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
