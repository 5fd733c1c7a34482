"""Opening hours: whether a place is open at an instant, why, and when that changes. Pure.

Four layers say something, and the highest that does decides: closed by hand at once (`closures`), single dates
(`exceptions`), dates of each year and public holidays (`yearly`, `holidays`), the usual week (`intervals`).

Hours belong to the date on which they begin. A date that is closed, or has hours of its own, replaces what lower layers
say of that date, also the part that runs past midnight; what began the evening before runs on into it. A date that is
closed for a part only takes that part away, and everything lower goes on around it. Where the clock is turned, opening
and closing happen when the clock first shows the time or has passed it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
YEAR = 366

Layer: TypeAlias = Literal["emergency", "one_off", "yearly", "weekly"]
State: TypeAlias = Literal["open", "closed", "holiday"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Open each week from `opens`. Closing at or before opening means: on the next day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class DatedException:
    """A date that does not follow the week. Several on a date add up.

    Without times it is closed all day. With `opens` and `closes` it is open then, and at no other time. With
    `closed_from` it is closed from then until `closed_until`, or for the rest of its day. `prompt` is the key of what
    callers hear while it is closed.
    """

    date: date
    name: str
    opens: time | None = None
    closes: time | None = None
    closed_from: time | None = None
    closed_until: time | None = None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class YearlyDate:
    """A date that does not follow the week in any year; February 29 counts in the years that have it."""

    month: int
    day: int
    name: str
    opens: time | None = None
    closes: time | None = None
    closed_from: time | None = None
    closed_until: time | None = None
    prompt: str = ""

    def on(self, day: date) -> DatedException:
        return DatedException(day, self.name, self.opens, self.closes, self.closed_from, self.closed_until, self.prompt)


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed by hand from one instant to another, or until somebody opens it again."""

    begins: datetime
    ends: datetime | None
    name: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    time_zone: str
    intervals: tuple[Interval, ...] = ()
    exceptions: tuple[DatedException, ...] = ()
    yearly: tuple[YearlyDate, ...] = ()
    holidays: tuple[DatedException, ...] = ()
    closures: tuple[Closure, ...] = ()
    # what was made of the dates that were asked about: replays and calendars ask of the same ones again and again
    _dates: "dict[date, _Date]" = field(init=False, default_factory=dict, repr=False, compare=False)
    _midnights: dict[date, datetime] = field(init=False, default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Opening:
    """`name` is that of the date or closure that decides, "" where the week does; `prompt` what callers hear of it."""

    state: State
    name: str = ""
    layer: Layer = "weekly"
    prompt: str = ""


class Stretch(NamedTuple):
    """A time in which one thing holds, for one reason. In UTC: two times of one zone compare as clocks show them."""

    begins: datetime
    ends: datetime
    opening: Opening


def opening(week: Week, at: datetime) -> Opening:
    """Tell whether the place is open at the aware instant `at`."""
    return _Days(week).opening(at.astimezone(UTC))


def stretches(week: Week, since: datetime, until: datetime) -> Iterator[Stretch]:
    """Give what holds between two instants, in order and in UTC: without a gap, an overlap, or two alike in a row."""
    days = _Days(week)
    begins, end = since.astimezone(UTC), until.astimezone(UTC)
    if begins >= end:
        return
    now = days.opening(begins)
    for border in days.borders(begins, end):
        following = days.opening(border)
        if following != now:
            yield Stretch(begins, border, now)
            begins, now = border, following
    yield Stretch(begins, end, now)


def next_change(week: Week, at: datetime) -> datetime | None:
    """Give the next instant at which the state is another, in the week's zone; None if none comes within a year."""
    days = _Days(week)
    instant = at.astimezone(UTC)
    now = days.opening(instant).state
    today = days.date_of(instant)
    # behind a week without dates there is only more of the same
    last = max((row.date for row in (*week.exceptions, *week.holidays)), default=today)
    ends = [closure.ends for closure in week.closures if closure.ends]
    last = max(last, *(days.date_of(end.astimezone(UTC)) for end in ends)) if ends else last
    ahead = YEAR if week.yearly else min(max((last - today).days, 0) + 9, YEAR)
    for border in days.borders(instant, days.midnight(today + ahead * DAY) + timedelta(microseconds=1)):
        if days.opening(border).state != now:
            return border.astimezone(days.zone)
    return None


class _Span(NamedTuple):
    """From when to when something holds; of those that hold at once the one with the smallest `rank` decides."""

    rank: int
    begins: datetime
    ends: datetime
    opening: Opening


class _Date(NamedTuple):
    """What begins on a date, and what holds on it where nothing else does."""

    spans: tuple[_Span, ...]
    rest: Opening


CLOSED = Opening("closed")
#: of the layers of dates: the rank of the hours in which one is closed; that of its opening hours comes next
RANKS: tuple[tuple[Layer, int], ...] = (("one_off", 0), ("yearly", 2))
WEEKLY = 4


class _Days:
    """A week, and what it makes of each date that was looked at."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.zone = ZoneInfo(week.time_zone)
        self.seen, self.midnights = week._dates, week._midnights

    def opening(self, instant: datetime) -> Opening:
        closures = [one for one in self.week.closures if one.begins <= instant and (not one.ends or instant < one.ends)]
        if closures:
            newest = max(closures, key=lambda one: one.begins)
            return Opening("closed", newest.name, "emergency", newest.prompt)
        today = self.date_of(instant)
        # an interval lasts a day at most, but a turned clock can stretch that over one date more
        holding = [
            span
            for day in (today, today - DAY, today - 2 * DAY)
            for span in self.on(day).spans
            if span.begins <= instant < span.ends
        ]
        return min(holding, key=lambda span: span.rank).opening if holding else self.on(today).rest

    def borders(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Give all instants after `since` and before `until` at which anything may change, in order."""
        day, last = self.date_of(since), self.date_of(until)
        closures = {one for closure in self.week.closures for one in (closure.begins, closure.ends) if one is not None}
        while day <= last:
            morning, midnight = self.midnight(day), self.midnight(day + DAY)
            found = {morning} | {one.astimezone(UTC) for one in closures}
            for began in (day, day - DAY, day - 2 * DAY):
                for span in self.on(began).spans:
                    found |= {span.begins, span.ends}
            yield from sorted(one for one in found if since < one < until and morning <= one < midnight)
            day += DAY

    def date_of(self, instant: datetime) -> date:
        """Give the date that has begun last: where the clock is turned back over midnight it does not begin twice."""
        today = instant.astimezone(self.zone).date()
        return today + DAY if instant >= self.midnight(today + DAY) else today

    def midnight(self, day: date) -> datetime:
        found = self.midnights.get(day)
        if found is None:
            found = self.midnights[day] = first_shown(day, time(0), self.zone)
        return found

    def on(self, day: date) -> _Date:
        found = self.seen.get(day)
        if found is None:
            found = self.seen[day] = self._look(day)
        return found

    def _look(self, day: date) -> _Date:
        spans: list[_Span] = []
        dated: list[DatedException] = []
        for layer, rank in RANKS:
            rows = self._rows(layer, day)
            dated += rows
            for row in rows:
                if row.closed_from is not None:
                    closed = Opening("holiday", row.name, layer, row.prompt)
                    spans.append(_Span(rank, *self._part(row, row.closed_from), closed))
            whole = [row for row in rows if row.closed_from is None]
            if whole:
                spans += self._hours(day, whole, layer, rank + 1)
                return _Date(tuple(self._cut(day, dated, spans)), _rest(whole, layer))
        weekday = day.weekday()
        for hours in self.week.intervals:
            if hours.weekday == weekday:
                spans.append(_Span(WEEKLY, *self._between(day, hours.opens, hours.closes), Opening("open")))
        return _Date(tuple(self._cut(day, dated, spans)), CLOSED)

    def _rows(self, layer: Layer, day: date) -> list[DatedException]:
        if layer == "one_off":
            return [row for row in self.week.exceptions if row.date == day]
        of_each_year = [row.on(day) for row in self.week.yearly if (row.month, row.day) == (day.month, day.day)]
        return of_each_year + [row for row in self.week.holidays if row.date == day]

    def _hours(self, day: date, rows: Sequence[DatedException], layer: Layer, rank: int) -> Iterator[_Span]:
        for row in rows:
            if row.opens is not None and row.closes is not None:
                yield _Span(rank, *self._between(day, row.opens, row.closes), Opening("open", row.name, layer))

    def _part(self, row: DatedException, closed_from: time) -> tuple[datetime, datetime]:
        if row.closed_until is not None:
            return self._between(row.date, closed_from, row.closed_until)
        return first_shown(row.date, closed_from, self.zone), self.midnight(row.date + DAY)

    def _cut(self, day: date, rows: Sequence[DatedException], spans: Sequence[_Span]) -> Iterator[_Span]:
        """End the hours that begin on `day` where the rest of that day is closed: they do not go on after midnight."""
        ends = [row.closed_from for row in rows if row.closed_from is not None and row.closed_until is None]
        end = first_shown(day, min(ends), self.zone) if ends else None
        for span in spans:
            if end is not None and span.opening.state == "open" and span.ends > end:
                span = span._replace(ends=end)
            if span.begins < span.ends:
                yield span

    def _between(self, day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
        return first_shown(day, begins, self.zone), first_shown(day + DAY if ends <= begins else day, ends, self.zone)


def _rest(rows: Sequence[DatedException], layer: Layer) -> Opening:
    """Tell what holds on a date outside of the hours that its rows give."""
    closed = next((row for row in rows if row.opens is None), None)
    if closed:
        return Opening("holiday", closed.name, layer, closed.prompt)
    return Opening("closed", rows[0].name, layer, next((row.prompt for row in rows if row.prompt), ""))


def first_shown(day: date, clock: time, zone: ZoneInfo) -> datetime:
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
