"""The account's queues: who waits in them, how long, and who waits for somebody to come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.clock import Clock
from simulator.legs import Leg, Source, Utterance, Withdrawal
from simulator.process import Inbox, Interruption

MAX_SIZE, MAX_SIZE_EVER, MAX_NAME = 1000, 5000, 64


class Full(Exception):
    """Raise when a queue takes nobody more."""


@dataclass(frozen=True, slots=True)
class Taker:
    """A Dial that takes somebody out of a queue."""

    call_sid: str
    inbox: Inbox
    greeting: Source | None
    """The document that the one taken hears before they are connected."""


class Taken(Interruption):
    """Somebody's Dial took this leg out of its queue."""

    def __init__(self, by: Taker) -> None:
        super().__init__()
        self.by = by


@dataclass(slots=True, eq=False)
class Member:
    """One leg that waits, or that has just been taken."""

    leg: Leg
    queue: "Queue"
    since: datetime
    until: datetime | None = None
    phase: Literal["waiting", "bridging", "bridged"] = "waiting"
    inbox: Inbox = field(default_factory=Inbox)
    """Told when the connection with who took it is over."""

    @property
    def sid(self) -> str:
        """Its CallSid."""
        return self.leg.sid

    def seconds(self, now: datetime) -> int:
        """Return how long it waits, or waited."""
        return round(((self.until or now) - self.since).total_seconds())


@dataclass(slots=True, eq=False)
class Queue:
    """A queue, front first."""

    sid: str
    friendly_name: str
    created: datetime
    updated: datetime
    max_size: int = MAX_SIZE
    members: list[Member] = field(default_factory=list)
    takers: list[Inbox] = field(default_factory=list)
    served: set[str] = field(default_factory=set)
    """The CallSids of those who have left it."""

    def position(self, member: Member) -> int:
        """Return a member's place; 1 is the front."""
        return self.members.index(member) + 1

    def average_seconds(self, now: datetime) -> int:
        """Return how long those who wait have waited on average."""
        return round(sum(each.seconds(now) for each in self.members) / len(self.members)) if self.members else 0

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Return the queue for the page."""
        return {
            "sid": self.sid,
            "name": self.friendly_name,
            "max_size": self.max_size,
            "members": [
                {
                    "call_sid": member.sid,
                    "phone": member.leg.phone or member.leg.from_,
                    "position": place,
                    "seconds": member.seconds(now),
                    "since": member.since.isoformat(),
                }
                for place, member in enumerate(self.members, 1)
            ],
        }


class Queues:
    """All queues, and the place where their legs wait."""

    def __init__(self, clock: Clock, new_sid: Callable[[str], str], changed: Callable[[], None]) -> None:
        self.all: dict[str, Queue] = {}
        self._clock = clock
        self._new_sid = new_sid
        self._changed = changed
        self._members: dict[str, Member] = {}

    def named(self, name: str) -> Queue | None:
        """Return the queue of this name."""
        return next((queue for queue in self.all.values() if queue.friendly_name == name), None)

    def create(self, name: str, max_size: int = MAX_SIZE) -> Queue:
        """Add a queue."""
        now = self._clock.now()
        queue = Queue(self._new_sid("QU"), name, now, now, max_size)
        self.all[queue.sid] = queue
        self._changed()
        return queue

    def join(self, leg: Leg, queue: Queue) -> Member:
        """Put a leg at the end; raise `Full` where there is no place."""
        if len(queue.members) >= queue.max_size:
            raise Full
        member = Member(leg, queue, self._clock.now())
        queue.members.append(member)
        queue.served.discard(leg.sid)
        self._members[leg.sid] = member
        leg.place = self
        if queue.takers:
            queue.takers[0].put(member)
        self._changed()
        return member

    def take(self, queue: Queue, taker: Taker) -> Member | None:
        """Take out who is at the front, and tell the leg so."""
        if not queue.members:
            return None
        member = queue.members[0]
        self.remove(member)
        member.phase = "bridging"
        member.leg.watcher = taker.inbox
        if member.leg.process is not None:
            member.leg.process.interrupt(Taken(taker))
        return member

    def remove(self, member: Member) -> None:
        """Take a member out of its queue."""
        if member.until is None:
            member.until = self._clock.now()
            member.queue.members.remove(member)
            member.queue.served.add(member.sid)
            del self._members[member.sid]
            member.leg.place = None
            self._changed()

    # Being a place

    def leave(self, leg: Leg, _why: Withdrawal) -> None:
        """Take out a leg that has ended, or that got another document; either way it only leaves."""
        member = self._members.get(leg.sid)
        if member is not None:
            self.remove(member)

    def listeners(self, _leg: Leg) -> list[Leg]:
        """Nobody hears who waits."""
        return []

    def said(self, _leg: Leg, _utterance: Utterance) -> None:
        """Nobody takes notice of what they say."""

    def recording_of(self, _leg: Leg) -> None:
        """No recording hears them but their own legs'."""
        return
