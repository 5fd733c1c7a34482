"""What the options of a branch ask of a value or a time, as lines that people read: `is: gold`, `time: 09:00 to 17:00`.

An option's lines are its `words`, so that files and differences show them as they are. Reading them raises Broken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import TypeAlias, TypeVar

from ivr.kinds.asking import normal
from ivr.kinds.settings import Broken

Point = TypeVar("Point")

EMPTY = "empty"
#: how values are compared, as it is written, and in words between the name and the values
HOW: Mapping[str, str] = {
    "is": "is",
    "is not": "is not",
    "contains": "contains",
    "begins with": "begins with",
    "at least": "is at least",
    "at most": "is at most",
    EMPTY: "is empty",
}
NUMBERS = frozenset({"at least", "at most"})
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_VALUES = 100
LONGEST_VALUE = 200
#: letters that nobody writes, to stand for any other value
OTHER = "zqxj"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of `values` is to be fitted so; with `is not` none may be. Capitals, accents and marks do not count."""

    how: str
    values: tuple[str, ...] = ()

    def fits(self, value: str) -> bool:
        match self.how:
            case "is":
                return any(_text(value) == _text(wanted) for wanted in self.values)
            case "is not":
                return all(_text(value) != _text(other) for other in self.values)
            case "contains":
                return any(_text(wanted) in _text(value) for wanted in self.values)
            case "begins with":
                return any(_text(value).startswith(_text(wanted)) for wanted in self.values)
            case "at least" | "at most":
                return self._fits_number(number(value))
            case _:
                return not value.strip()

    def _fits_number(self, found: Decimal | None) -> bool:
        bounds = [bound for bound in map(number, self.values) if bound is not None]
        if found is None:
            return False
        return any(found >= bound if self.how == "at least" else found <= bound for bound in bounds)

    def in_words(self, name: str) -> str:
        values = _listed(self.values, "nor" if self.how == "is not" else "or")
        return f"{name} {HOW[self.how]} {values}".rstrip()

    def lines(self) -> tuple[str, ...]:
        return tuple(f"{self.how}: {value}" for value in self.values) if self.values else (self.how,)


@dataclass(frozen=True, slots=True)
class When:
    """Days of the week (0 is Monday; none: all), a time of day and dates, each with its last one. All must be so.

    Ending at or before it begins, a time of day goes over midnight, and belongs to the day on which it began.
    """

    days: frozenset[int] = frozenset()
    begins: time | None = None
    ends: time | None = None
    first: date | None = None
    last: date | None = None

    def fits(self, local: datetime) -> bool:
        """Tell of a time on the wall, in the zone of the branch."""
        day = local.date()
        if self.begins is not None and self.ends is not None:
            clock = local.time().replace(tzinfo=None)
            if self.begins < self.ends:
                if not self.begins <= clock < self.ends:
                    return False
            elif clock < self.ends:
                day -= timedelta(days=1)
            elif clock < self.begins:
                return False
        if self.days and day.weekday() not in self.days:
            return False
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def in_words(self) -> str:
        parts = [_listed([WEEKDAYS[day] for day in sorted(self.days)], "and")] if self.days else []
        if self.begins is not None and self.ends is not None:
            parts.append(f"from {self.begins:%H:%M} to {self.ends:%H:%M}")
        match self.first, self.last:
            case date() as first, date() as last:
                parts.append(f"on {_day(first)}" if first == last else f"from {_day(first)} to {_day(last)}")
            case date() as first, None:
                parts.append(f"from {_day(first)} on")
            case None, date() as last:
                parts.append(f"until {_day(last)}")
        return ", ".join(parts)

    def lines(self) -> tuple[str, ...]:
        found = ["days: " + ", ".join(WEEKDAYS[day] for day in sorted(self.days))] if self.days else []
        if self.begins is not None and self.ends is not None:
            found.append(f"time: {self.begins:%H:%M} to {self.ends:%H:%M}")
        if self.first or self.last:
            found.append(f"dates: {self.first or ''} to {self.last or ''}".replace(":  to", ": to").rstrip())
        return tuple(found)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these is to be had, by their form in which they are compared."""

    values: tuple[str, ...]

    def fits(self, value: str) -> bool:
        return value in self.values


Test: TypeAlias = Comparison | When | OneOf


def comparison(lines: Sequence[str]) -> Comparison:
    """Read how an option compares a value."""
    if not lines:
        raise Broken("it says nothing to compare with")
    if list(lines) == [EMPTY]:
        return Comparison(EMPTY)
    found: list[tuple[str, str]] = []
    for line in lines:
        how, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or how not in HOW or how == EMPTY or not value or len(value) > LONGEST_VALUE:
            known = ", ".join(f"“{one}: …”" for one in HOW if one != EMPTY)
            raise Broken(f"“{line}” is none of {known} and “{EMPTY}”")
        if how in NUMBERS and number(value) is None:
            raise Broken(f"“{value}” is no number, which “{how}” needs")
        found.append((how, value))
    if len({how for how, _value in found}) > 1:
        raise Broken("it compares in more than one way: make an option for each")
    if len(found) > MOST_VALUES:
        raise Broken(f"it names more than {MOST_VALUES} values")
    return Comparison(found[0][0], tuple(value for _how, value in found))


def when(lines: Sequence[str]) -> When:
    """Read the time of an option."""
    told: dict[str, str] = {}
    for line in lines:
        name, _colon, rest = (part.strip() for part in line.partition(":"))
        if name not in ("days", "time", "dates") or name in told:
            raise Broken(f"“{line}” is not days, a time or dates, each once")
        told[name] = rest
    if not told:
        raise Broken("it names no days, no time and no dates")
    begins, ends = _times(told["time"]) if "time" in told else (None, None)
    first, last = _dates(told["dates"]) if "dates" in told else (None, None)
    return When(_days(told["days"]) if "days" in told else frozenset(), begins, ends, first, last)


def number(value: str) -> Decimal | None:
    """Read a number, with a point or a comma before what is less than one; None for what is none."""
    text = value.strip().replace(" ", "")
    if not re.fullmatch(r"[+-]?\d{1,18}(?:[.,]\d{1,9})?", text, re.ASCII):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def first_fit(tests: Iterable[Test | None], fits: Callable[[Test], bool]) -> int | None:
    """Give the first that fits; None stands for one that cannot be read."""
    return next((index for index, test in enumerate(tests) if test is not None and fits(test)), None)


def never_taken(tests: Sequence[Test | None]) -> Iterator[tuple[int, int]]:
    """Find tests that are never the first to fit, each with one before it that takes what would fit.

    Values and times are tried that lie on, between and beyond all that the tests name.
    """
    whens = [test for test in tests if isinstance(test, When)]
    if whens:
        yield from _hidden(
            tests, list(_moments(whens)), lambda test, point: isinstance(test, When) and test.fits(point)
        )
    else:
        values = dict.fromkeys(value for test in tests if test is not None for value in _values(test))
        yield from _hidden(tests, list(values), lambda test, value: not isinstance(test, When) and test.fits(value))


def _hidden(
    tests: Sequence[Test | None], points: Sequence[Point], fits: Callable[[Test, Point], bool]
) -> Iterator[tuple[int, int]]:
    taken: set[int] = set()
    before: dict[int, int] = {}
    for point in points:
        fitting = [index for index, test in enumerate(tests) if test is not None and fits(test, point)]
        taken |= set(fitting[:1])
        for index in fitting[1:]:
            before.setdefault(index, fitting[0])
    for index in range(len(tests)):
        if index in before and index not in taken:
            yield index, before[index]


def _values(test: Test) -> Iterator[str]:
    yield from ("", OTHER, "0", "-999999999999999999", "999999999999999999")
    for value in test.values if isinstance(test, Comparison | OneOf) else ():
        yield from (value, value + OTHER, OTHER + value, f"{OTHER} {value} {OTHER}")
        bound = number(value)
        if bound is not None:
            yield from (format(bound + step, "f") for step in map(Decimal, ("-1", "-0.5", "0.5", "1")))


def _moments(whens: Sequence[When]) -> Iterator[datetime]:
    """Give each time of day at which something begins or ends, on all days of the week between any two such dates."""
    clocks = {time(0)} | {clock for one in whens for clock in (one.begins, one.ends) if clock is not None}
    begins = {one.first for one in whens if one.first} | {one.last + timedelta(1) for one in whens if one.last}
    edges = sorted(begins) or [date(2026, 1, 5)]
    days = {edge + timedelta(days=off) for edge in (edges[0] - timedelta(8), *edges) for off in range(8)}
    for day, clock in product(sorted(days), sorted(clocks)):
        yield datetime.combine(day, clock)


def _text(value: str) -> str:
    # what holds nothing but marks is compared as it is
    return normal(value) or value.strip().casefold()


def _listed(values: Sequence[str], word: str) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} {word} {values[-1]}" if values else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _days(text: str) -> frozenset[int]:
    names = [name.strip() for name in text.split(",")]
    if not set(names) <= set(WEEKDAYS):
        raise Broken(f"“{text}” are not days of the week, such as Monday, Friday")
    return frozenset(map(WEEKDAYS.index, names))


def _times(text: str) -> tuple[time, time]:
    found = re.fullmatch(r"(\d\d):(\d\d) to (\d\d):(\d\d)", text, re.ASCII)
    try:
        hours = [int(part) for part in found.groups()] if found else []
        return time(hours[0], hours[1]), time(hours[2], hours[3])
    except (ValueError, IndexError) as error:
        raise Broken(f"“{text}” is no time of day such as 09:00 to 17:00") from error


def _dates(text: str) -> tuple[date | None, date | None]:
    first, to, last = (part.strip() for part in f" {text} ".partition(" to "))
    try:
        begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
    except ValueError as error:
        raise Broken(f"“{text}” are no dates such as 2026-12-24 to 2026-12-26") from error
    if not to or (begin is None and end is None):
        raise Broken(f"“{text}” are no dates such as 2026-12-24 to 2026-12-26")
    if any(not 2000 <= day.year < 2100 for day in (begin, end) if day is not None):
        raise Broken(f"“{text}” are not in this century")
    if begin is not None and end is not None and end < begin:
        raise Broken(f"“{text}” end before they begin")
    return begin, end
