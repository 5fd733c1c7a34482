"""What is to come: holidays that callers will meet, and years whose public holidays nobody has confirmed."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F

from ivr.hours.opening import stretches
from ivr.hours.timetables import timetables
from ivr.models import HolidayYear, Schedule

#: from this month on the next year is asked for
FROM_MONTH = 10


class Holiday(NamedTuple):
    """A date on which callers of a schedule meet "holiday", and whether they hear why."""

    schedule: str
    schedule_name: str
    date: date
    name: str
    has_prompt: bool


class Unconfirmed(NamedTuple):
    """A year whose public holidays do not count yet, because nobody has looked at them."""

    schedule: str
    schedule_name: str
    year: int


def holidays(*, at: datetime, days: int = 14, of: Collection[int] | None = None) -> tuple[Holiday, ...]:
    """Find the dates of schedules within so many days that are closed as a holiday, for the whole day or a part.

    `of`: the ids of the schedules that are asked about; None for all.
    """
    until = at + timedelta(days=days)
    keys = Schedule.objects.values_list("pk", flat=True) if of is None else of
    found: dict[tuple[str, date, str], Holiday] = {}
    for key, table in timetables(list(keys), since=at, until=until).items():
        for stretch in stretches(table.week, at, until):
            opening = stretch.opening
            if opening.state == "holiday":
                day = stretch.begins.astimezone(ZoneInfo(table.week.time_zone)).date()
                holiday = Holiday(key, table.name, day, opening.name, bool(opening.prompt))
                found.setdefault((key, day, opening.name), holiday)
    return tuple(sorted(found.values(), key=lambda one: (one.date, one.schedule_name)))


def unconfirmed(*, at: datetime, only: int | None = None) -> tuple[Unconfirmed, ...]:
    """Find years of schedules with a country whose public holidays are still to be confirmed: this one, soon the next.

    A year that was confirmed for another country or region is to be confirmed again.
    """
    followed = Schedule.objects.exclude(country="")
    rows = (followed if only is None else followed.filter(pk=only)).order_by("name")
    as_set = {"country": F("schedule__country"), "region": F("schedule__region")}
    done = set(HolidayYear.objects.filter(**as_set).values_list("schedule", "year"))
    return tuple(
        Unconfirmed(str(key), name, year)
        for key, name, zone in rows.values_list("pk", "name", "time_zone")
        for year in years_to_confirm(at.astimezone(ZoneInfo(zone)).date())
        if (key, year) not in done
    )


def years_to_confirm(today: date) -> tuple[int, ...]:
    """Give the years that should be confirmed by now; the first is this one."""
    return (today.year, today.year + 1) if today.month >= FROM_MONTH else (today.year,)
