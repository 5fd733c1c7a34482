"""What menu, language choice and collected digits share: asking again, counting, and understanding words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ivr.kinds.base import Leave, Move, Option, Problem, Progress, Step, Turn, Wait
from telephony.twiml import Gather, Prompting, Redirect

# Twilio takes so many hints of such a length
MOST_HINTS = 500
LONGEST_HINT = 100


class Retries(NamedTuple):
    """How often a caller may be silent or wrong, and the ways out when it is enough."""

    silences: int
    mistakes: int
    no_input: str = "no_input"
    wrong_input: str = "wrong_input"


def ask_again(step: Step, turn: Turn, retries: Retries, *, silent: bool) -> tuple[Progress, tuple[Prompting, ...]] | Leave:
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
    return ",".join([word for word in words if len(word) <= LONGEST_HINT][:MOST_HINTS]) or None


def normal(words: str) -> str:
    """Give words as they are compared: without case, accents and punctuation."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(letter))
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
    if not step.options:
        yield step.error("no_options", f"Step “{step.name}” has no options to choose from.")
    keys: dict[str, str] = {}
    words: dict[str, str] = {}
    for option in step.options:
        if not option.keys and not option.words:
            yield step.error("option_without_input", f"Option “{option.exit}” of step “{step.name}” has neither keys nor words.")
        if option.keys in keys:
            yield step.error(
                "duplicate_keys",
                f"Options “{keys[option.keys]}” and “{option.exit}” of step “{step.name}” have the same keys {option.keys}.",
            )
        elif option.keys:
            keys[option.keys] = option.exit
        for word in dict.fromkeys(filter(None, map(normal, option.words))):
            if word in words:
                yield step.error(
                    "duplicate_words",
                    f"Options “{words[word]}” and “{option.exit}” of step “{step.name}” have the same word “{word}”.",
                )
            words[word] = option.exit
    for long, name in keys.items():
        for short, other in keys.items():
            if short != long and long.startswith(short):
                yield step.warning(
                    "hidden_option",
                    f"Option “{name}” ({long}) of step “{step.name}” is hidden behind “{other}” ({short}): who dials it with a pause gets"
                    f" “{other}”, and who presses {short} waits {timeout} seconds.",
                )
