"""An agent's day: the stretches of one standing each, cut to the day, and what they come to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.models import PresenceChange


@dataclass(frozen=True, slots=True)
class Stretch:
    change: PresenceChange
    begin: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.begin

    @property
    def goes_on(self) -> bool:
        return self.change.until is None


@dataclass(frozen=True, slots=True)
class Total:
    standing: str
    reason: str
    length: timedelta


def stretches(changes: Iterable[PresenceChange], *, begin: datetime, end: datetime) -> list[Stretch]:
    """Cut what reaches into a day to the day. `end` is no later than now: what goes on has lasted until then."""
    cut = (Stretch(change, max(change.at, begin), min(change.until or end, end)) for change in changes)
    return [stretch for stretch in cut if stretch.begin < stretch.end]


def totals(day: Iterable[Stretch]) -> list[Total]:
    """Add up the day by standing, and not ready by its reason; the longest first."""
    sums: Counter[tuple[str, str]] = Counter()
    for stretch in day:
        reason = stretch.change.reason if stretch.change.standing == stretch.change.chosen else ""
        sums[stretch.change.standing, reason] += round(stretch.length.total_seconds())
    return [Total(standing, reason, timedelta(seconds=length)) for (standing, reason), length in sums.most_common()]
