"""Ask for digits and keep them under a name, or, where they are secret, keep nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.kinds.asking import Retries, ask_again, wait
from ivr.kinds.base import ExitName, Heard, Keys, Leave, Move, Problem, Progress, Role, Speech, Step, Turn
from ivr.kinds.settings import NAME, choice, flag, text, whole
from telephony.twiml import Gather, Prompting


@dataclass(frozen=True, slots=True)
class Collect(Step):
    variable: str = text("digits", "Keep the digits as", pattern=NAME, help_text="Small letters, digits and _.")
    min_length: int = whole(1, "Least digits", minimum=1, maximum=64)
    max_length: int = whole(10, "Most digits", minimum=1, maximum=64)
    end_key: str = choice("#", "Key that ends the input", (("#", "#"), ("*", "*"), ("", "None")))
    timeout: int = whole(5, "Seconds to wait for each key", minimum=1, maximum=60)
    max_silences: int = whole(3, "Leave after so many silences", minimum=1, maximum=10)
    max_mistakes: int = whole(3, "Leave after so many wrong answers", minimum=1, maximum=10)
    secret: bool = flag(False, "Secret", help_text="What the caller presses is stored nowhere.")

    KIND = "collect"
    LABEL = "Collect digits"
    EXITS = (
        ExitName("collected", "Collected", by_caller=True),
        ExitName("no_input", "No input"),
        ExitName("wrong_input", "Wrong input", by_caller=True),
    )
    PROMPTS = (
        Role("question", "Question"),
        Role("no_input", "After a silence", required=False),
        Role("wrong", "After a wrong answer", required=False),
    )
    WAITS = True

    @property
    def hides_input(self) -> bool:
        return self.secret

    def enter(self, turn: Turn) -> Move:
        return self._ask(turn, Progress())

    def resume(self, turn: Turn, heard: Heard) -> Move:
        match heard:
            case Keys(digits) if self._fits(digits):
                return Leave("collected", variables=() if self.secret else ((self.variable, digits),))
            case _:
                silent = not isinstance(heard, Keys | Speech)
        match ask_again(self, turn, Retries(self.max_silences, self.max_mistakes), silent=silent):
            case Leave() as leave:
                return leave
            case progress, words:
                return self._ask(turn, progress, words)

    def problems(self) -> Iterator[Problem]:
        if self.min_length > self.max_length:
            yield self.error(
                "impossible_length",
                f"Step “{self.name}” wants at least {self.min_length} but at most {self.max_length} digits.",
            )

    def brings(self) -> Iterator[str]:
        if not self.secret:
            yield self.variable

    def _fits(self, digits: str) -> bool:
        return self.min_length <= len(digits) <= self.max_length and digits.isascii() and digits.isdigit()

    def _ask(self, turn: Turn, progress: Progress, first: tuple[Prompting, ...] = ()) -> Move:
        gather = Gather(
            action=turn.urls.resume,
            prompts=first + self.say(turn, "question"),
            timeout=self.timeout,
            finish_on_key=self.end_key,
            num_digits=self.max_length,
        )
        return wait(gather, turn, progress)
