"""Opening hours: whether a place is open at an instant, and when that changes. Pure.

Hours belong to the date on which they begin. A dated exception replaces what the week says of its own date, also the part that runs past
midnight; what began the evening before runs on into it. Where the clock is turned, opening and closing happen when the clock
first shows the time or has passed it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal


@dataclass(frozen=True, slots=True)
class Interval:
    """Open each week from `opens`. Closing at or before opening means: on the next day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class DatedException:
    """A date that does not follow the week. Without times: closed all day. Several on a date add up."""

    date: date
    name: str
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Week:
    time_zone: str
    intervals: tuple[Interval, ...] = ()
    exceptions: tuple[DatedException, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """`name` is that of the dated exception that decides, "" where the week does."""

    state: Literal["open", "closed", "holiday"]
    name: str = ""


def opening(week: Week, at: datetime) -> Opening:
    """Tell whether the place is open at the aware instant `at`."""
    raise NotImplementedError


def next_change(week: Week, at: datetime) -> datetime | None:
    """Give the first instant after `at` with another state, in the week's zone; None if nothing changes within a year."""
    raise NotImplementedError
