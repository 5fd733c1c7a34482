"""Who is asked to take whom now, and why or why not. Pure.

Callers are served by points: those of the queue and their own, and more with each minute of waiting. So among queues
that age alike nobody is overtaken by who comes more than (difference of points / points a minute) minutes later.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Order(StrEnum):
    """Whom a queue asks first, among members of the same priority."""

    LONGEST_IDLE = "longest-idle"
    MOST_SKILLED = "most-skilled"
    RING_SEVERAL = "ring-several"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill that is asked for: at `level`, and after `relax_after` of waiting at `relax_to`, where 0 is not at all."""

    skill: str
    level: int
    relax_after: timedelta | None = None
    relax_to: int = 0

    def asked(self, waited: timedelta) -> int:
        relaxed = self.relax_after is not None and waited >= self.relax_after
        return self.relax_to if relaxed else self.level


@dataclass(frozen=True, slots=True)
class Rules:
    """How a queue decides. `ageing`: points a minute."""

    queue: int
    name: str = ""
    order: Order = Order.LONGEST_IDLE
    several: int = 1
    priority: int = 0
    ageing: int = 1
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. `spared`: agents who said no to this caller a moment ago, and until when."""

    id: UUID
    rules: Rules
    aged_from: datetime
    language: str = ""
    priority: int = 0
    is_first: bool = False
    spared: Mapping[UUID, datetime] = field(default_factory=dict)

    def points(self, now: datetime) -> float:
        aged = (now - self.aged_from).total_seconds() / 60 * self.rules.ageing
        return self.rules.priority + self.priority + aged


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent. `memberships`: priority by queue, 1 is asked first. `hindrance`: what keeps the agent from all calls."""

    id: UUID
    name: str
    memberships: Mapping[int, int]
    idle_since: datetime
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Ask this agent to take this caller, `why` in words. A caller may be in several: the first who takes it, has it."""

    waiting: Waiting
    candidate: Candidate
    why: str


def decide(waiting: Iterable[Waiting], candidates: Iterable[Candidate], now: datetime) -> tuple[Decision, ...]:
    """Choose agents for callers, the caller with most points first; no agent twice.

    Agents who are spare when everybody has been thought of are asked as well where a queue rings several.
    """
    raise NotImplementedError


def explain(waiting: Waiting, candidate: Candidate, now: datetime) -> str:
    """Say why this agent would be asked, or not be asked, to take this caller now."""
    raise NotImplementedError


def obstacles(waiting: Waiting, candidate: Candidate, now: datetime) -> Iterator[str]:
    """Name all that keeps this agent from taking this caller now."""
    raise NotImplementedError
    yield ""
