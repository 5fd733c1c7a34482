"""How states are told on the screen: a word, a sign beside it, a tone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from agents.states import Standing
from conferences.room import Role
from conferences.states import LegState, Outcome


@dataclass(frozen=True, slots=True)
class Word:
    """`tone` colors what `icon` and `text` already say: go, busy, rest, warn, or none."""

    text: str
    icon: str
    tone: str = ""


STANDINGS = {
    Standing.OFFLINE: Word("Offline", "off", "rest"),
    Standing.RINGING: Word("Being rung", "bell", "busy"),
    Standing.TALKING: Word("On a call", "handset", "busy"),
    Standing.WRAP_UP: Word("Wrapping up", "pencil", "busy"),
    Standing.NOT_READY: Word("Not ready", "pause", "rest"),
    Standing.COOLING_OFF: Word("Short break after a missed call", "clock", "warn"),
    Standing.UNREACHABLE: Word("Ready, but cannot be rung", "alarm", "warn"),
    Standing.READY: Word("Ready", "check", "go"),
}

LEGS = {
    LegState.WANTED: "is about to be rung",
    LegState.ASKED: "is about to be rung",
    LegState.RINGING: "is being rung",
    LegState.ANSWERED: "has picked up, has to accept",
    LegState.TAKEN: "is being connected",
    LegState.JOINED: "is in the call",
}

OUTCOMES = {
    Outcome.DECLINED: "declined",
    Outcome.NO_ANSWER: "did not answer",
    Outcome.BUSY: "was busy",
    Outcome.FAILED: "could not be reached",
    Outcome.NOT_ACCEPTED: "picked up, but did not accept",
}

ROLES = {
    Role.CUSTOMER: "Caller",
    Role.OWNER: "Responsible for the call",
    Role.TARGET: "Asked in",
    Role.GUEST: "Guest",
    Role.SUPERVISOR: "Supervisor",
    Role.FORMER: "Leaving",
}


def standing(value: str) -> Word:
    return STANDINGS[Standing(value)]


def total(spans: Sequence[timedelta]) -> timedelta:
    return sum(spans, timedelta())


WARNINGS = {
    "high-rtt": "slow line",
    "high-jitter": "unsteady line",
    "high-packet-loss": "sound is lost on the way",
    "high-packets-lost-fraction": "sound is lost on the way",
    "low-mos": "bad sound",
    "constant-audio-input-level": "the microphone seems to be silent",
    "constant-audio-output-level": "no sound arrives",
    "low-bytes-received": "no sound arrives",
    "low-bytes-sent": "no sound leaves",
    "ice-connectivity-lost": "connection lost",
}


def bad_lines(warnings: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Name the warnings of a browser phone that still hold, each once."""
    present = (str(warning.get("name", "")) for warning in warnings if not warning.get("until"))
    return tuple(dict.fromkeys(WARNINGS.get(name, name) for name in present))
