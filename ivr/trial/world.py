"""What a trial has to know of the database, read once by `ivr.trial.reading`, as plain data. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from compliance.policies import Asking, Rule
from ivr.apology import Emergency
from ivr.document import Document
from ivr.hours.opening import Week
from ivr.kinds.base import Step, Urls
from ivr.kinds.requests import Notice, Wording
from ivr.script import Prompt

#: gives the addresses of a turn; the second number counts the documents of a wait
Addresses = Callable[[int, int], Urls]


@dataclass(frozen=True, slots=True)
class QueueOf:
    """A queue by name; `longest`: seconds after which it sends callers on, None where it does not."""

    name: str
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class RoomOf:
    name: str
    most: int


@dataclass(frozen=True, slots=True)
class PolicyOf:
    """A policy of recording that asks or tells callers: whom it counts for, what it asks, and in which words."""

    rule: Rule
    asking: Asking
    notice: Notice


@dataclass(frozen=True, slots=True)
class LineOf:
    """An address that callers reach us at, with the flow that it leads to, "" for none."""

    address: str
    name: str
    flow: str


@dataclass(frozen=True, slots=True)
class World:
    """The document that callers begin in, and what it can come upon.

    By id: `flows` (what callers of them meet), `weeks` and names of `schedules`, `queues`, `rooms`, `mailboxes`,
    `sources`. By hash or address: `sounds`, in seconds. By the key that openings name: `announcements` of holidays and
    closures. By address: `emergencies`. `standard_ask` and `standard_tell` are the words of notices where no policy has
    its own. `hold` and `conference_news` are addresses; `meeting` and `participant` what a room's conference, and the
    caller in it, are called at Twilio.
    """

    document: Document
    flows: Mapping[str, Document] = field(default_factory=dict)
    weeks: Mapping[str, Week] = field(default_factory=dict)
    schedules: Mapping[str, str] = field(default_factory=dict)
    announcements: Mapping[str, Prompt] = field(default_factory=dict)
    queues: Mapping[str, QueueOf] = field(default_factory=dict)
    rooms: Mapping[str, RoomOf] = field(default_factory=dict)
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, float] = field(default_factory=dict)
    policies: tuple[PolicyOf, ...] = ()
    lines: tuple[LineOf, ...] = ()
    emergencies: Mapping[str, Emergency] = field(default_factory=dict)
    standard_ask: Wording = field(default_factory=lambda: Wording("", "en-US"))
    standard_tell: Wording = field(default_factory=lambda: Wording("", "en-US"))
    caller_id: str = ""
    hold: str = ""
    conference_news: str = ""
    meeting: str = "0" * 32
    participant: str = "0" * 32

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents that a call can come into, the one where it begins first."""
        return (self.document, *(one for key, one in self.flows.items() if key != self.document.flow))

    def steps(self) -> tuple[Step, ...]:
        """Give the steps that a call can come to, in the order in which it does."""
        found: dict[tuple[str, str], Step] = {}
        waiting = [(self.document, self.document.first)]
        while waiting:
            document, key = waiting.pop(0)
            step = document.steps.get(key)
            if step is None or (document.flow, key) in found:
                continue
            found[document.flow, key] = step
            waiting += [(document, target) for target in step.exits.values()]
            there = self.flows.get(step.reference) if step.TAKES == "to_flow" else None
            if there is not None:
                waiting.append((there, there.first))
        return tuple(found.values())
