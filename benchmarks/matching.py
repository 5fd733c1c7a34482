"""Deciding who takes whom: the time of one decision on a large floor, and whether anybody starves in an hour of it."""

import heapq
import random
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import mean, quantiles
from uuid import UUID

from queues.matching import Candidate, Order, Requirement, Rules, Waiting, decide

AGENTS, SKILLS, WAITING = 1000, 40, 500
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TICK = 5  # seconds of the simulated hour between two decisions
HOUR, TALK = 3600, 240
OVERLOAD = 1.02  # callers for each that the agents can take: the line grows slowly, which is when people starve
POINTS = (0, 0, 0, 0, 0, 0, 0, 5, 5, 20)  # seven of ten callers have no points of their own


def measure() -> None:
    print(f"Matching: {AGENTS} agents, {SKILLS} skills and queues, {WAITING} waiting")
    for what, free, everywhere in (
        ("all agents free", 1.0, False),
        ("one agent in twenty free", 0.05, False),
        ("all free, and each a member of all queues", 1.0, True),
    ):
        milliseconds, decided = _decision(free, everywhere=everywhere)
        print(f"  one decision, {what}: {milliseconds:.1f} ms ({decided} callers offered)")
    _hour()


def _decision(free: float, *, everywhere: bool) -> tuple[float, int]:
    """Give the median of many decisions, each on a floor of its own."""
    took, decided = [], 0
    for seed in range(9):
        chance = random.Random(seed)
        queues = _queues(chance)
        agents = [one for one in _agents(chance, everywhere=everywhere) if chance.random() < free]
        line = [_caller(chance, number, queues, NOW) for number in range(WAITING)]
        began = time.perf_counter()
        decisions = decide(line, agents, NOW)
        took.append(time.perf_counter() - began)
        decided = len({one.waiting.id for one in decisions})
    return sorted(took)[len(took) // 2] * 1000, decided


@dataclass(slots=True)
class Told:
    """What became of the callers of the hour: waits in seconds by points, the worst of them, and who is left."""

    waits: dict[int, list[float]]
    left: list[float]
    busy: dict[UUID, float]
    took: list[float]


def _hour() -> None:
    told = _simulated(random.Random(1))
    served = sum(len(waits) for waits in told.waits.values())
    print(
        f"  a simulated hour at {OVERLOAD:.0%} of what the agents can take: {served} served, {len(told.left)} waiting"
    )
    print(f"    decisions: median {_middle(told.took):.1f} ms, worst {max(told.took):.1f} ms")
    for points, waits in sorted(told.waits.items()):
        print(
            f"    callers of {points:>2} points: {len(waits):>5} served, wait mean {mean(waits):>4.0f} s,"
            f" p95 {quantiles(waits, n=20)[-1]:>4.0f} s, longest {max(waits):>4.0f} s"
        )
    print(f"    longest wait of who is still in line: {max(told.left, default=0):.0f} s")
    tenths = quantiles(told.busy.values(), n=10)
    print(f"    agents' time on calls: least busy tenth {tenths[0]:.0%}, busiest tenth {tenths[-1]:.0%}\n")


def _simulated(chance: random.Random) -> Told:
    """Let callers come and agents talk; who is chosen takes the call at once."""
    queues = _queues(chance)
    free = {one.id: one for one in _agents(chance, everywhere=False)}
    waiting: dict[UUID, Waiting] = {}
    talking: list[tuple[float, UUID, Candidate]] = []
    told = Told(defaultdict(list), [], dict.fromkeys(free, 0.0), [])
    rate, number = OVERLOAD * AGENTS / TALK, 0
    for second in range(0, HOUR, TICK):
        now = NOW + timedelta(seconds=second)
        while talking and talking[0][0] <= second:
            over, _, agent = heapq.heappop(talking)
            free[agent.id] = replace(agent, idle_since=NOW + timedelta(seconds=over))
        for _ in range(_poisson(chance, rate * TICK)):
            number += 1
            caller = _caller(chance, number, queues, now, waited=0)
            waiting[caller.id] = caller
        began = time.perf_counter()
        decisions = decide(waiting.values(), free.values(), now)
        told.took.append((time.perf_counter() - began) * 1000)
        for decision in decisions:
            if waiting.pop(decision.waiting.id, None) is None:
                continue  # another of several has it
            agent = free.pop(decision.candidate.id)
            lasts = chance.expovariate(1 / TALK)
            told.busy[agent.id] += min(lasts, HOUR - second) / HOUR
            heapq.heappush(talking, (second + lasts, agent.id, agent))
            told.waits[decision.waiting.priority].append((now - decision.waiting.aged_from).total_seconds())
    told.left = [HOUR - (one.aged_from - NOW).total_seconds() for one in waiting.values()]
    return told


def _queues(chance: random.Random) -> list[Rules]:
    orders = [Order.LONGEST_IDLE, Order.LONGEST_IDLE, Order.MOST_SKILLED, Order.RING_SEVERAL]
    return [
        Rules(
            number,
            name=f"Queue {number}",
            order=chance.choice(orders),
            several=3,
            priority=chance.choice((0, 0, 0, 3)),
            requirements=(Requirement(f"Skill {number}", 5, timedelta(seconds=60), 3),),
        )
        for number in range(SKILLS)
    ]


def _agents(chance: random.Random, *, everywhere: bool) -> list[Candidate]:
    """Make agents who have two to six skills and are members of those queues."""
    made = []
    for number in range(AGENTS):
        able = chance.sample(range(SKILLS), chance.randint(2, 6))
        made.append(
            Candidate(
                UUID(int=chance.getrandbits(128)),
                f"Agent {number}",
                memberships={queue: chance.randint(1, 2) for queue in (range(SKILLS) if everywhere else able)},
                idle_since=NOW - timedelta(seconds=chance.randint(0, 600)),
                skills={f"Skill {skill}": chance.randint(3, 10) for skill in able},
                languages=frozenset({"en-US", *(["es-US"] if chance.random() < 0.3 else [])}),
            )
        )
    return made


def _caller(
    chance: random.Random, number: int, queues: list[Rules], now: datetime, *, waited: float | None = None
) -> Waiting:
    waited = chance.randint(0, 300) if waited is None else waited
    return Waiting(
        UUID(int=number),
        chance.choice(queues),
        now - timedelta(seconds=waited),
        language=chance.choice(("", "en-US", "en-US", "es-US")),
        priority=chance.choice(POINTS),
    )


def _poisson(chance: random.Random, expected: float) -> int:
    count, passed = 0, chance.expovariate(1)
    while passed < expected:
        count, passed = count + 1, passed + chance.expovariate(1)
    return count


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
