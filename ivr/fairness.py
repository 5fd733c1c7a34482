"""How sure it is that one way is better than another, by intervals of proportions, and in words. Pure.

For a part of calls the interval is Wilson's, for the difference of two Newcombe's (his tenth): both hold for few calls
and for parts near nothing and all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

#: how often such an interval misses the truth
MISSES = 0.05
#: calls of a way under which nothing is said of it
FEWEST = 10


class Interval(NamedTuple):
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """So many of all calls of a way."""

    name: str
    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


def interval(part: Part, *, misses: float = MISSES) -> Interval:
    """Give the range in which the part lies if the trial went on for ever, but for so many times out of one."""
    if not part.of:
        return Interval(0.0, 1.0)
    z, n, p = NormalDist().inv_cdf(1 - misses / 2), part.of, part.share
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def difference(one: Part, other: Part, *, misses: float = MISSES) -> Interval:
    """Give the range of how much more often it is in `one` than in `other`."""
    mine, theirs, gap = interval(one, misses=misses), interval(other, misses=misses), one.share - other.share
    low = gap - sqrt((one.share - mine.low) ** 2 + (theirs.high - other.share) ** 2)
    high = gap + sqrt((mine.high - one.share) ** 2 + (other.share - theirs.low) ** 2)
    return Interval(max(-1.0, low), min(1.0, high))


def sentences(parts: Sequence[Part], what: str) -> list[str]:
    """Compare each way with the first one, in words; `what` callers do, such as "reach a person".

    With several comparisons each is made that much stricter, so that all together miss no more often than one.
    """
    if len(parts) < 2:
        return []
    first, misses = parts[0], MISSES / (len(parts) - 1)
    return [_sentence(one, first, what, misses) for one in parts[1:]]


def _sentence(one: Part, first: Part, what: str, misses: float) -> str:
    names = f"“{one.name}” and “{first.name}”"
    if min(one.of, first.of) < FEWEST:
        return f"{names}: too few calls to say anything. Each way needs {FEWEST} calls at the least, better hundreds."
    exact = difference(one, first, misses=misses)
    low, high = (round(100 * bound) for bound in exact)
    if exact.low > 0:
        return (
            f"More callers {what} by “{one.name}” than by “{first.name}”: {_range(low, high)} more of 100."
            " That is more than chance."
        )
    if exact.high < 0:
        return (
            f"Fewer callers {what} by “{one.name}” than by “{first.name}”: {_range(-high, -low)} fewer of 100."
            " That is more than chance."
        )
    return (
        f"{names}: what differs may be chance. In truth {_gap(low)} to {_gap(high)} of 100 callers {what} by"
        f" “{one.name}”."
    )


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def _gap(points: int) -> str:
    return f"{-points} fewer" if points < 0 else f"{points} more"
