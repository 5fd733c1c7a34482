"""A recorded visit as data: the steps a call was in, what was heard there, and how it left them. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ivr.history import DOTS
from ivr.kinds.base import Dialed, Heard, Keys, Silence, Speech

HUNG_UP = "caller hung up"
EMERGENCY = "The caller heard the emergency text"
#: what stands in a text in which something was hidden later
HIDING = "•"
TALKING = "talking"  # why somebody left a queue
#: in place of an entry: when the visit began
BEGINNING = -1


class Input(NamedTuple):
    """What the caller, or the network, did in a step, and when, in seconds since 1970; `place` is that of its entry."""

    heard: Heard
    at: float
    place: int = BEGINNING

    @property
    def text(self) -> str:
        match self.heard:
            case Keys(digits=text) | Speech(text=text):
                return text
            case _:
                return ""

    @property
    def is_secret(self) -> bool:
        return self.text == DOTS

    @property
    def is_erased(self) -> bool:
        return HIDING in self.text and not self.is_secret


@dataclass(slots=True)
class Stay:
    """A call in one step, from the moment it `entered`, by the entry in that `place`. `exit` is "" if it never left.

    `waited` are the seconds in its queue. `joined`: somebody came together there, in a room or in a conversation.
    """

    step: str
    flow: str
    kind: str
    name: str
    entered: float
    place: int = BEGINNING
    inputs: list[Input] = field(default_factory=list)
    exit: str = ""
    known: Mapping[str, Any] | None = None
    queued: bool = False
    talked: bool = False
    waited: float | None = None
    accepted: bool = False
    joined: bool = False
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Visit:
    """One recorded visit, as its history tells it.

    `text` holds an entry a line: its kind, a blank, and its data as JSON. `moments` are their times in seconds since
    1970, and `waits` the seconds waited in queues, in the same order: visits that are alike have the same text.
    `answers` are those of look-ups, by step; None where they are kept no longer.
    """

    text: str
    moments: str = ""
    waits: Sequence[int | None] = ()
    began: float = 0.0
    ending: str = ""
    caller: str = ""
    called: str = ""
    seed: str = ""
    answers: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)

    def moment(self, place: int) -> float:
        """Give when an entry was written."""
        return self.began if place == BEGINNING else float(self.moments.split()[place])


@dataclass(slots=True)
class Recorded:
    """A visit that was read: its steps in their order, and how it ended.

    `version` is the number of the version that it began with. `last_said` is what the last answer let the caller hear.
    `trouble`: why the flow could not go on.
    """

    stays: list[Stay] = field(default_factory=list)
    version: int | None = None
    last_said: list[str] = field(default_factory=list)
    ended: str = ""
    trouble: str = ""

    @property
    def gave_up(self) -> bool:
        return self.ended == HUNG_UP


def read(visit: Visit) -> Recorded:
    """Read the history of a visit."""
    moments = visit.moments.split()
    found, waits, answered = Recorded(ended=visit.ending), iter(visit.waits), False
    for place, line in enumerate(visit.text.split("\n") if visit.text else ()):
        kind, _blank, told = line.partition(" ")
        data: dict[str, Any] = json.loads(told) if told else {}
        at = float(moments[place]) if place < len(moments) else visit.began
        match kind:
            case "began":
                found.version = data.get("version")
            case "entered":
                found.stays.append(_entered(data, at, place))
            case "answered":
                answered = True
            case "heard":
                if answered:
                    found.last_said, answered = [], False
                found.last_said.append(saying(data))
            case "ended":
                found.ended = str(data.get("reason", "")) or found.ended
            case "failed":
                found.trouble = str(data.get("what", "")) or found.trouble
            case "unqueued":
                _unqueued(found.stays, data, next(waits, None))
        if not found.stays:
            continue
        stay = found.stays[-1]
        match kind:
            case "heard":
                stay.said.append(saying(data))
            case "pressed" | "spoke" | "silent" | "dialed":
                stay.inputs.append(Input(_heard(kind, data), at, place))
            case "left":
                stay.exit = str(data.get("exit", ""))
            case "known":
                stay.known = data
            case "queued":
                stay.queued = True
            case "screened":
                stay.accepted = True
            case "joined":
                stay.joined = True
    return found


def saying(data: Mapping[str, Any]) -> str:
    """Give something heard as it is compared: the hash of a sound, or words with their language and voice."""
    if data.get("audio"):
        return f"audio {data['audio']}"
    return "\t".join(str(data.get(name) or "") for name in ("text", "language", "voice"))


def _entered(data: Mapping[str, Any], at: float, place: int) -> Stay:
    step, flow, kind, name = (str(data.get(key, "")) for key in ("step", "flow", "kind", "name"))
    return Stay(step, flow, kind, name, at, place)


def _unqueued(stays: Sequence[Stay], data: Mapping[str, Any], seconds: int | None) -> None:
    """Note the end of a wait, which may be told when the call is a step further."""
    stay = next((one for one in reversed(stays) if one.queued), None)
    if stay is not None:
        stay.talked = stay.talked or data.get("why") == TALKING
        if stay.waited is None:
            stay.waited = seconds


def _heard(kind: str, data: Mapping[str, Any]) -> Heard:
    match kind:
        case "pressed":
            return Keys(str(data.get("digits", "")))
        case "spoke":
            return Speech(str(data.get("text", "")), data.get("confidence"))
        case "dialed":
            return Dialed(str(data.get("status", "")), data.get("bridged"))
        case _:
            return Silence()
