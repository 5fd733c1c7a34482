"""How long somebody will wait, as a band in minutes, or nothing where that cannot be known. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from statistics import quantiles
from typing import NamedTuple

RECENT = timedelta(hours=3)
AT_ONCE = 15.0  # seconds: who was served within them tells nothing of those who have to wait
FEWEST = 10
MANY = 30
NARROW, WIDEST = 2.0, 4.0  # the upper end of the band divided by its lower end
LONGEST = 60  # minutes; beyond it all guesses are idle


class Confidence(StrEnum):
    MEDIUM = "medium"
    HIGH = "high"


class Band(NamedTuple):
    """From `low` to `high` minutes; `low` 0 is less than one."""

    low: int
    high: int
    confidence: Confidence


class Wait(NamedTuple):
    """How long somebody of the same queue waited until an agent answered, and at which place they began."""

    seconds: float
    position: int


def band(recent: Sequence[Wait], position: int, *, staffed: int) -> Band | None:
    """Estimate the wait of who stands at `position` (1 is next) by the pace at which those before moved up.

    None where nobody serves the queue, too few have waited lately, or their waits differ too much to say anything.
    """
    paces = sorted(wait.seconds / wait.position for wait in recent if wait.position > 0 and wait.seconds > AT_ONCE)
    if not staffed or position < 1 or len(paces) < FEWEST:
        return None
    quick, _, slow = quantiles(paces, n=4)
    low, high = int(quick * position // 60), int(-(-slow * position // 60))
    if high > LONGEST or slow > WIDEST * quick:
        return None
    sure = len(paces) >= MANY and slow <= NARROW * quick
    return Band(low, max(high, low + 1), Confidence.HIGH if sure else Confidence.MEDIUM)


def not_rising(estimated: Band | None, told: int | None) -> Band | None:
    """Give what may be said to somebody who was told `told` minutes at most before: nothing, if it became more."""
    if estimated is None or (told is not None and estimated.high > told):
        return None
    return estimated
