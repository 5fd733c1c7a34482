"""How long a call may stay in a step, and how many prompts it hears there, before it goes on. Pure.

The longest time is that of a caller who answers as late and as wrongly as the step allows: waits last as long as the
step's own limits. Texts count by estimate, sounds by their length, in the language that takes longest.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ivr.kinds import consenting
from ivr.kinds.base import Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.collect import Collect
from ivr.kinds.conference_room import LONGEST_PIN, ConferenceRoom
from ivr.kinds.consent import Consent
from ivr.kinds.language import Language
from ivr.kinds.look_up import SPARE_LOOKS, LookUp
from ivr.kinds.menu import Menu
from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.kinds.voicemail import Voicemail
from ivr.prompts import speaking
from ivr.script import Script

#: what a question about recording takes, answered by nobody
CONSENT = consenting.TRIES * (6 + 6)
READ_OUT = 6  # seconds more for a telephone number that is read out
KEYS_OF_A_NUMBER = 12


class Stay(NamedTuple):
    """The longest stay, and that of somebody who answers at once; seconds are infinite where nothing ends a wait."""

    seconds: float = 0.0
    prompts: int = 0
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long prompts last. `waits`: the longest wait of each queue in seconds, None for no limit."""

    script: Script
    sounds: Mapping[str, float] = field(default_factory=dict)
    waits: Mapping[str, int | None] = field(default_factory=dict)
    _known: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def of(self, prompt: str | None) -> float:
        """Give the seconds of a prompt in the language that takes longest; 0 for none."""
        if not prompt:
            return 0.0
        if prompt not in self._known:
            self._known[prompt] = max(self._each(prompt), default=0.0)
        return self._known[prompt]

    def together(self, prompt: str | None) -> float:
        """Give the seconds of a prompt that is said in each language, one after the other."""
        return sum(self._each(prompt)) if prompt else 0.0

    def _each(self, prompt: str) -> list[float]:
        found = self.script.prompts.get(prompt)
        wordings = [found.wordings[one] for one in self.script.languages if one in found.wordings] if found else []
        return [self.sounds.get(one.audio, 0.0) if one.audio else speaking.seconds(one.text) for one in wordings]


def stay(step: Step, exit_: str, lengths: Lengths) -> Stay:
    """Tell of a call that leaves `step` by an exit; "" where it ends there."""
    match step:
        case Menu() | Collect() | Language() | CallBack() | ConferenceRoom():
            return _asked(step, lengths)
        case Queue():
            return _waited(step, exit_, lengths)
        case Ring():
            rings = step.seconds * (len(step.targets) if step.order == "in_turn" else 1)
            return Stay(rings, 0, 0.0)
        case LookUp():
            message = lengths.of(step.prompts.get("message"))
            return Stay(message + step.seconds + SPARE_LOOKS, _count(step), message)
        case Consent():
            return Stay(CONSENT, consenting.TRIES, CONSENT / consenting.TRIES)
        case Voicemail():
            greeting = lengths.of(step.prompts.get("greeting"))
            return Stay(greeting + step.max_length, 1, greeting)
        case _:
            said = sum(map(lengths.of, step.prompts.values()))
            return Stay(said, _count(step), said)


def asking(step: Step, lengths: Lengths) -> float:
    """Give the longest time in seconds for which a step asks its caller for keys."""
    return stay(step, "", lengths).seconds


def _asked(step: Step, lengths: Lengths) -> Stay:
    """A question, asked again after each silence and each wrong answer but the last."""

    def said(role: str) -> float:
        return lengths.of(step.prompts.get(role))

    def heard(*roles: str) -> int:
        return sum(role in step.prompts for role in roles)

    match step:
        case Menu():
            keys = max((len(option.keys) for option in step.options), default=1) or 1
            confirm = said("confirm") + step.timeout if "confirm" in step.prompts else 0.0
            ask = said("greeting") + step.timeout * keys
            silent, wrong = said("no_input") + ask, said("wrong") + ask + confirm
            return Stay(
                ask + (step.max_silences - 1) * silent + (step.max_mistakes - 1) * wrong + confirm,
                heard("greeting", "confirm")
                + (step.max_silences - 1) * heard("greeting", "no_input")
                + (step.max_mistakes - 1) * heard("greeting", "wrong", "confirm"),
                said("greeting"),
            )
        case Collect():
            ask = said("question") + step.timeout * step.max_length
            again = (step.max_silences - 1) * (said("no_input") + said("question") + step.timeout)
            return Stay(
                ask + again + (step.max_mistakes - 1) * (said("wrong") + ask),
                heard("question")
                + (step.max_silences - 1) * heard("question", "no_input")
                + (step.max_mistakes - 1) * heard("question", "wrong"),
                said("question"),
            )
        case Language():
            together = {role: lengths.together(step.prompts.get(role)) for role in ("greeting", "no_input", "wrong")}
            keys = max((len(option.keys) for option in step.options), default=1) or 1
            ask = together["greeting"] + step.timeout * keys
            more = max(together["no_input"], together["wrong"])
            said_again = heard("greeting") + max(heard("no_input"), heard("wrong"))
            return Stay(
                ask + (step.max_tries - 1) * (more + ask),
                heard("greeting") + (step.max_tries - 1) * said_again,
                together["greeting"],
            )
        case CallBack():
            confirm = said("confirm") + READ_OUT + step.timeout
            key_in = said("wrong") + said("key_in") + step.timeout * KEYS_OF_A_NUMBER
            after = max(said("stored"), said("present"))
            return Stay(
                step.max_tries * max(confirm, key_in) + confirm + after,
                step.max_tries * heard("wrong", "key_in") + heard("confirm", "stored"),
                said("confirm") + READ_OUT + said("stored"),
            )
        case ConferenceRoom():
            ask = said("pin") + step.timeout * LONGEST_PIN
            return Stay(
                ask + (step.max_tries - 1) * (said("wrong") + ask),
                heard("pin") + (step.max_tries - 1) * heard("pin", "wrong"),
                said("pin"),
            )
    return Stay()


def _waited(step: Queue, exit_: str, lengths: Lengths) -> Stay:
    """A wait: over on arrival where the queue is full, else as long as the step or the queue lets callers wait."""
    limit = step.longest or lengths.waits.get(step.reference)
    longest = float(limit) if limit else math.inf
    said = len({item.prompt for item in step.wait_items if item.prompt})
    if exit_ == "full" or (exit_ == "unstaffed" and step.unstaffed != "always"):
        return Stay()
    return Stay(longest, said, 0.0)


def _count(step: Step) -> int:
    return len(step.prompts)
