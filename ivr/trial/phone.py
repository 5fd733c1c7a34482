"""The caller's telephone in a trial: plays verbs by the clock, and takes from the inputs what the caller does. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal

from ivr.kinds.base import Heard, Keys, Recorded, Speech
from ivr.prompts import speaking
from ivr.trial.conditions import HangUp, Input, Press, Say, Speak, StaySilent, Wait
from ivr.trial.diary import Diary
from ivr.trial.told import Expects, Sent
from telephony import twiml
from telephony.twiml import Gather, Pause, Play, Prompting, Record, Verb

#: seconds that Twilio waits for a key where a document does not say
STANDARD_TIMEOUT = 5
BEEP = 0.5
TONE = 0.25
#: of a sound that nobody has measured
UNKNOWN_SOUND = 10.0
RECORDING = "RE" + "0" * 32


class Stopped(Exception):
    """There is no input left; the caller would have to do something."""

    def __init__(self, expects: Expects) -> None:
        super().__init__(expects)
        self.expects = expects


class HungUp(Exception):
    """The caller has hung up."""


class Phone:
    """What the caller holds. `media` is what comes before the hash of a sound in an address."""

    def __init__(self, inputs: Sequence[Input], *, sounds: Mapping[str, float], media: str, talk: int) -> None:
        self.inputs = inputs
        self.used = 0
        self.diary = Diary()
        self._sounds = sounds
        self._media = media
        self._talk = talk

    def next(self, expects: Expects) -> Input:
        """Give what the caller does now. Raises Stopped where nobody has said."""
        if self.used >= len(self.inputs):
            raise Stopped(expects)
        self.used += 1
        return self.inputs[self.used - 1]

    def sent(self, turn: int, document: str, to: Literal["caller", "rung"] = "caller") -> None:
        self.diary.documents.append(Sent(round(self.diary.second, 2), turn, document, to))

    def hear(self, verb: Prompting) -> None:
        self.note(verb, self.length(verb))

    def note(self, verb: Prompting, seconds: float) -> None:
        """Write down what is heard, for so many seconds of it."""
        match verb:
            case twiml.Say():
                self.diary.note(
                    "heard", verb.text, seconds=seconds, language=verb.language or "", voice=verb.voice or ""
                )
            case Play(url=url):
                sound = (url or "").removeprefix(self._media)
                self.diary.note("sound", url or "", seconds=seconds, audio="" if sound == url else sound)
            case Pause():
                self.diary.note("pause", seconds=seconds)

    def length(self, verb: Prompting) -> float:
        """Give the seconds that it takes to hear this."""
        match verb:
            case twiml.Say(text=text):
                return speaking.seconds(text)
            case Play(digits=str(digits)):
                return len(digits) * TONE
            case Play(url=url, loop=loop):
                known = self._sounds.get((url or "").removeprefix(self._media), UNKNOWN_SOUND)
                return known * max(loop or 1, 1)
            case Pause(length=length):
                return float(length)

    def gather(self, gather: Gather, expects: Expects) -> Heard | None:
        """Take keys or words, after what the question says; None where nothing comes that counts."""
        timeout = float(STANDARD_TIMEOUT if gather.timeout is None else gather.timeout)
        match self.next(expects):
            case HangUp():
                raise HungUp
            case Press(keys) if "dtmf" in gather.input:
                digits, finished, is_over = taken(keys, gather)
                self.diary.note("pressed", keys)
                if not is_over:  # Twilio waits for another key
                    self.diary.second += timeout
                return Keys(digits, finished) if digits else None
            case Say(words, confidence):
                self.diary.note("said", words, seconds=speaking.seconds(words))
                if "speech" not in gather.input or not words.strip():
                    self.diary.note("silent", seconds=timeout)
                    return None
                self.diary.second += float(gather.speech_timeout or timeout)
                return Speech(words, confidence)
            case _:
                self.diary.note("silent", seconds=timeout)
                return None

    def record(self, record: Record, expects: Expects) -> Recorded:
        """Take a message."""
        self.diary.second += BEEP if record.play_beep else 0
        silence = float(STANDARD_TIMEOUT if record.timeout is None else record.timeout)
        match self.next(expects):
            case HangUp():
                self.diary.note("hung up")
                return Recorded("", 0, hung_up=True)
            case Speak(seconds, hangs_up) if seconds > 0:
                longest = record.max_length or seconds
                self.diary.note("speaks", seconds=float(min(seconds, longest)))
                if hangs_up and seconds <= longest:
                    self.diary.note("hung up")
                    return Recorded(RECORDING, seconds, hung_up=True)
                self.diary.second += silence if seconds < longest else 0
                return Recorded(RECORDING, min(seconds, longest))
            case Press(keys) if set(keys) & set(record.finish_on_key or ""):
                self.diary.note("pressed", keys)
                return Recorded("", 0)
            case _:
                self.diary.note("silent", seconds=silence)
                return Recorded("", 0)

    def talk(self, expects: Expects) -> float:
        """Talk until the other side hangs up, and give the seconds."""
        began = self.diary.second
        while True:
            match self.next(expects):
                case HangUp():
                    raise HungUp
                case StaySilent():
                    self.diary.second = max(began + self._talk, self.diary.second)
                    return self.diary.second - began
                case Wait(seconds):
                    self.diary.second += seconds
                case other:
                    self.in_vain(other)

    def in_vain(self, given: Input) -> None:
        """Write down what the caller does where nothing comes of it."""
        match given:
            case Press(keys):
                self.diary.note("pressed", keys)
            case Say(words):
                self.diary.note("said", words, seconds=speaking.seconds(words))
            case Speak(seconds):
                self.diary.note("speaks", seconds=float(seconds))


def taken(keys: str, gather: Gather) -> tuple[str, str, bool]:
    """Give the digits that a Gather takes of these keys, the key that ended them, and whether it waits no longer."""
    finish_on = "#" if gather.finish_on_key is None else gather.finish_on_key
    digits = ""
    for key in keys:
        if key == finish_on:
            return digits, key, True
        digits += key
        if gather.num_digits and len(digits) >= gather.num_digits:
            return digits, "", True
    return digits, "", False


def flattened(verbs: Sequence[Verb]) -> list[tuple[Prompting, bool]]:
    """Give what is heard of a wait document, each with whether the caller may press a key meanwhile."""
    found: list[tuple[Prompting, bool]] = []
    for verb in verbs:
        match verb:
            case Gather(prompts=prompts, timeout=timeout):
                found += [(prompt, True) for prompt in prompts]
                found.append((Pause(STANDARD_TIMEOUT if timeout is None else timeout), True))
            case twiml.Say() | Play() | Pause():
                found.append((verb, False))
    return found
