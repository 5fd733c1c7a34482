"""The words by which people end texts, want them again, or ask for help. Pure.

From Twilio's own pages: the English words from "Customize users' opt-in and opt-out experience with Advanced Opt-Out"
(docs/messaging/tutorials/advanced-opt-out) and "Twilio support for opt-out keywords (SMS STOP filtering)"; the French
ones for stop from "Opt-out keywords" of Proxy (docs/proxy/opt-out-keywords); the Spanish ones from "What are the
requirements for a Spanish-language short code?". For other languages Twilio names no word: a service with Advanced
Opt-Out has those that its owner wrote, and tells by `OptOutType` which kind a text was, whatever its language; words
of the house stand in the admin.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from messaging.states import Purpose

WORDS: Mapping[str, Mapping[Purpose, frozenset[str]]] = {
    "en": {
        Purpose.STOP: frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}),
        Purpose.START: frozenset({"START", "YES", "UNSTOP"}),
        Purpose.HELP: frozenset({"HELP", "INFO"}),
    },
    "fr": {Purpose.STOP: frozenset({"ARRET", "ARRETE", "ARRETT"})},
    "es": {Purpose.STOP: frozenset({"ALTO"}), Purpose.HELP: frozenset({"AYUDA"})},
}
# Those of which Twilio by itself takes notice on an ordinary number, and that it answers.
ANSWERED_BY_TWILIO = frozenset().union(*WORDS["en"].values())

# Twilio's `OptOutType`, of a service with Advanced Opt-Out.
_TOLD = {"STOP": Purpose.STOP, "START": Purpose.START, "HELP": Purpose.HELP}


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word of the house, as the admin has it."""

    word: str
    purpose: Purpose
    language: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text stands for. `word` is what was texted, folded; `language` that of the word, "" where any.

    `answered` says that Twilio has answered it already: a second answer would be one too many.
    """

    purpose: Purpose
    word: str
    language: str = ""
    answered: bool = False


def folded(text: str) -> str:
    """Write a text as words are compared: capitals without accents, no spaces or signs around it."""
    plain = unicodedata.normalize("NFKD", text.strip())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"^\W+|\W+$", "", plain.upper())


def meaning(text: str, *, told: str = "", own: Iterable[OwnWord] = (), twilio_answers: bool = True) -> Meaning | None:
    """Tell what a text stands for; None where it is no word. Only a text that is nothing but the word counts.

    `told` is Twilio's `OptOutType`: it wins, for Twilio has acted on it. Words of the house win over the known ones,
    except that what Twilio itself takes for STOP, START or HELP stays that.
    """
    word = folded(text)
    if (purpose := _TOLD.get(told.upper())) is not None:
        return Meaning(purpose, word, _language(word), answered=True)
    known = _known(word)
    if known is not None and twilio_answers and word in ANSWERED_BY_TWILIO:
        return Meaning(known[0], word, known[1], answered=True)
    mine = next((one for one in own if folded(one.word) == word), None) if word else None
    if mine is not None:
        return Meaning(mine.purpose, word, mine.language)
    return Meaning(known[0], word, known[1]) if known is not None else None


def _known(word: str) -> tuple[Purpose, str] | None:
    return next(
        (
            (purpose, language)
            for language, purposes in WORDS.items()
            for purpose, words in purposes.items()
            if word in words
        ),
        None,
    )


def _language(word: str) -> str:
    known = _known(word)
    return known[1] if known is not None else ""


def fits(wanted: str, language: str) -> int:
    """Tell how well a language fits the one that is wanted: 3 exactly, 2 the same tongue, 1 any, 0 not at all."""
    if not language:
        return 1
    if language == wanted:
        return 3
    return 2 if wanted and language.partition("-")[0] == wanted.partition("-")[0] else 0
