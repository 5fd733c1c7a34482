"""What a trial supposes of the world around a call, and what its caller does. Pure; kept as JSON by scenarios."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, Self, TypeAlias, get_args
from zoneinfo import ZoneInfo

from ivr.kinds.known import KnownCaller
from ivr.kinds.settings import Broken

#: what happens to whoever is rung: `declined` picks up, but does not press 1 where that is asked
Rung: TypeAlias = Literal["answered", "busy", "no-answer", "failed", "declined"]
#: what becomes of a call that is sent away: others take it, its own telephone system refuses, nobody can be reached
Away: TypeAlias = Literal["taken", "refused", "failed"]
State: TypeAlias = Literal["open", "closed", "holiday"]
#: what policies of recording do: as they say of the call, or one of these whatever they say
Consent: TypeAlias = Literal["policy", "ask", "tell", "none"]
CallBackOutcome: TypeAlias = Literal["stored", "present", "refused", "failed"]
TextOutcome: TypeAlias = Literal["sent", "refused"]

RUNG: tuple[Rung, ...] = get_args(Rung)
AWAY: tuple[Away, ...] = get_args(Away)
STATES: tuple[State, ...] = get_args(State)
CONSENTS: tuple[Consent, ...] = get_args(Consent)
CALL_BACKS: tuple[CallBackOutcome, ...] = get_args(CallBackOutcome)
TEXTS: tuple[TextOutcome, ...] = get_args(TextOutcome)


@dataclass(frozen=True, slots=True)
class QueueAs:
    """How a queue is supposed to be. Somebody takes the call after `answered_after` seconds; None: nobody does.

    `place` and `minutes` (from, to) are what the caller may be told of the wait; None is not told.
    """

    staffed: bool = True
    full: bool = False
    answered_after: int | None = 20
    place: int | None = 1
    minutes: tuple[int, int] | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        minutes = data.get("minutes")
        return cls(**{**data, "minutes": (int(minutes[0]), int(minutes[1])) if minutes else None})


@dataclass(frozen=True, slots=True)
class RoomAs:
    """How a conference room is supposed to be. Its PINs are made up, so that a trial knows and keeps no real one."""

    host_pin: str = "1111"
    guest_pin: str = "2222"
    full: bool = False
    closed: bool = False  # by its host, while the caller is in it


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is supposed. What is not told of is as `QueueAs` and `RoomAs` begin, rings are answered, and so on.

    `at` is when the call begins, `zone` the one in which somebody chose that. `number` is ours, `caller` theirs, ""
    where it is withheld. By id: `queues`, `rooms`, `openings` (of a schedule; without: as its hours say), `looked_up`
    (of a source: what it answers; None or without: nothing in time). By step: `rung` (where several are rung in turn,
    a word for each, with blanks between), `drawn` (the exit that chance chooses), `away` (what becomes of a call that
    is sent there). `recorded`: from the beginning. `talk`: seconds of a conversation.
    """

    at: datetime
    number: str = ""
    caller: str = ""
    zone: str = "UTC"
    known: KnownCaller | None = None
    queues: Mapping[str, QueueAs] = field(default_factory=dict)
    looked_up: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    rung: Mapping[str, str] = field(default_factory=dict)
    openings: Mapping[str, str] = field(default_factory=dict)
    drawn: Mapping[str, str] = field(default_factory=dict)
    away: Mapping[str, str] = field(default_factory=dict)
    rooms: Mapping[str, RoomAs] = field(default_factory=dict)
    consent: Consent = "policy"
    recorded: bool = False
    call_backs: CallBackOutcome = "stored"
    texts: TextOutcome = "sent"
    talk: int = 60

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote, also by an older program: names that it did not know yet may be missing.

        Raises Broken.
        """
        try:
            known = data.get("known")
            ready: dict[str, Any] = {
                **{name.name: data[name.name] for name in fields(cls) if name.name in data},
                "at": datetime.fromisoformat(data["at"]),
                "known": KnownCaller(**known) if known else None,
                "queues": {key: QueueAs.from_json(queue) for key, queue in data.get("queues", {}).items()},
                "rooms": {key: RoomAs(**room) for key, room in data.get("rooms", {}).items()},
            }
            made = cls(**ready)
            ZoneInfo(made.zone)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OSError) as error:
            raise Broken("these conditions cannot be read") from error
        made._check()
        return made

    def _check(self) -> None:
        words = {word for told in self.rung.values() for word in told.split()}
        known = (
            words <= set(RUNG)
            and set(self.openings.values()) <= set(STATES)
            and set(self.away.values()) <= set(AWAY)
            and self.consent in CONSENTS
            and self.call_backs in CALL_BACKS
            and self.texts in TEXTS
            and self.at.tzinfo is not None
            and isinstance(self.talk, int)
        )
        if not known:
            raise Broken("these conditions hold a word that is not known")


@dataclass(frozen=True, slots=True)
class Press:
    keys: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words; `confidence` is how sure Twilio is of them, None where it does not tell."""

    words: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class StaySilent:
    """Do nothing, until the flow goes on by itself: through a question once, through a wait or a talk to its end."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay on the line for so many seconds of a wait, and then do what follows."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Speak:
    """Leave a message of so many seconds; with `hangs_up` by hanging up, and not by a silence or a key."""

    seconds: int
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


Input: TypeAlias = Press | Say | StaySilent | Wait | Speak | HangUp

_INPUTS: Mapping[str, type[Input]] = {
    "press": Press,
    "say": Say,
    "stay_silent": StaySilent,
    "wait": Wait,
    "speak": Speak,
    "hang_up": HangUp,
}
_NAMES = {kind: name for name, kind in _INPUTS.items()}


def inputs_to_json(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    return [{"do": _NAMES[type(one)], **asdict(one)} for one in inputs]


def inputs_from_json(data: object) -> tuple[Input, ...]:
    """Read what `inputs_to_json` wrote. Raises Broken."""
    if not isinstance(data, list):
        raise Broken("what the caller does must be a list")
    return tuple(map(_input, data))


def _input(data: object) -> Input:
    match data:
        case {"do": "press", "keys": str(keys)} if keys and not set(keys) - set("0123456789*#"):
            return Press(keys)
        case {"do": "say", "words": str(words), "confidence": None | int() | float() as confidence}:
            return Say(words, confidence)
        case {"do": "say", "words": str(words)}:
            return Say(words)
        case {"do": "stay_silent"}:
            return StaySilent()
        case {"do": "wait", "seconds": int(seconds)} if seconds > 0:
            return Wait(seconds)
        case {"do": "speak", "seconds": int(seconds), **more} if seconds >= 0:
            return Speak(seconds, bool(more.get("hangs_up", False)))
        case {"do": "hang_up"}:
            return HangUp()
        case _:
            raise Broken(f"{data!r} is nothing that a caller can do here")
