"""What will happen on a day, drawn from a seed before it begins: who calls when, and how everybody behaves. Pure."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# How busy each hour of the day is: a morning peak, a dip at noon, a lower peak in the afternoon.
CURVE = (
    0.05, 0.03, 0.02, 0.02, 0.03, 0.08, 0.2, 0.5, 1.0, 1.45, 1.6, 1.45,
    1.05, 1.15, 1.35, 1.3, 1.1, 0.85, 0.6, 0.45, 0.35, 0.25, 0.15, 0.08,
)  # fmt: skip
# Area codes with their numbers for fiction, 555-0100 to 555-0199.
AREAS = (201, 206, 212, 213, 303, 305, 312, 404, 415, 503, 512, 602, 617, 619, 702, 713, 718, 773, 813, 917)
RESTED_SECONDS = 1800.0
"""How long somebody who has called does not call again."""
SHAPE = 1.3
"""Of the patience: a little under one's mean, and now and then very long."""
SPREAD = 0.7
"""Of the length of talks, as the sigma of its logarithm."""
MESSAGES = (
    "Hello, please call me back about my order.",
    "I have a question about my last invoice.",
    "Could somebody call me tomorrow morning, please? Thank you.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """One call that will come, with times in seconds from the beginning, or from what they follow."""

    at: float
    number: str
    keys: str
    """What is pressed, one key for each time that a menu waits."""
    thinking: float
    """How long a menu waits for the key."""
    patience: float
    """How long the caller waits for a person."""
    talk: float
    """After how long a talk the caller hangs up."""
    message: str


@dataclass(frozen=True, slots=True)
class Taking:
    """What somebody does when the telephone rings."""

    declines: bool
    after: float
    talk: float


@dataclass(frozen=True, slots=True)
class Habits:
    """How people of this day behave, on average."""

    patience: float = 180.0
    talk: float = 150.0
    """The median length of a talk."""
    answer: float = 6.0
    declines: float = 0.05
    loyal: float = 0.0
    """The share of callers who never hang up: whoever talks to them must."""
    keys: Mapping[str, float] | None = None
    """The keys that callers press, by weight; without any, nobody presses one."""


def calls(*, seed: int, first_hour: int, hours: float, per_hour: float, habits: Habits) -> list[Caller]:
    """Return the calls of a day in order; `per_hour` is their mean over the hours played."""
    dice = random.Random(seed)
    weights = [CURVE[(first_hour + hour) % 24] for hour in range(math.ceil(hours))]
    mean = sum(weights) / len(weights)
    people = _people(dice, max(40, round(per_hour)))
    last_call: dict[str, float] = {}
    found: list[Caller] = []
    for hour, weight in enumerate(weights):
        at, end = hour * 3600.0, min(hours, hour + 1) * 3600.0
        rate = per_hour * weight / mean / 3600
        while rate > 0 and (at := at + dice.expovariate(rate)) < end:
            number = _caller(dice, people, last_call, at)
            last_call[number] = at
            found.append(_call(dice, at, number, habits))
    return found


def _people(dice: random.Random, count: int) -> Sequence[str]:
    # A third as many again, so that somebody rested is soon found.
    all_ = [f"+1{area}55501{last:02d}" for area in AREAS for last in range(100)]
    return dice.sample(all_, min(len(all_), count * 4 // 3))


def _caller(dice: random.Random, people: Sequence[str], last_call: Mapping[str, float], at: float) -> str:
    rested = [one for one in people if at - last_call.get(one, -RESTED_SECONDS) >= RESTED_SECONDS]
    return dice.choice(rested or sorted(people, key=lambda one: last_call[one])[:1])


def _call(dice: random.Random, at: float, number: str, habits: Habits) -> Caller:
    scale = habits.patience / math.gamma(1 + 1 / SHAPE)
    keys = habits.keys or {}
    loyal = dice.random() < habits.loyal
    return Caller(
        at=at,
        number=number,
        keys=dice.choices(list(keys), list(keys.values()))[0] if keys else "",
        thinking=dice.uniform(0.5, 4.0),
        patience=math.inf if loyal else 5.0 + dice.weibullvariate(scale, SHAPE),
        talk=math.inf if loyal else _talk(dice, habits),
        message=dice.choice(MESSAGES),
    )


def taking(*, seed: int, phone: str, nth: int, habits: Habits) -> Taking:
    """Return what the holder of a phone does when it rings for the nth time; the same for the same seed."""
    dice = random.Random(f"{seed} {phone} {nth}")
    return Taking(
        declines=dice.random() < habits.declines,
        after=dice.uniform(0.5, 2 * habits.answer),
        talk=_talk(dice, habits),
    )


def _talk(dice: random.Random, habits: Habits) -> float:
    # Either side may end a talk: the shorter of two of these has the median that was asked for.
    return max(5.0, dice.lognormvariate(math.log(habits.talk * 1.5), SPREAD))
