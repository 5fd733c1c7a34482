"""Who is asked to take whom now, and why or why not. Pure.

Callers are served by points: those of the queue and their own, and more with each minute of waiting. So among queues
that age alike nobody is overtaken by who comes more than (difference of points / points a minute) minutes later.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from uuid import UUID


class Order(StrEnum):
    """Whom a queue asks first, among members of the same priority."""

    LONGEST_IDLE = "longest-idle"
    MOST_SKILLED = "most-skilled"
    RING_SEVERAL = "ring-several"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill that is asked for: at `level`; after `relax_after` of waiting at `relax_to`, where 0 is not at all."""

    skill: str
    level: int
    relax_after: timedelta | None = None
    relax_to: int = 0

    def asked(self, waited: timedelta) -> int:
        return self.relax_to if self.is_relaxed(waited) else self.level

    def is_relaxed(self, waited: timedelta) -> bool:
        return self.relax_after is not None and waited >= self.relax_after


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
    """An agent. `memberships`: priority by queue, 1 is asked first. `hindrance`: what keeps them from all calls."""

    id: UUID
    name: str
    memberships: Mapping[int, int]
    idle_since: datetime
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Ask this agent to take this caller, `why` in words. Of several for one caller, the first who takes it has it."""

    waiting: Waiting
    candidate: Candidate
    why: str


def decide(waiting: Iterable[Waiting], candidates: Iterable[Candidate], now: datetime) -> tuple[Decision, ...]:
    """Choose agents for callers, the caller with most points first; no agent twice.

    Agents who are spare when everybody has been thought of are asked as well where a queue rings several.
    """
    line = in_order(waiting, now)
    floor = _Floor([one for one in candidates if not one.hindrance], now)
    chosen: list[list[Candidate]] = []
    for one in line:
        found = floor.take(one)
        chosen.append([] if found is None else [found])
    for one, asked in zip(line, chosen, strict=True):
        if one.rules.order is Order.RING_SEVERAL and asked:
            while len(asked) < one.rules.several and (found := floor.take(one)) is not None:
                asked.append(found)
    return tuple(
        Decision(one, candidate, _why(one, candidate, now))
        for one, asked in zip(line, chosen, strict=True)
        for candidate in asked
    )


def in_order(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """Give callers in the order in which they are served."""
    return sorted(waiting, key=lambda one: (not one.is_first, -one.points(now), one.aged_from, one.id))


class _Floor:
    """The agents who are free, indexed as the decision goes on.

    Callers of one queue who speak one language and whose skills have relaxed alike are served by the same agents in the
    same order. So each such group walks along the queue's members once, however many callers it has.
    """

    def __init__(self, free: list[Candidate], now: datetime) -> None:
        self.now = now
        self.free = sorted(free, key=lambda one: (one.idle_since, one.id))
        self.taken: set[int] = set()  # by identity: the hash of a UUID is slow
        self.skilled: defaultdict[str, list[Candidate]] = defaultdict(list)
        for candidate in self.free:
            for skill in candidate.skills:
                self.skilled[skill].append(candidate)
        self.members: dict[tuple[int, str], list[Candidate]] = {}
        self.walks: dict[tuple[int, str, tuple[bool, ...]], _Walk] = {}

    def take(self, waiting: Waiting) -> Candidate | None:
        """Give the best agent for a caller, who is then free for nobody else."""
        if len(self.taken) == len(self.free):
            return None
        walk = self._walk(waiting)
        for candidate in chain(list(walk.spared), walk.ahead):
            if id(candidate) in self.taken:
                continue
            if not _is_spared(waiting, candidate, self.now):
                self.taken.add(id(candidate))
                return candidate
            walk.spare(candidate)
        return None

    def _walk(self, waiting: Waiting) -> "_Walk":
        rules, waited = waiting.rules, self.now - waiting.aged_from
        key = (rules.queue, _bare(waiting.language), tuple(one.is_relaxed(waited) for one in rules.requirements))
        walk = self.walks.get(key)
        if walk is None:
            walk = self.walks[key] = _Walk(self._able(waiting, waited))
        return walk

    def _able(self, waiting: Waiting, waited: timedelta) -> Iterator[Candidate]:
        levels = [(one.skill, level) for one in waiting.rules.requirements if (level := one.asked(waited))]
        rarest = min((skill for skill, _level in levels), key=lambda skill: len(self.skilled[skill]), default="")
        for one in self._in_order(waiting.rules, rarest):
            if id(one) in self.taken or not _speaks(one, waiting.language):
                continue
            if all(one.skills.get(skill, 0) >= level for skill, level in levels):
                yield one

    def _in_order(self, rules: Rules, skill: str) -> list[Candidate]:
        """Give the members with a skill by priority; sorts are stable, so the longest idle stay first among equals."""
        queue = rules.queue
        members = self.members.get((queue, skill))
        if members is None:
            members = [one for one in (self.skilled[skill] if skill else self.free) if queue in one.memberships]
            if rules.order is Order.MOST_SKILLED:
                members.sort(key=lambda one: -_skill(one, rules))
            members.sort(key=lambda one: one.memberships[queue])
            self.members[queue, skill] = members
        return members


@dataclass(slots=True)
class _Walk:
    """How far a group of callers has come along the agents; `spared` were passed over for one caller only."""

    ahead: Iterator[Candidate]
    spared: list[Candidate] = field(default_factory=list)

    def spare(self, candidate: Candidate) -> None:
        if candidate not in self.spared:
            self.spared.append(candidate)


def explain(waiting: Waiting, candidate: Candidate, now: datetime) -> str:
    """Say why this agent would be asked, or not be asked, to take this caller now."""
    found = "; ".join(obstacles(waiting, candidate, now))
    return (
        f"{candidate.name}: {found}" if found else f"{candidate.name}: can be asked ({_why(waiting, candidate, now)})"
    )


def obstacles(waiting: Waiting, candidate: Candidate, now: datetime) -> Iterator[str]:
    """Name all that keeps this agent from taking this caller now."""
    if candidate.hindrance:
        yield candidate.hindrance
    if waiting.rules.queue not in candidate.memberships:
        yield f"is no member of {waiting.rules.name}"
    if not _speaks(candidate, waiting.language):
        yield f"does not speak {waiting.language}"
    waited = now - waiting.aged_from
    for requirement in waiting.rules.requirements:
        if (has := candidate.skills.get(requirement.skill, 0)) < requirement.asked(waited):
            yield _lack(requirement, has, waited)
    if _is_spared(waiting, candidate, now):
        left = waiting.spared[candidate.id] - now
        yield f"did not take this caller a moment ago, and is asked again in {_clock(left)}"


def _why(waiting: Waiting, candidate: Candidate, now: datetime) -> str:
    """Say what made this agent the one, in the order of what counts."""
    rules, waited = waiting.rules, now - waiting.aged_from
    parts = [f"priority {candidate.memberships[rules.queue]}"]
    if rules.order is Order.MOST_SKILLED:
        parts.append(f"skill {_skill(candidate, rules)}")
    parts.append(f"idle for {_clock(now - candidate.idle_since)}")
    parts += [
        f"{one.skill} {one.asked(waited)} is enough after {_clock(one.relax_after)}"
        for one in rules.requirements
        if one.relax_after is not None and one.is_relaxed(waited) and candidate.skills.get(one.skill, 0) < one.level
    ]
    return ", ".join(parts)


def _lack(requirement: Requirement, has: int, waited: timedelta) -> str:
    asked, until = requirement.asked(waited), ""
    if requirement.relax_after is not None and not requirement.is_relaxed(waited) and has >= requirement.relax_to:
        until = f" until {_clock(requirement.relax_after)} of waiting"
    return f"lacks {requirement.skill} (has {has or 'none'}, {asked} is asked for{until})"


def _speaks(candidate: Candidate, language: str) -> bool:
    """Tell whether an agent speaks a caller's language, in any region's form; who names no language takes all."""
    return not language or not candidate.languages or _bare(language) in map(_bare, candidate.languages)


@lru_cache(maxsize=1024)
def _bare(language: str) -> str:
    return language.partition("-")[0].lower()


def _is_spared(waiting: Waiting, candidate: Candidate, now: datetime) -> bool:
    return candidate.id in waiting.spared and waiting.spared[candidate.id] > now


def _skill(candidate: Candidate, rules: Rules) -> int:
    return sum(candidate.skills.get(one.skill, 0) for one in rules.requirements)


def _clock(time: timedelta) -> str:
    minutes, seconds = divmod(max(int(time.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
