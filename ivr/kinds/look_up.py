"""Ask an address of the owner about the caller, behind a message, and go on by what it answers, or without it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.kinds import values
from ivr.kinds.base import Asked, ExitName, Heard, Leave, Move, Problem, Progress, Role, Step, Turn, Wait
from ivr.kinds.requests import AskSource, StopAsking
from ivr.kinds.settings import NAME, lines, text, whole
from telephony.twiml import Pause, Redirect

ASKING = "asking"
#: requests, about a second apart, beyond the seconds of the step: a clock that stands still must not keep a caller
SPARE_LOOKS = 3


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
                chosen = values.way(self.options, answer.get(self.decide, ""), otherwise="found")
                return Leave(chosen, variables=tuple(answer.items()))
            case Asked(is_over=False) if looks <= self.seconds + SPARE_LOOKS:
                return Wait((Pause(1), Redirect(turn.urls.resume)), Progress(phase=ASKING, index=looks))
            case _:
                return Leave("default", requests=(StopAsking(self.id),))

    def brings(self) -> Iterator[str]:
        yield from dict.fromkeys(filter(None, (*self.keep, self.decide)))

    def exit_names(self) -> Iterator[ExitName]:
        yield from values.exit_names(self)

    def problems(self) -> Iterator[Problem]:
        yield from values.value_problems(self, self.decide, source="answer")
        yield from values.name_problems(self, self.keep, self.send)
