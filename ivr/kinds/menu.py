"""Let the caller choose by keys, by words, or by either."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ivr.kinds.asking import Retries, ask_again, by_keys, by_words, hints, key_limits, normal, option_problems, wait
from ivr.kinds.base import ExitName, Heard, Keys, Leave, Move, Problem, Progress, Role, Speech, Step, Turn
from ivr.kinds.settings import decimal, flag, whole
from ivr.prompts.voices import heard_as
from telephony.twiml import Gather, Prompting, Say

CONFIRMING = "confirming"

YES = {
    "de": ("ja", "genau", "richtig"),
    "en": ("yes", "yeah", "yep", "correct", "right"),
    "es": ("si", "claro", "correcto"),
    "fr": ("oui", "exact"),
    "it": ("si", "certo", "esatto"),
    "nl": ("ja", "klopt"),
    "pl": ("tak",),
    "pt": ("sim", "certo", "isso"),
}


@dataclass(frozen=True, slots=True)
class Menu(Step):
    timeout: int = whole(5, "Seconds to wait for the caller", minimum=1, maximum=60)
    max_silences: int = whole(3, "Leave after so many silences", minimum=1, maximum=10)
    max_mistakes: int = whole(3, "Leave after so many wrong answers", minimum=1, maximum=10)
    barge_in: bool = flag(True, "The caller may answer before the greeting ends")
    threshold: float = decimal(
        0.5,
        "Least confidence in a word",
        minimum=0,
        maximum=1,
        help_text="Below it the caller is asked to confirm, or counts as wrong.",
    )
    speech_pause: int = whole(2, "Seconds of silence that end a spoken answer", minimum=1, maximum=10)

    KIND = "menu"
    LABEL = "Menu"
    EXITS = (ExitName("no_input", "No input"), ExitName("wrong_input", "Wrong input", by_caller=True))
    PROMPTS = (
        Role("greeting", "Greeting"),
        Role("no_input", "After a silence", required=False),
        Role("wrong", "After a wrong answer", required=False),
        Role("confirm", "Confirm what was understood", required=False),
    )
    HAS_OPTIONS = True
    WAITS = True

    def enter(self, turn: Turn) -> Move:
        return self._ask(turn, Progress())

    def resume(self, turn: Turn, heard: Heard) -> Move:
        if turn.progress.phase == CONFIRMING:
            return self._confirmed(turn, heard)
        match heard:
            case Keys(digits):
                chosen = by_keys(self.options, digits)
                return self._again(turn, silent=False) if chosen is None else Leave(self.options[chosen].exit)
            case Speech(text, confidence):
                return self._understand(turn, text, confidence)
            case _:
                return self._again(turn, silent=True)

    def problems(self) -> Iterator[Problem]:
        yield from option_problems(self, timeout=self.timeout)

    def _understand(self, turn: Turn, text: str, confidence: float | None) -> Move:
        understood = by_words(self.options, text)
        if understood is None:
            return self._again(turn, silent=False)
        index, word = understood
        if confidence is None or confidence >= self.threshold:
            return Leave(self.options[index].exit)
        question = self.say(turn, "confirm")
        if not question:
            return self._again(turn, silent=False)
        return self._gather(
            turn,
            replace(turn.progress, phase=CONFIRMING, index=index),
            tuple(_with(verb, word) for verb in question),
            yes=True,
        )

    def _confirmed(self, turn: Turn, heard: Heard) -> Move:
        match heard:
            case Keys("1"):
                yes = True
            case Speech(text):
                yes = not set(normal(text).split()).isdisjoint(_yes(turn.language))
            case _:
                yes = False
        if yes and turn.progress.index < len(self.options):
            return Leave(self.options[turn.progress.index].exit)
        return self._again(turn, silent=False)

    def _again(self, turn: Turn, *, silent: bool) -> Move:
        match ask_again(self, turn, Retries(self.max_silences, self.max_mistakes), silent=silent):
            case Leave() as leave:
                return leave
            case progress, words:
                return self._ask(turn, progress, words)

    def _ask(self, turn: Turn, progress: Progress, first: tuple[Prompting, ...] = ()) -> Move:
        return self._gather(turn, progress, first + self.say(turn, "greeting"))

    def _gather(self, turn: Turn, progress: Progress, prompts: tuple[Prompting, ...], *, yes: bool = False) -> Move:
        speech = yes or any(option.words for option in self.options)
        num_digits, finish_on_key = (1, "#") if yes else key_limits(self.options)
        gather = Gather(
            action=turn.urls.resume,
            prompts=prompts if self.barge_in else (),
            input="dtmf speech" if speech else "dtmf",
            timeout=self.timeout,
            finish_on_key=finish_on_key,
            num_digits=num_digits,
            speech_timeout=str(self.speech_pause) if speech else None,
            language=heard_as(turn.language) or None if speech else None,
            hints=(",".join(_yes(turn.language)) if yes else hints(self.options)) if speech else None,
            barge_in=self.barge_in if speech else None,
        )
        return wait(gather, turn, progress, before=() if self.barge_in else prompts)


def _yes(language: str) -> tuple[str, ...]:
    return YES.get(language.split("-")[0], YES["en"])


def _with(verb: Prompting, word: str) -> Prompting:
    # a marked-up wording takes the word in bare letters, so that it cannot become markup
    return (
        replace(verb, text=verb.text.replace("{word}", normal(word) if verb.markup else word))
        if isinstance(verb, Say)
        else verb
    )
