"""What an agent chose, what keeps an agent busy, and how the two are told in one word. Pure."""

from enum import StrEnum


class Chosen(StrEnum):
    """What the agent chose. Only the agent, a supervisor, or a pause after missed rings changes it."""

    READY = "ready"
    NOT_READY = "not-ready"


class Activity(StrEnum):
    """What keeps an agent busy. `agents.actions` says what may follow what."""

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

    RINGING = "ringing"  # on a telephone also without a desk
    TALKING = "talking"
    OFFLINE = "offline"  # no desk is open and alive
    WRAP_UP = "wrap-up"
    NOT_READY = "not-ready"
    COOLING_OFF = "cooling-off"  # a ring was missed a moment ago
    UNREACHABLE = "unreachable"  # chose ready, but no endpoint can ring
    READY = "ready"
