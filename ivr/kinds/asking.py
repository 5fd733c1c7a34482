"""What menu, language choice and collected digits share: asking again, counting, and understanding words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from ivr.kinds.base import Leave, Move, Option, Problem, Progress, Step, Turn, Wait
from telephony.twiml import Gather, Prompting, Redirect

# Twilio takes so many hints of such a length; all together must leave room for what is said
MOST_HINTS = 500
LONGEST_HINT = 100
MOST_HINT_LETTERS = 3000


class Retries(NamedTuple):
    """How often a caller may be silent or wrong, and the ways out when it is enough."""

    silences: int
    mistakes: int
    no_input: str = "no_input"
    wrong_input: str = "wrong_input"


def ask_again(
    step: Step, turn: Turn, retries: Retries, *, silent: bool
) -> tuple[Progress, tuple[Prompting, ...]] | Leave:
    """Count a silence or a mistake: give the new count with the words to say first, or the way out."""
    before = turn.progress
    if silent:
        if before.silences + 1 >= retries.silences:
            return Leave(retries.no_input)
        return Progress(silences=before.silences + 1, mistakes=before.mistakes), step.say(turn, "no_input")
    if before.mistakes + 1 >= retries.mistakes:
        return Leave(retries.wrong_input)
    return Progress(silences=before.silences, mistakes=before.mistakes + 1), step.say(turn, "wrong")


def wait(gather: Gather, turn: Turn, progress: Progress, *, before: Sequence[Prompting] = ()) -> Move:
    """Gather; without input Twilio runs the verb behind it, which tells us of the silence."""
    return Wait((*before, gather, Redirect(turn.urls.resume)), progress)


def key_limits(options: Sequence[Option]) -> tuple[int, str]:
    """Give Gather's `numDigits` and `finishOnKey` for the options' keys."""
    keys = [option.keys for option in options if option.keys]
    return max(map(len, keys), default=1), "" if any("#" in key for key in keys) else "#"


def by_keys(options: Sequence[Option], digits: str) -> int | None:
    return next((index for index, option in enumerate(options) if option.keys and option.keys == digits), None)


def hints(options: Sequence[Option]) -> str | None:
    words = dict.fromkeys(" ".join(word.replace(",", " ").split()) for option in options for word in option.words)
    short = [word for word in words if word and len(word) <= LONGEST_HINT][:MOST_HINTS]
    room = accumulate(len(word) + 1 for word in short)
    return ",".join(word for word, end in zip(short, room, strict=True) if end <= MOST_HINT_LETTERS) or None


def normal(words: str) -> str:
    """Give words as they are compared: without case, accents and punctuation."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(re.sub(r"[^\w*#]|_", " ", unicodedata.normalize("NFC", bare)).split())


# scripts that set no space between words
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def by_words(options: Sequence[Option], said: str) -> tuple[int, str] | None:
    """Find the option that was said, and the word that told. The longest word counts; two options as good are none."""
    text = normal(said)
    found: dict[int, str] = {}
    for index, option in enumerate(options):
        if option.keys and option.keys == text.replace(" ", ""):
            return index, option.keys
        for word in option.words:
            wanted = normal(word)
            if wanted and _says(text, wanted) and len(wanted) > len(normal(found.get(index, ""))):
                found[index] = word
    if not found:
        return None
    longest = max(len(normal(word)) for word in found.values())
    best = [(index, word) for index, word in found.items() if len(normal(word)) == longest]
    return best[0] if len(best) == 1 else None


def _says(text: str, wanted: str) -> bool:
    return f" {wanted} " in f" {text} " or (wanted in text and _UNSPACED.search(wanted) is not None)


def option_problems(step: Step, *, timeout: int) -> Iterator[Problem]:
    """Find options that callers cannot reach, or not as meant."""
    where = f"of step “{step.name}”"
    if not step.options:
        yield step.error("no_options", f"Step “{step.name}” has no options to choose from.")
    keys: dict[str, str] = {}
    words: dict[str, str] = {}
    for option in step.options:
        if not option.keys and not option.words:
            yield step.error("option_without_input", f"Option “{option.exit}” {where} has neither keys nor words.")
        if option.keys in keys:
            both = f"“{keys[option.keys]}” and “{option.exit}”"
            yield step.error("duplicate_keys", f"Options {both} {where} have the same keys {option.keys}.")
        elif option.keys:
            keys[option.keys] = option.exit
        for word in dict.fromkeys(filter(None, map(normal, option.words))):
            if word in words:
                both = f"“{words[word]}” and “{option.exit}”"
                yield step.error("duplicate_words", f"Options {both} {where} have the same word “{word}”.")
            words[word] = option.exit
    for long, name in keys.items():
        for short in (long[:end] for end in range(1, len(long))):
            if short in keys:
                text = (
                    f"Option “{name}” ({long}) {where} is hidden behind “{keys[short]}” ({short}): who dials it with a"
                    f" pause gets “{keys[short]}”, and who presses {short} waits {timeout} seconds."
                )
                yield step.warning("hidden_option", text)
