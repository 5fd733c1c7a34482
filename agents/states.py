"""What an agent chose, what keeps an agent busy, and how the two are told in one word. Pure."""

from enum import StrEnum


class Chosen(StrEnum):
    """What the agent chose. Only the agent, a supervisor, or a pause after missed rings changes it."""

    READY = "ready"
    NOT_READY = "not-ready"


class Activity(StrEnum):
    """What keeps an agent busy. Decided: it steps by `may_turn`."""

    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap-up"


class Microphone(StrEnum):
    UNKNOWN = "unknown"
    ALLOWED = "allowed"
    BLOCKED = "blocked"


class EndpointKind(StrEnum):
    BROWSER = "browser"
    NUMBER = "number"
    SIP = "sip"


class Standing(StrEnum):
    """What chosen and observed come to, in the order of what counts most."""

    OFFLINE = "offline"  # no desk is open and alive
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap-up"
    NOT_READY = "not-ready"
    COOLING_OFF = "cooling-off"  # a ring was missed a moment ago
    UNREACHABLE = "unreachable"  # chose ready, but no endpoint can ring
    READY = "ready"


_TURNS = {
    Activity.IDLE: {Activity.RINGING, Activity.TALKING},
    Activity.RINGING: {Activity.TALKING, Activity.IDLE, Activity.WRAP_UP},
    Activity.TALKING: {Activity.WRAP_UP, Activity.IDLE, Activity.RINGING},  # rung again for a rejoin
    Activity.WRAP_UP: {Activity.IDLE, Activity.RINGING, Activity.TALKING},  # may be consulted, or rung back
}


class ImpossibleTurn(Exception):
    """An agent cannot come from the one activity to the other."""


def may_turn(now: str, then: Activity) -> bool:
    return then in _TURNS[Activity(now)]
