"""Gather: keys, speech, or whichever comes first."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.legs import Key, Speech
from simulator.process import Inbox, Steps, Wait
from simulator.twiml import Verb
from simulator.verbs.audio import perform_audio
from simulator.verbs.running import Jump, Running

AUTO_SILENCE_SECONDS = 1.0
MAX_SPEECH_SECONDS = 60
KEYS = frozenset("0123456789#*")


@dataclass(slots=True)
class Settings:
    """A Gather's attributes with Twilio's defaults."""

    keys: bool
    speech: bool
    timeout: float
    finish_on: str
    count: int
    silence: float
    max_speech: float
    barge_in: bool


@dataclass(slots=True)
class Result:
    """What was gathered."""

    digits: str = ""
    finished_on: str = ""
    words: list[str] = field(default_factory=list)
    confidence: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send: no key but the finishing one, and no words."""
        return not self.digits and not self.words

    def fields(self, keys: bool) -> dict[str, str]:
        """Return the fields of the action; keys are reported even when there were none, if they were asked for."""
        if self.words:
            return {"SpeechResult": " ".join(self.words), "Confidence": str(self.confidence)}
        return {"Digits": self.digits, "FinishedOnKey": self.finished_on, "msg": "Gather End"} if keys else {}


def gather(running: Running, verb: Verb) -> Steps[Jump | None]:
    """Play what is nested, collect input; with input the action takes over, without the next verb runs."""
    settings = _settings(running, verb)
    running.answer()
    keys, speech = ([Key] if settings.keys else []), ([Speech] if settings.speech else [])
    with running.listening(*keys, *(speech if settings.barge_in else [])) as inbox:
        first = None
        for child in verb.children:
            if child.get("digits"):
                running.warn(13320, "Play of digits cannot stand in Gather")
                continue
            first = yield from perform_audio(running, child, inbox)
            if first is not None:
                break
        running.leg.listens_for = frozenset([*keys, *speech])
        running.board.do(
            running.leg, f"gathering {' or '.join(['keys'] * settings.keys + ['speech'] * settings.speech)}"
        )
        result = yield from _collect(running, settings, inbox, first)
    if result.is_empty and not verb.flag("actionOnEmptyResult", False):
        return None
    return Jump(running.source(verb, result.fields(settings.keys)))


def _collect(running: Running, settings: Settings, inbox: Inbox, first: Key | Speech | None) -> Steps[Result]:
    result = Result()
    item = first
    while True:
        if item is None:
            item = yield Wait(settings.timeout, inbox)
        match item:
            case None:
                return result
            case Speech() if not result.digits:
                yield from _listen(running, settings, inbox, item, result)
                return result
            case Key(digit=digit) if digit == settings.finish_on:
                result.finished_on = digit
                return result
            case Key(digit=digit):
                result.digits += digit
                if settings.count and len(result.digits) >= settings.count:
                    return result
        item = None


def _listen(running: Running, settings: Settings, inbox: Inbox, first: Speech, result: Result) -> Steps[None]:
    """Collect speech until it has been silent for long enough; keys no longer count."""
    clock = running.board.clock
    latest: datetime = clock.now() + timedelta(seconds=settings.max_speech)
    until = _note(first, result, first.until)
    while True:
        end = min(until + timedelta(seconds=settings.silence), latest)
        item = yield Wait(running.board.seconds_until(end), inbox)
        if item is None:
            return
        if isinstance(item, Speech):
            until = _note(item, result, until)


def _note(speech: Speech, result: Result, until: datetime) -> datetime:
    if speech.text:
        result.words.append(speech.text)
        result.confidence = speech.confidence
    return max(until, speech.until)


def _settings(running: Running, verb: Verb) -> Settings:
    inputs = verb.get("input", "dtmf").split()
    timeout = verb.number("timeout", 5)
    return Settings(
        keys="dtmf" in inputs,
        speech="speech" in inputs,
        timeout=timeout,
        finish_on=_finish_on(running, verb),
        count=_count(running, verb),
        silence=_silence(running, verb, timeout),
        max_speech=min(verb.number("maxSpeechTime", MAX_SPEECH_SECONDS), MAX_SPEECH_SECONDS),
        barge_in=_barge_in(running, verb),
    )


def _finish_on(running: Running, verb: Verb) -> str:
    key = verb.get("finishOnKey", "#")
    if len(key) > 1:
        running.warn(13311, f'finishOnKey="{key}"')
        return "#"
    if key and key not in KEYS:
        running.warn(13310, f'finishOnKey="{key}"')
        return "#"
    return key


def _count(running: Running, verb: Verb) -> int:
    count = verb.number("numDigits", -1)
    if count == 0:
        running.warn(13314, 'numDigits="0"')
    return max(count, 0)


def _silence(running: Running, verb: Verb, timeout: int) -> float:
    value = verb.get("speechTimeout", str(timeout))
    if value == "auto":
        if verb.get("speechModel") == "default":
            running.warn(13335, "")
        return AUTO_SILENCE_SECONDS
    if not value.isdecimal():
        running.warn(13327, f'speechTimeout="{value}"')
        return timeout
    return int(value)


def _barge_in(running: Running, verb: Verb) -> bool:
    hints = [hint for hint in verb.get("hints").split(",") if hint]
    if len(hints) > 500 or any(len(hint.strip()) > 100 for hint in hints):
        running.warn(13330, "at most 500 hints of at most 100 characters")
    if verb.get("partialResultCallback"):
        running.not_executed("partialResultCallback", "only the final result is sent")
    return verb.flag("bargeIn", True)
