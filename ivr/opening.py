"""Opening hours: whether a place is open at an instant, and when that changes. Pure.

Hours belong to the date on which they begin. A dated exception replaces what the week says of its own date, also the
part that runs past midnight; what began the evening before runs on into it. Where the clock is turned, opening and
closing happen when the clock first shows the time or has passed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
YEAR = 366


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
    zone = ZoneInfo(week.time_zone)
    instant = at.astimezone(UTC)
    today = at.astimezone(zone).date()
    # an interval lasts a day at most, but a turned clock can stretch that over one date more
    for day in (today, today - DAY, today - 2 * DAY):
        for opens, closes, name in _spans(week, day, zone):
            if opens <= instant < closes:
                return Opening("open", name)
    exceptions = _exceptions(week, today)
    for exception in exceptions:
        if exception.opens is None:
            return Opening("holiday", exception.name)
    return Opening("closed", exceptions[0].name if exceptions else "")


def next_change(week: Week, at: datetime) -> datetime | None:
    """Give the next instant at which the state is another, in the week's zone; None if none comes within a year."""
    zone = ZoneInfo(week.time_zone)
    now = opening(week, at).state
    today = at.astimezone(zone).date()
    # behind a week without exceptions there is only more of the same
    last = max((exception.date for exception in week.exceptions), default=today)
    for offset in range(min(max((last - today).days, 0) + 9, YEAR)):
        day = today + offset * DAY
        midnight = _instant(day + DAY, time(0), zone)
        borders = {_instant(day, time(0), zone), midnight}
        for began in (day, day - DAY, day - 2 * DAY):
            for opens, closes, _ in _spans(week, began, zone):
                borders |= {opens, closes}
        for border in sorted(borders):
            if at < border <= midnight and opening(week, border).state != now:
                return border.astimezone(zone)
    return None


def _spans(week: Week, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, str]]:
    """Give from when to when the place is open by the hours that begin on `day`, and the exception's name."""
    exceptions = _exceptions(week, day)
    hours: list[tuple[time, time, str]] = []
    for exception in exceptions:
        if exception.opens is not None and exception.closes is not None:
            hours.append((exception.opens, exception.closes, exception.name))
    if not exceptions:
        weekday = day.weekday()
        hours = [(row.opens, row.closes, "") for row in week.intervals if row.weekday == weekday]
    for opens, closes, name in hours:
        yield _instant(day, opens, zone), _instant(day + DAY if closes <= opens else day, closes, zone), name


def _exceptions(week: Week, day: date) -> list[DatedException]:
    return [exception for exception in week.exceptions if exception.date == day]


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Give the first instant at which the clock of `zone` shows `clock` on `day`, or has jumped over it."""
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # the clock jumps over this time: search the jump, which lies between the two readings of it
    before, after = sorted((instant, wall.replace(tzinfo=zone, fold=1).astimezone(UTC)))
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
