"""When to open again, and when somebody hears of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ivr.hours.opening import Closure, DatedException, Interval, Week
from ivr.hours.reopening import moments, reminder

OFFICE = Week("Europe/Berlin", tuple(Interval(day, time(9), time(17)) for day in range(5)))
EARLY = Week("America/New_York", tuple(Interval(day, time(7), time(12)) for day in range(7)))
ALWAYS = Week("UTC", tuple(Interval(day, time(0), time(0)) for day in range(7)))
#: Friday, October 9, 2026, 15:00 in Berlin
AT = datetime(2026, 10, 9, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_hours_end_of_day_and_the_next_opening_are_offered():
    assert moments([OFFICE], AT) == {
        "hour": AT + HOUR,
        "two_hours": AT + 2 * HOUR,
        "today": datetime(2026, 10, 9, 22, tzinfo=UTC),
        "next": datetime(2026, 10, 12, 7, tzinfo=UTC),
    }


def test_of_several_places_the_last_midnight_and_the_first_opening_count():
    found = moments([OFFICE, EARLY, ALWAYS], AT)

    assert found["today"] == datetime(2026, 10, 10, 4, tzinfo=UTC)
    assert found["next"] == datetime(2026, 10, 10, 11, tzinfo=UTC)


def test_holidays_are_looked_over_and_closures_are_not():
    week = Week(
        OFFICE.time_zone,
        OFFICE.intervals,
        (DatedException(date(2026, 10, 12), "Fair"),),
        closures=(Closure(AT, AT + 500 * HOUR, "Fire"),),
    )

    assert moments([week], AT)["next"] == datetime(2026, 10, 13, 7, tzinfo=UTC)


@pytest.mark.parametrize("weeks", [[], [ALWAYS], [Week("UTC")]])
def test_where_no_hours_open_none_are_offered(weeks):
    assert "next" not in moments(weeks, AT)


@pytest.mark.parametrize(
    ("ends", "told", "now", "what"),
    [
        (None, None, 1.9, ""),
        (None, None, 2, "lasts"),
        (None, 2, 3.9, ""),
        (None, 2, 4, "lasts"),
        (10, None, 3.9, ""),
        (10, None, 4, "lasts"),
        (10, 8, 9.7, ""),
        (10, 8, 9.75, "ends_soon"),
        (10, 9.75, 9.9, ""),
        (10, 9.75, 10, "ended"),
        (0.5, None, 0.4, ""),
        (0.5, None, 0.5, "ended"),
        (1, None, 0.75, "ends_soon"),
    ],
)
def test_people_are_reminded_while_it_lasts_before_it_ends_and_told_when_it_has(ends, told, now, what):
    def hours(number):
        return None if number is None else AT + number * HOUR

    found = reminder(began_at=AT, ends_at=hours(ends), opened_at=None, told_at=hours(told), at=hours(now))

    assert found == what


def test_nobody_is_told_of_what_somebody_opened():
    assert reminder(began_at=AT, ends_at=None, opened_at=AT + HOUR, told_at=None, at=AT + 9 * HOUR) == ""
