"""Answering machine detection: what machines and people do when they answer, and when Twilio knows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.legs import Callback, Leg, Speech, Utterance
from simulator.numbers import Habit
from simulator.process import Process, Steps, Wait
from simulator.switchboard import Switchboard

MODES = ("Enable", "DetectMessageEnd")
GREETING = "Nobody is here. Please leave a message after the tone."
RECORDS_SECONDS = 180.0
BREATH_SECONDS = 0.1

# Seconds after which Twilio knows: a person has said hello and waits, a machine talks on, a fax whistles.
HUMAN_SECONDS, TALKING_SECONDS, FAX_SECONDS, BEEP_SECONDS = 2.4, 4.0, 2.0, 0.5

# Milliseconds that may be asked for, and what they are otherwise.
TIMEOUT_SECONDS = (3, 59, 30)
SPEECH = (1000, 6000, 2400)
SPEECH_END = (500, 5000, 1200)
SILENCE = (2000, 10_000, 5000)


@dataclass(frozen=True, slots=True)
class Detection:
    """How a request wants to know who answers; `waits` holds the call meanwhile."""

    mode: str
    callback: Callback
    waits: bool = False
    timeout: int = TIMEOUT_SECONDS[2]
    speech_ms: int = SPEECH[2]
    speech_end_ms: int = SPEECH_END[2]
    silence_ms: int = SILENCE[2]


class Invalid(Exception):
    """Raise for what cannot be asked for; `code` is Twilio's."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def detection(given: Mapping[str, str], callback: Callback, *, waits: bool = False) -> Detection | None:
    """Read parameters by the names of REST ("MachineDetectionTimeout"); None where nothing is to be found out."""
    mode = given.get("MachineDetection", "")
    if not mode:
        return None
    if mode not in MODES:
        raise Invalid(21234, f"MachineDetection must be one of {', '.join(MODES)}")
    return Detection(
        mode=mode,
        callback=callback,
        waits=waits,
        timeout=_within(given, "MachineDetectionTimeout", TIMEOUT_SECONDS),
        speech_ms=_within(given, "MachineDetectionSpeechThreshold", SPEECH),
        speech_end_ms=_within(given, "MachineDetectionSpeechEndThreshold", SPEECH_END),
        silence_ms=_within(given, "MachineDetectionSilenceTimeout", SILENCE),
    )


def _within(given: Mapping[str, str], name: str, limits: tuple[int, int, int]) -> int:
    least, most, default = limits
    value = given.get(name, "")
    if not value:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Invalid(21263, f"{name} must be from {least} to {most}")
    return int(value)


def verdict(habit: Habit, wish: Detection) -> tuple[str, float]:
    """Return what Twilio says of whoever answered, and how many seconds after the answer."""
    end = wish.speech_end_ms / 1000
    match habit.by:
        case "human":
            found, seconds = "human", HUMAN_SECONDS + end
        case "fax":
            found, seconds = "fax", FAX_SECONDS
        case "silence":
            found, seconds = "unknown", wish.silence_ms / 1000
        case "machine" if wish.mode == "Enable" and habit.greeting * 1000 < wish.speech_ms:
            found, seconds = "human", habit.greeting + end  # a machine of few words is taken for a person
        case "machine" if wish.mode == "Enable":
            found, seconds = "machine_start", max(TALKING_SECONDS, wish.speech_ms / 1000)
        case "machine" if habit.beeps:
            found, seconds = "machine_end_beep", habit.greeting + BEEP_SECONDS
        case "machine":
            found, seconds = "machine_end_silence", habit.greeting + end
    return (found, seconds) if seconds <= wish.timeout else ("unknown", float(wish.timeout))


def answered(board: Switchboard, leg: Leg) -> None:
    """Let a machine that has answered greet, beep, and record."""
    habit = _habit(board, leg)
    if habit.by == "machine":
        Process(board.clock, _greet(board, leg, habit))


def _greet(board: Switchboard, leg: Leg, habit: Habit) -> Steps[None]:
    yield Wait(BREATH_SECONDS)  # until those are connected who are to hear it
    pcm = board.recorder.voice.speech(GREETING)[: int(habit.greeting * 8000) * 2]
    now = board.clock.now()
    board.say(leg, Utterance(now, pcm), Speech(GREETING, 0.9, now))
    yield Wait(habit.greeting - BREATH_SECONDS)
    if not leg.live:
        return
    if habit.beeps:
        board.hear(leg, "beep", "Beep")
    leg.beeped = board.clock.now()
    board.changed()
    board.limit(leg, RECORDS_SECONDS)


def find_out(board: Switchboard, leg: Leg, wish: Detection) -> Steps[None]:
    """Find out who has answered, and tell; a call that ends before is told of by nobody."""
    found, seconds = verdict(_habit(board, leg), wish)
    yield Wait(seconds)
    if not leg.live:
        return
    leg.answered_by = found
    board.changed()
    if wish.callback.url:
        fields = {
            "AccountSid": board.account_sid,
            "AnsweredBy": found,
            "CallSid": leg.sid,
            "MachineDetectionDuration": str(round(seconds * 1000)),
        }
        board.callbacks.send(leg, url=wish.callback.url, method=wish.callback.method, fields=fields)


def begin(board: Switchboard, leg: Leg, wish: Detection) -> None:
    """Find out beside the call."""
    Process(board.clock, find_out(board, leg, wish))


def _habit(board: Switchboard, leg: Leg) -> Habit:
    phone = board.phones.get(leg.to)
    return phone.habit if phone is not None else Habit()
