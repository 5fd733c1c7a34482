"""Every zone's clock changes of ten years: each minute is covered once, whatever the clock on the wall does."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from ivr.hours.opening import Closure, DatedException, Interval, Week, YearlyDate, next_change, opening, stretches

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
AROUND = timedelta(hours=40)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()

ALWAYS = tuple(Interval(day, time(0), time(0)) for day in range(7))
FROM_HALF_PAST_TWO = tuple(Interval(day, time(2, 30), time(2, 30)) for day in range(7))
NIGHTS = tuple(Interval(day, time(22), time(2, 30)) for day in range(7))


def transitions(zone: str) -> Iterator[datetime]:
    """Find the instants at which a zone's distance from UTC changes; no zone changes twice within a week."""
    place, at = ZoneInfo(zone), SINCE
    before = at.astimezone(place).utcoffset()
    while at < UNTIL:
        following = at + timedelta(days=7)
        after = following.astimezone(place).utcoffset()
        if after != before:
            low, high = at, following
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if middle.astimezone(place).utcoffset() == before else (low, middle)
            yield high
        at, before = following, after


@cache
def changing() -> dict[tuple[tuple[datetime, timedelta | None], ...], str]:
    """Give one zone for each way in which clocks change; the others have the same and only another name."""
    found: dict[tuple[tuple[datetime, timedelta | None], ...], str] = {}
    for zone in sorted(available_timezones()):
        turns = list(transitions(zone))
        moments = [SINCE, *(at - MINUTE for at in turns), *turns]
        found.setdefault(tuple((at, at.astimezone(ZoneInfo(zone)).utcoffset()) for at in moments), zone)
    return found


def around() -> list[tuple[str, datetime]]:
    return [(zone, at) for zone in changing().values() for at in transitions(zone)]


def partition(week: Week, at: datetime) -> list[tuple[datetime, datetime, str]]:
    """Give the stretches around a moment, once they were found to touch each other and to leave nothing out."""
    found = list(stretches(week, at - AROUND, at + AROUND))
    assert (found[0].begins, found[-1].ends) == (at - AROUND, at + AROUND)
    assert all(one.ends == two.begins for one, two in pairwise(found))
    assert all(one.ends > one.begins and one.opening != two.opening for one, two in pairwise(found))
    return [(one.begins, one.ends, one.opening.state) for one in found]


def test_all_zones_are_looked_at():
    assert len(available_timezones()) > 500
    assert len(changing()) > 50
    assert len(around()) > 500


@pytest.mark.parametrize("hours", [ALWAYS, FROM_HALF_PAST_TWO], ids=["from midnight", "from half past two"])
def test_a_place_that_never_closes_has_no_gap_around_any_change(hours):
    for zone, at in around():
        week = Week(zone, hours)

        assert partition(week, at) == [(at - AROUND, at + AROUND, "open")], (zone, at)
        assert next_change(week, at - AROUND) is None, (zone, at)


def test_states_change_at_borders_alone_and_each_minute_is_in_one_stretch():
    for zone, at in around():
        place = ZoneInfo(zone)
        day = at.astimezone(place).date()
        week = Week(
            zone,
            NIGHTS,
            (DatedException(day, "Inventory", closed_from=time(1), closed_until=time(3)),),
            (YearlyDate((day + timedelta(1)).month, (day + timedelta(1)).day, "Holiday"),),
            closures=(Closure(at - 5 * MINUTE, at + 5 * MINUTE, "Drill"),),
        )

        found = partition(week, at)

        assert sum((ends - begins for begins, ends, _ in found), NOTHING) == 2 * AROUND
        for begins, ends, state in found:
            for moment in (begins, begins + (ends - begins) / 2, ends - timedelta(seconds=1)):
                assert opening(week, moment).state == state, (zone, moment)
        for (_, border, before), (_, _, after) in pairwise(found):
            if before != after:
                told = next_change(week, border - timedelta(seconds=1))
                assert told is not None
                # a time that the clock shows twice equals no time of another zone
                assert told.astimezone(UTC) == border, (zone, border)


def kinds_of_change() -> list[tuple[str, datetime]]:
    """Give one zone and moment for each hour of the day and each step by which clocks are turned."""
    found: dict[tuple[time, timedelta], tuple[str, datetime]] = {}
    for zone, at in around():
        before, after = ((moment).astimezone(ZoneInfo(zone)) for moment in (at - MINUTE, at))
        step = (after.utcoffset() or NOTHING) - (before.utcoffset() or NOTHING)
        found.setdefault((before.time(), step), (zone, at))
    return list(found.values())


def test_minute_by_minute_the_stretches_and_the_answers_agree():
    kinds = kinds_of_change()
    for zone, at in kinds:
        week = Week(zone, NIGHTS, (DatedException(at.astimezone(ZoneInfo(zone)).date(), "Short", time(1), time(3)),))
        found = partition(week, at)
        counted = 0
        for minute in range(-240, 240):
            moment = at + minute * MINUTE
            holding = [state for begins, ends, state in found if begins <= moment < ends]
            assert holding == [opening(week, moment).state], (zone, moment)
            counted += 1
        assert counted == 480
    assert len(kinds) >= 10


def test_a_date_that_a_clock_shows_twice_begins_once():
    """In Havana the clock goes back from 01:00 to 00:00: the holiday is as long as its date, an hour longer."""
    week = Week("America/Havana", (), (DatedException(date(2026, 11, 1), "All Saints"),))
    begins = datetime(2026, 11, 1, 4, tzinfo=UTC)

    found = [one for one in stretches(week, begins - AROUND, begins + AROUND) if one.opening.name]

    assert [(one.begins, one.ends) for one in found] == [(begins, begins + timedelta(hours=25))]
