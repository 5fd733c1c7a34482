"""Tests of the hours within which a number may be called: a table of places and moments."""

from datetime import UTC, datetime, time
from itertools import pairwise

import pytest

from dialing.calling_hours import may_call, next_chance, there, zones

HOURS = (time(9), time(20))
NEW_YORK, LOS_ANGELES, PARIS, KAMCHATKA = "America/New_York", "America/Los_Angeles", "Europe/Paris", "Asia/Kamchatka"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+14155550100", ("America/Los_Angeles",)),
        ("+12125550100", ("America/New_York",)),
        ("+33612345678", ("Europe/Paris",)),
        ("+5511987654321", ("America/Sao_Paulo",)),
        ("+80012345678", ("Europe/Vienna",)),  # an international free number is nowhere
        ("not a number", ("Europe/Vienna",)),
    ],
)
def test_a_number_is_in_the_zone_of_its_country_and_area_or_else_in_ours(number, expected):
    assert zones(number, default="Europe/Vienna") == expected


def test_a_mobile_number_of_a_wide_country_may_be_in_any_of_its_zones():
    found = zones("+79161234567", default="UTC")

    assert {"Europe/Moscow", "Asia/Kamchatka"} <= set(found)


@pytest.mark.parametrize(
    ("places", "at", "expected"),
    [
        ((PARIS,), "2026-03-02T07:59", False),
        ((PARIS,), "2026-03-02T08:00", True),
        ((PARIS,), "2026-03-02T18:59", True),
        ((PARIS,), "2026-03-02T19:00", False),
        ((PARIS,), "2026-06-02T07:00", True),  # summer time
        ((NEW_YORK, LOS_ANGELES), "2026-03-02T16:59", False),  # noon in the east, not nine yet in the west
        ((NEW_YORK, LOS_ANGELES), "2026-03-02T17:00", True),
        ((NEW_YORK, LOS_ANGELES), "2026-03-03T00:59", True),
        ((NEW_YORK, LOS_ANGELES), "2026-03-03T01:00", False),  # eight in the east
        ((NEW_YORK, KAMCHATKA), "2026-03-02T14:00", False),
    ],
)
def test_it_must_be_a_decent_hour_wherever_the_number_may_be(places, at, expected):
    assert may_call(places, utc(at), HOURS) is expected


@pytest.mark.parametrize(
    ("opens", "closes", "now", "expected"),
    [
        (time(22), time(6), "23:00", True),
        (time(22), time(6), "05:59", True),
        (time(22), time(6), "06:00", False),
        (time(0), time(0), "03:00", True),
    ],
)
def test_hours_may_span_midnight_or_the_whole_day(opens, closes, now, expected):
    assert may_call(("UTC",), utc(f"2026-03-02T{now}"), (opens, closes)) is expected


@pytest.mark.parametrize(
    ("places", "at", "expected"),
    [
        ((PARIS,), "2026-03-02T12:00", "2026-03-02T12:00"),
        ((PARIS,), "2026-03-02T05:00", "2026-03-02T08:00"),
        ((PARIS,), "2026-03-02T19:00", "2026-03-03T08:00"),
        ((PARIS,), "2026-03-28T21:00", "2026-03-29T07:00"),  # the clock goes forward in between
        ((NEW_YORK, LOS_ANGELES), "2026-03-02T15:00", "2026-03-02T17:00"),
        ((NEW_YORK, LOS_ANGELES), "2026-03-03T01:00", "2026-03-03T17:00"),
    ],
)
def test_the_next_chance_is_when_the_last_of_the_zones_opens(places, at, expected):
    assert next_chance(places, utc(at), HOURS) == utc(expected)


def test_there_is_no_chance_where_the_hours_never_fall_together():
    assert next_chance(("Europe/London", "Pacific/Auckland"), utc("2026-03-02T12:00"), HOURS) is None


def test_an_opening_that_the_clock_skips_is_an_hour_later():
    found = next_chance((NEW_YORK,), utc("2026-03-08T06:30"), (time(2, 30), time(5)))

    assert found == utc("2026-03-08T07:30")


@pytest.mark.parametrize("number", ["+14155550100", "+33612345678", "+61412345678", "+79161234567", "+390612345678"])
def test_a_chance_is_never_outside_the_hours_nor_later_than_it_could_be(number):
    places = zones(number, default="UTC")
    hours = [datetime(2026, 3, 27 + day, hour, tzinfo=UTC) for day in range(4) for hour in range(24)]

    for at, after in pairwise(hours):
        chance = next_chance(places, at, HOURS)
        assert chance is not None
        assert may_call(places, chance, HOURS)
        assert (chance == at) is may_call(places, at, HOURS)
        assert chance <= after or next_chance(places, after, HOURS) == chance


def test_all_hours_count_that_are_given():
    night = (time(18), time(2))

    assert not may_call(("UTC",), utc("2026-03-02T12:00"), HOURS, night)
    assert may_call(("UTC",), utc("2026-03-02T19:00"), HOURS, night)
    assert next_chance(("UTC",), utc("2026-03-02T12:00"), HOURS, night) == utc("2026-03-02T18:00")
    assert next_chance(("UTC",), utc("2026-03-02T12:00"), HOURS, (time(21), time(23))) is None


@pytest.mark.parametrize(
    ("places", "wall", "expected"),
    [
        ((LOS_ANGELES,), "2026-03-02T10:00", "2026-03-02T18:00"),
        ((NEW_YORK, LOS_ANGELES), "2026-03-02T10:00", "2026-03-02T18:00"),
        ((NEW_YORK,), "2026-03-08T02:30", "2026-03-08T07:30"),  # the clock skips it
    ],
)
def test_a_time_on_their_wall_is_a_moment_of_ours(places, wall, expected):
    assert there(places, datetime.fromisoformat(wall)) == utc(expected)
