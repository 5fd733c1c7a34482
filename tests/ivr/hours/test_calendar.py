"""A month and a year, day by day."""

from datetime import UTC, date, datetime, time

import pytest

from ivr.hours import calendar
from ivr.hours.opening import Closure, DatedException, Interval, Week, YearlyDate

WEEK = Week(
    "Europe/Berlin",
    (*(Interval(day, time(9), time(17)) for day in range(5)), Interval(2, time(18), time(2))),
    (DatedException(date(2026, 12, 21), "Inventory"), DatedException(date(2026, 12, 19), "Fair", time(10), time(14))),
    (YearlyDate(12, 24, "Christmas Eve", closed_from=time(14), prompt="7"),),
    (DatedException(date(2026, 12, 25), "Christmas Day"),),
    (Closure(datetime(2026, 12, 22, 9, tzinfo=UTC), datetime(2026, 12, 22, 11, tzinfo=UTC), "Fire"),),
)


def december():
    rows = calendar.month(WEEK, 2026, 12)
    return {day.date.day: day for row in rows for day in row if day}


@pytest.mark.parametrize(
    ("day", "hours", "names", "kind"),
    [
        (1, "09:00 to 17:00", (), "open"),
        (2, "09:00 to 17:00, 18:00 to 24:00", (), "open"),
        (3, "00:00 to 02:00, 09:00 to 17:00", (), "open"),
        (5, "closed", (), "closed"),
        (19, "10:00 to 14:00", ("Fair",), "one-off-open"),
        (21, "closed", ("Inventory",), "one-off-closed"),
        (22, "09:00 to 10:00, 12:00 to 17:00", ("Fire",), "emergency-open"),
        (24, "00:00 to 02:00, 09:00 to 14:00", ("Christmas Eve",), "yearly-open"),
        (25, "closed", ("Christmas Day",), "yearly-closed"),
    ],
)
def test_each_day_tells_its_hours_and_its_reasons(day, hours, names, kind):
    found = december()[day]

    assert (found.hours, found.names, found.kind) == (hours, names, kind)


def test_each_stretch_of_a_day_has_its_reason_and_its_place_in_the_picture():
    parts = december()[22].parts

    assert [(part.since, part.until, part.what, part.why) for part in parts] == [
        ("00:00", "09:00", "closed", "usual week"),
        ("09:00", "10:00", "open", "usual week"),
        ("10:00", "12:00", "closed", "Fire (closed at once)"),
        ("12:00", "17:00", "open", "usual week"),
        ("17:00", "24:00", "closed", "usual week"),
    ]
    assert [(part.begins, part.width) for part in parts] == [(0, 90), (90, 10), (100, 20), (120, 50), (170, 70)]
    assert december()[24].parts[-1].says == "7"


def test_a_month_is_a_table_of_weeks_from_monday_on():
    rows = calendar.month(WEEK, 2026, 12)

    assert [len(row) for row in rows] == [7] * 5
    assert [day and day.date.day for day in rows[0]] == [None, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "Africa/Cairo", "Pacific/Apia", "UTC"])
def test_a_year_has_each_day_once_and_each_day_is_whole(zone):
    always = Week(zone, tuple(Interval(day, time(0), time(0)) for day in range(7)))

    days = [day for month in calendar.year(always, 2026) for row in month for day in row if day]

    assert [day.date for day in days] == [
        date.fromordinal(date(2026, 1, 1).toordinal() + offset) for offset in range(365)
    ]
    assert {day.hours for day in days} == {"all day"}
    assert {sum(part.width for part in day.parts) for day in days} == {calendar.WIDTH}


def test_a_date_that_a_zone_left_out_is_no_day():
    found = list(calendar.days(Week("Pacific/Apia"), date(2011, 12, 29), date(2012, 1, 1)))

    assert [day.date.day for day in found] == [29, 31]
