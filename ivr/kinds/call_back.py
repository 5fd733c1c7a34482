"""Offer to call the caller back: ask for the number, and say that it is stored only after it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

import phonenumbers

from ivr.kinds.base import ExitName, Heard, Keys, Leave, Move, Problem, Progress, Role, Step, Turn, Wait
from ivr.kinds.requests import AskCallBack
from ivr.kinds.settings import text, whole
from ivr.prompts import voices
from telephony import numbers
from telephony.twiml import Gather, Prompting, Redirect, Say

CONFIRMING, KEYING, ASKED = "confirming", "keying", "asked"
MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class CallBack(Step):
    countries: str = text(
        "",
        "Countries that may be called",
        pattern=r"([A-Z]{2}([, ]+[A-Z]{2})*)?",
        help_text="Like US, CA. Empty: the country of the number that was called.",
    )
    timeout: int = whole(5, "Seconds to wait for each key", minimum=1, maximum=60)
    max_tries: int = whole(3, "Ask so many times", minimum=1, maximum=10)

    KIND = "call_back"
    LABEL = "Call back"
    EXITS = (
        ExitName("stored", "Will be called back", by_caller=True),
        ExitName("refused", "Cannot be called back"),
        ExitName("failed", "Could not be stored"),
    )
    PROMPTS = (
        Role("confirm", "Read the number out, with {number}: press 1, or 2 for another one"),
        Role("key_in", "Ask for another number, ended by the pound key"),
        Role("stored", "We will call you back"),
        Role("present", "You are waiting to be called back already", required=False),
        Role("wrong", "This number cannot be called", required=False),
    )
    TAKES = "queue"
    WAITS = True

    @property
    def hides_input(self) -> bool:
        return True  # telephone numbers

    def enter(self, turn: Turn) -> Move:
        number = self._callable(turn, turn.caller)
        return self._confirm(turn, Progress(), number) if number else self._key_in(turn, Progress(), ())

    def resume(self, turn: Turn, heard: Heard) -> Move:
        match turn.progress.phase, heard:
            case "asked", _:
                return self._told(turn)
            case "confirming", Keys("1"):
                ask = AskCallBack(self.reference, turn.progress.noted, turn.language)
                # the answer to this is heard by nobody: only the next request can know what is stored
                return Wait((Redirect(turn.urls.resume),), Progress(phase=ASKED), (ask,))
            case "confirming", Keys("2"):
                return self._key_in(turn, turn.progress, ())
            case "keying", Keys(digits):
                number = self._callable(turn, digits)
                if number:
                    return self._confirm(turn, turn.progress, number)
        return self._again(turn)

    def problems(self) -> Iterator[Problem]:
        for code in countries_of(self.countries):
            if code not in phonenumbers.SUPPORTED_REGIONS:
                yield self.error("unknown_country", f"“{code}” in step “{self.name}” is no country's two letters.")

    def _told(self, turn: Turn) -> Move:
        match turn.progress.noted:
            case "stored":
                return Leave("stored", self.say(turn, "stored"))
            case "present":
                return Leave("stored", self.say(turn, "present") or self.say(turn, "stored"))
            case "refused":
                return Leave("refused", self.say(turn, "wrong"))
            case _:
                return Leave("failed")

    def _again(self, turn: Turn) -> Move:
        progress = replace(turn.progress, mistakes=turn.progress.mistakes + 1)
        if progress.mistakes >= self.max_tries:
            return Leave("refused")
        if progress.phase == CONFIRMING:
            return self._confirm(turn, progress, progress.noted)
        return self._key_in(turn, progress, self.say(turn, "wrong"))

    def _confirm(self, turn: Turn, progress: Progress, number: str) -> Move:
        prompts = tuple(_read_out(verb, number) for verb in self.say(turn, "confirm"))
        gather = Gather(turn.urls.resume, prompts, timeout=self.timeout, num_digits=1)
        return Wait((gather, Redirect(turn.urls.resume)), replace(progress, phase=CONFIRMING, noted=number))

    def _key_in(self, turn: Turn, progress: Progress, before: tuple[Prompting, ...]) -> Move:
        prompts = before + self.say(turn, "key_in")
        gather = Gather(turn.urls.resume, prompts, timeout=self.timeout, finish_on_key="#", num_digits=MOST_DIGITS)
        return Wait((gather, Redirect(turn.urls.resume)), replace(progress, phase=KEYING, noted=""))

    def _callable(self, turn: Turn, raw: str) -> str:
        """Give a number as E.164 if it is one that may be called, else ""."""
        home = numbers.country(turn.own_number)
        number = numbers.parse(raw, country=home) or ""
        return number if numbers.country(number) in (countries_of(self.countries) or (home,)) else ""


def countries_of(written: str) -> tuple[str, ...]:
    return tuple(re.findall("[A-Z]{2}", written))


def _read_out(verb: Prompting, number: str) -> Prompting:
    """Put a number into a sentence, to be read digit by digit."""
    if not isinstance(verb, Say) or "{number}" not in verb.text:
        return verb
    digits = number.removeprefix("+")
    spoken = f'<say-as interpret-as="digits">{digits}</say-as>'
    if verb.markup:
        return replace(verb, text=verb.text.replace("{number}", spoken))
    if "say-as" in voices.tags(verb.voice or ""):
        return replace(verb, text=escape(verb.text).replace("{number}", spoken), markup=True)
    return replace(verb, text=verb.text.replace("{number}", ", ".join(digits)))
