"""The hours of a month or a year, day by day: a picture of each day, and the same in words with each reason. Pure."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.hours.opening import DAY, Layer, Opening, State, Stretch, Week, first_shown, stretches

#: how wide the picture of a day is
WIDTH = 240
REASONS: dict[Layer, str] = {
    "emergency": "closed at once",
    "one_off": "this date only",
    "yearly": "holiday",
    "weekly": "usual week",
}
STATES: dict[State, str] = {"open": "open", "closed": "closed", "holiday": "closed for a holiday"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a day in which one thing holds. `begins` and `width` are of its picture."""

    since: str
    until: str
    state: State
    layer: Layer
    name: str
    begins: int
    width: int
    says: str = ""

    @property
    def what(self) -> str:
        return STATES[self.state]

    @property
    def why(self) -> str:
        reason = REASONS[self.layer]
        return f"{self.name} ({reason})" if self.name else reason


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    parts: tuple[Part, ...]

    @property
    def hours(self) -> str:
        """Tell when it is open, in short: "09:00 to 17:00"."""
        spans: list[list[str]] = []
        for part in self.parts:
            if part.state != "open":
                continue
            if spans and spans[-1][1] == part.since:
                spans[-1][1] = part.until
            else:
                spans.append([part.since, part.until])
        if spans == [["00:00", "24:00"]]:
            return "all day"
        return ", ".join(f"{since} to {until}" for since, until in spans) or "closed"

    @property
    def names(self) -> tuple[str, ...]:
        """Give why it is not as in the usual week."""
        return tuple(dict.fromkeys(part.name for part in self.parts if part.name))

    @property
    def kind(self) -> str:
        """Tell in a word what the day is: of the highest layer that has a say, and whether it is open at all."""
        order: Sequence[Layer] = ("emergency", "one_off", "yearly", "weekly")
        layer = min((part.layer for part in self.parts), key=order.index)
        is_open = any(part.state == "open" for part in self.parts)
        if layer == "weekly":
            return "open" if is_open else "closed"
        return f"{layer}-{'open' if is_open else 'closed'}".replace("_", "-")


def month(week: Week, year: int, number: int) -> tuple[tuple[Day | None, ...], ...]:
    """Give the weeks of a month, Monday first; None stands for a day of another month."""
    by_date = {day.date: day for day in days(week, date(year, number, 1), _after(year, number))}
    return tuple(tuple(by_date.get(day) for day in row) for row in calendar.Calendar().monthdatescalendar(year, number))


def year(week: Week, number: int) -> tuple[tuple[tuple[Day | None, ...], ...], ...]:
    """Give the twelve months of a year, each by its weeks."""
    return tuple(month(week, number, one) for one in range(1, 13))


def days(week: Week, since: date, until: date) -> Iterator[Day]:
    """Give each day before `until`, cut where the clock of the place shows midnight."""
    zone = ZoneInfo(week.time_zone)
    found = list(stretches(week, first_shown(since, time(0), zone), first_shown(until, time(0), zone)))
    index = 0
    day = since
    while day < until:
        begins, ends = first_shown(day, time(0), zone), first_shown(day + DAY, time(0), zone)
        parts = []
        while begins < ends and index < len(found) and found[index].begins < ends:
            parts.append(_part(found[index], begins, ends, zone))
            if found[index].ends > ends:
                break
            index += 1
        if parts:  # a zone that moves over the date line leaves a date out
            yield Day(day, tuple(parts))
        day += DAY


def _part(stretch: Stretch, begins: datetime, ends: datetime, zone: ZoneInfo) -> Part:
    since, until = max(stretch.begins, begins), min(stretch.ends, ends)
    left = round((since - begins) / (ends - begins) * WIDTH)
    right = round((until - begins) / (ends - begins) * WIDTH)
    opening: Opening = stretch.opening
    last = "24:00" if until == ends else f"{until.astimezone(zone):%H:%M}"
    first = "00:00" if since == begins else f"{since.astimezone(zone):%H:%M}"
    return Part(first, last, opening.state, opening.layer, opening.name, left, right - left, opening.prompt)


def _after(year: int, number: int) -> date:
    return (date(year, number, 28) + timedelta(days=4)).replace(day=1)
