"""What a room is made of, and what can happen in it. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Phase(StrEnum):
    """What the conversation is about right now."""

    OPENING = "opening"  # somebody is asked to take it; the customer waits elsewhere
    TALKING = "talking"
    CONSULTING = "consulting"  # the owner speaks to a colleague while the customer is on hold, or the other way round
    HANDING_OVER = "handing-over"  # the owner has left, the target is rung, the customer hears music
    RETURNING = "returning"  # the target did not take it, the sender is rung again
    RECOVERING = "recovering"  # the owner's leg broke off, the customer hears "one moment"
    CLOSED = "closed"  # everybody is to leave


class Role(StrEnum):
    CUSTOMER = "customer"
    OWNER = "owner"  # who is responsible for the customer; while OPENING, each who was asked
    TARGET = "target"  # asked for a consultation or a transfer
    GUEST = "guest"
    SUPERVISOR = "supervisor"
    FORMER = "former"  # was the owner and is to leave


class Leg(StrEnum):
    AWAY = "away"  # not asked for yet: a customer who still waits in the queue
    COMING = "coming"
    TAKEN = "taken"  # has accepted, and is on the way
    IN = "in"
    GONE = "gone"


class Mode(StrEnum):
    """How a supervisor is there."""

    LISTEN = "listen"
    COACH = "coach"
    BARGE = "barge"


class Fate(StrEnum):
    """What becomes of the customer when the room is closed."""

    NONE = ""
    SERVED = "served"
    GONE = "gone"  # hung up
    REQUEUED = "requeued"  # back to the head of the queue
    ELSEWHERE = "elsewhere"  # sent to another queue or step
    UNREACHED = "unreached"  # we rang the customer, who did not take it


@dataclass(frozen=True, slots=True)
class Person:
    """`breaks`: leaving without a word is an accident, as with a browser; who leaves by telephone has hung up.

    `moved`: has a call already that is moved into the room, so was never rung.
    """

    id: str
    role: Role
    leg: Leg = Leg.COMING
    breaks: bool = False
    moved: bool = False
    mode: Mode = Mode.LISTEN

    @property
    def is_there(self) -> bool:
        return self.leg is Leg.IN

    @property
    def is_coming(self) -> bool:
        return self.leg in (Leg.COMING, Leg.TAKEN)


@dataclass(frozen=True, slots=True)
class Room:
    """`held`: the owner has put the customer on hold. `swapped`: in a consultation it is the target who waits.

    `returns`: who sent the customer on can be rung again, so that somebody is there if the target does not come.
    """

    phase: Phase = Phase.OPENING
    people: tuple[Person, ...] = ()
    held: bool = False
    swapped: bool = False
    returns: bool = False
    fate: Fate = Fate.NONE

    def person(self, id: str) -> Person | None:  # noqa: A002 (the field's name)
        return next((person for person in self.people if person.id == id), None)

    def of(self, role: Role, *legs: Leg) -> tuple[Person, ...]:
        wanted = legs or (Leg.AWAY, Leg.COMING, Leg.TAKEN, Leg.IN)
        return tuple(person for person in self.people if person.role is role and person.leg in wanted)

    @property
    def customer(self) -> Person | None:
        """The customer, unless gone."""
        return next(iter(self.of(Role.CUSTOMER)), None)

    @property
    def owner(self) -> Person | None:
        """The one who is responsible: in the room, or the one who has accepted and is on the way."""
        return next(iter(self.of(Role.OWNER, Leg.IN) or self.of(Role.OWNER, Leg.TAKEN)), None)

    @property
    def target(self) -> Person | None:
        return next(iter(self.of(Role.TARGET)), None)


# ---- events


class Press(StrEnum):
    """What the owner may press."""

    HOLD = "hold"
    UNHOLD = "unhold"
    COMPLETE = "complete"
    CANCEL = "cancel"
    SWAP = "swap"
    MERGE = "merge"
    SEND_AWAY = "send-away"  # to a queue or a step of a flow
    HANG_UP = "hang-up"
    GIVE_BACK = "give-back"  # will not rejoin: the customer goes to the head of the queue


@dataclass(frozen=True, slots=True)
class Pressed:
    by: str
    what: Press


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody new is wanted: CONSULT and HAND_OVER by the owner, REJOIN and RETURN of an owner, others as they are.

    CALL_OUT is of the owner of a room that nobody else is in yet: somebody is rung from it afterwards.
    """

    person: Person
    why: "Why"


class Why(StrEnum):
    OFFER = "offer"
    CALL_OUT = "call-out"
    CONSULT = "consult"
    HAND_OVER = "hand-over"
    REJOIN = "rejoin"
    RETURN = "return"
    ADD = "add"
    SUPERVISE = "supervise"


@dataclass(frozen=True, slots=True)
class Took:
    """Somebody who was rung has accepted."""

    id: str


@dataclass(frozen=True, slots=True)
class Joined:
    id: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is out, or will never be in. `on_purpose`: by a wish of ours or theirs, not by an accident."""

    id: str
    on_purpose: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The owner or a supervisor sends somebody out."""

    id: str


@dataclass(frozen=True, slots=True)
class Supervised:
    """A supervisor who is there, or coming, changes how."""

    id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class TookOver:
    """A supervisor becomes the owner."""

    id: str


@dataclass(frozen=True, slots=True)
class TimeIsUp:
    """Nobody has come back in time."""


Event: TypeAlias = Pressed | Asked | Took | Joined | Left | Removed | Supervised | TookOver | TimeIsUp
