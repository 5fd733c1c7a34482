"""Ask an address of the owner about the caller, behind a message, and go on by what it answers, or without it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.kinds.asking import normal
from ivr.kinds.base import Asked, ExitName, Heard, Leave, Move, Problem, Progress, Role, Step, Turn, Wait
from ivr.kinds.requests import AskSource, StopAsking
from ivr.kinds.settings import NAME, lines, text, whole
from telephony.twiml import Pause, Redirect

ASKING = "asking"
#: requests, about a second apart, beyond the seconds of the step: a clock that stands still must not keep a caller
SPARE_LOOKS = 3
MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class LookUp(Step):
    seconds: int = whole(
        5, "Longest wait for the answer in seconds", minimum=1, maximum=10, help_text="Then callers go on without it."
    )
    keep: tuple[str, ...] = lines(
        "Keep from the answer",
        help_text="Names, one per line. Prompts say them in braces: {name}. Later look-ups can send them on.",
    )
    decide: str = text(
        "",
        "Choose the way by",
        pattern=f"(?:{NAME})?",
        help_text="The name in the answer whose value the options below are compared with.",
    )
    send: tuple[str, ...] = lines(
        "Send along",
        help_text="Names of what was collected or looked up before, one per line. Secret digits are never sent.",
    )

    KIND = "look_up"
    LABEL = "Look-up"
    EXITS = (ExitName("found", "Answered"), ExitName("default", "No usable answer in time"))
    PROMPTS = (Role("message", "While we ask"),)
    HAS_OPTIONS = True
    TAKES = "source"
    WAITS = True
    LISTENS = False

    def enter(self, turn: Turn) -> Move:
        sent = {name: turn.variables[name] for name in self.send if turn.variables.get(name)}
        ask = AskSource(self.reference, self.id, self.seconds, turn.language, tuple(sent.items()), tuple(self.brings()))
        return Wait((*self.say(turn, "message"), Redirect(turn.urls.resume)), Progress(phase=ASKING), (ask,))

    def resume(self, turn: Turn, _heard: Heard) -> Move:
        looks = turn.progress.index + 1
        match turn.asked:
            case Asked(answer=answer) if answer is not None:
                return Leave(self._way(answer), variables=tuple(answer.items()))
            case Asked(is_over=False) if looks <= self.seconds + SPARE_LOOKS:
                return Wait((Pause(1), Redirect(turn.urls.resume)), Progress(phase=ASKING, index=looks))
            case _:
                return Leave("default", requests=(StopAsking(self.id),))

    def brings(self) -> Iterator[str]:
        yield from dict.fromkeys(filter(None, (*self.keep, self.decide)))

    def exit_names(self) -> Iterator[ExitName]:
        yield from self.EXITS
        for option in self.options:
            yield ExitName(option.exit, option.exit)

    def problems(self) -> Iterator[Problem]:
        where = f"step “{self.name}”"
        if self.options and not self.decide:
            text = f"The options of {where} are never taken: it does not say what of the answer chooses the way."
            yield self.error("nothing_decides", text)
        if self.decide and not self.options:
            yield self.warning("nothing_to_decide", f"There are no options for the value “{self.decide}” of {where}.")
        seen: dict[str, str] = {}
        for option in self.options:
            if option.keys:
                text = f"Option “{option.exit}” of {where} has a key; a look-up compares values, callers press nothing."
                yield self.error("keys_in_look_up", text)
            if not option.words:
                yield self.error("option_without_value", f"Option “{option.exit}” of {where} has no value.")
            for value in map(normal, option.words):
                if value in seen:
                    both = f"“{seen[value]}” and “{option.exit}”"
                    yield self.error("duplicate_values", f"Options {both} of {where} have the same value “{value}”.")
                seen[value] = option.exit
        yield from self._names(where)

    def _names(self, where: str) -> Iterator[Problem]:
        for name in dict.fromkeys((*self.keep, *self.send)):
            if re.fullmatch(NAME, name) is None:
                text = f"“{name}” in {where} is not a name: small letters, digits and _, at most 32, a letter first."
                yield self.error("bad_name", text)
        if len(self.keep) > MOST_NAMES or len(self.send) > MOST_NAMES:
            yield self.error("too_many_names", f"{where[0].upper()}{where[1:]} names more than {MOST_NAMES} values.")

    def _way(self, answer: Mapping[str, str]) -> str:
        value = normal(answer.get(self.decide, ""))
        return next((row.exit for row in self.options if value and value in map(normal, row.words)), "found")
