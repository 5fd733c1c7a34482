"""Where a call came to in the end: the last queue, mailbox or telephone that it reached, else its last step. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ivr.history import Event


class Kind(StrEnum):
    QUEUE = "queue"
    VOICEMAIL = "voicemail"
    RING = "ring"
    ROOM = "room"
    CALL_BACK = "call_back"
    AWAY = "away"
    HUNG_UP = "hung_up"
    ENDED = "ended"
    REFUSED = "refused"
    FAILED = "failed"


#: kinds of steps that send a call away from us, after which nobody here knows more
AWAY = frozenset({"send_away"})
#: exits by which a call leaves a step that has been its destination
STAYED = {
    "queue": ("", "answered"),
    "ring": ("", "answered"),
    "conference_room": ("left", "ended"),
    "send_away": ("",),
}


class End(NamedTuple):
    """Where a call came to. `of` is the id of what was reached (a queue, a mailbox, a room), or of the step.

    `step` is that step's name as callers met it then.
    """

    kind: Kind
    of: str
    step: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.of}"


@dataclass(slots=True)
class Met:
    """A step that a call was in. `reference` is as in `Step`; `joined`: it waited there, or came into the room.

    `heard` and `did` are what the caller heard and did, where that is wanted.
    """

    step: str
    kind: str
    name: str
    flow: str = ""
    reference: str = ""
    exit: str = ""
    joined: bool = False
    heard: list[str] = field(default_factory=list)
    did: list[Event] = field(default_factory=list)


def end_of(path: Sequence[Met], *, gave_up: bool, trouble: bool = False) -> End:
    """Tell where a call came to that met these steps in this order; `gave_up`: it hung up before the flow ended."""
    for met in reversed(path):
        found = reached(met)
        if found is not None:
            return found
    last = path[-1] if path else Met("", "", "")
    if gave_up:
        kind = Kind.HUNG_UP
    elif trouble:
        kind = Kind.FAILED
    else:
        kind = Kind.REFUSED if last.kind == "reject" else Kind.ENDED
    return End(kind, last.step, last.name)


def reached(met: Met) -> End | None:
    """Give what a call has reached in a step, if it is somewhere where calls are taken."""
    if met.kind in STAYED and met.exit not in STAYED[met.kind] and not (met.kind == "conference_room" and met.joined):
        return None
    match met.kind:
        case "queue" if met.joined:
            return End(Kind.QUEUE, met.reference or met.step, met.name)
        case "voicemail" if met.exit != "refused":
            return End(Kind.VOICEMAIL, met.reference or met.step, met.name)
        case "ring":
            return End(Kind.RING, met.step, met.name)
        case "conference_room":
            return End(Kind.ROOM, met.reference or met.step, met.name)
        case "call_back" if met.exit == "stored":
            return End(Kind.CALL_BACK, met.reference or met.step, met.name)
        case kind if kind in AWAY:
            return End(Kind.AWAY, met.step, met.name)
        case _:
            return None


def places(path: Iterable[Met]) -> frozenset[str]:
    """Give the keys of all places that a call was in, also of those where it did not stay."""
    found = (End(Kind.RING, met.step) if met.kind == "ring" else reached(_staying(met)) for met in path)
    return frozenset(end.key for end in found if end is not None)


def _staying(met: Met) -> Met:
    """Give a step as if the call had stayed there; a queue, and a room, only where it got in."""
    joined = met.joined or met.kind not in STAYED
    return Met(met.step, met.kind, met.name, "", met.reference, "stored" if met.kind == "call_back" else "", joined)
