"""Let the caller choose a language. The greeting is said in each, by its own voice."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.kinds.asking import Retries, ask_again, by_keys, by_words, hints, key_limits, option_problems, wait
from ivr.kinds.base import ExitName, Heard, Keys, Leave, Move, Problem, Progress, Role, Speech, Step, Turn
from ivr.kinds.settings import whole
from ivr.prompts.voices import heard_as
from telephony.twiml import Gather, Prompting


@dataclass(frozen=True, slots=True)
class Language(Step):
    timeout: int = whole(5, "Seconds to wait for the caller", minimum=1, maximum=60)
    max_tries: int = whole(2, "Ask so many times", minimum=1, maximum=10)

    KIND = "language"
    LABEL = "Language choice"
    EXITS = (ExitName("no_choice", "No choice"),)
    PROMPTS = (
        Role("greeting", "Greeting, said in each language"),
        Role("no_input", "After a silence", required=False),
        Role("wrong", "After a wrong answer", required=False),
    )
    HAS_OPTIONS = True
    WAITS = True

    def enter(self, turn: Turn) -> Move:
        return self._ask(turn, Progress())

    def resume(self, turn: Turn, heard: Heard) -> Move:
        chosen: int | None = None
        match heard:
            case Keys(digits):
                chosen = by_keys(self.options, digits)
            case Speech(text):
                understood = by_words(self.options, text)
                chosen = understood[0] if understood else None
        if chosen is not None:
            return Leave(self.options[chosen].exit, language=self.options[chosen].language)
        # silences and mistakes count together: somebody who does not understand the question does either
        left = self.max_tries - turn.progress.silences - turn.progress.mistakes
        retries = Retries(turn.progress.silences + left, turn.progress.mistakes + left, "no_choice", "no_choice")
        match ask_again(self, turn, retries, silent=not isinstance(heard, Keys | Speech)):
            case Leave(exit):
                return Leave(exit, language=turn.script.default)
            case progress, _:
                return self._ask(
                    turn, progress, role="wrong" if progress.mistakes > turn.progress.mistakes else "no_input"
                )

    def problems(self) -> Iterator[Problem]:
        yield from option_problems(self, timeout=self.timeout)
        for option in self.options:
            if not option.language:
                yield self.error(
                    "option_without_language", f"Option “{option.exit}” of step “{self.name}” sets no language."
                )

    def _ask(self, turn: Turn, progress: Progress, *, role: str = "") -> Move:
        speech = any(option.words for option in self.options)
        num_digits, finish_on_key = key_limits(self.options)
        gather = Gather(
            action=turn.urls.resume,
            prompts=self._in_each(turn, role) + self._in_each(turn, "greeting"),
            input="dtmf speech" if speech else "dtmf",
            timeout=self.timeout,
            finish_on_key=finish_on_key,
            num_digits=num_digits,
            language=heard_as(turn.script.default) or None if speech else None,
            hints=hints(self.options) if speech else None,
        )
        return wait(gather, turn, progress)

    def _in_each(self, turn: Turn, role: str) -> tuple[Prompting, ...]:
        prompt = self.prompts.get(role)
        return tuple(verb for language in turn.script.languages for verb in turn.say(prompt, language))
