from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hours.opening import (
    Closure,
    DatedException,
    Interval,
    Opening,
    Week,
    YearlyDate,
    next_change,
    opening,
    stretches,
)

NEW_YORK = ZoneInfo("America/New_York")
# far apart, half-hour changes, changes at midnight, one that left out a whole day (Apia, December 30, 2011)
ZONES = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Beirut",
    "Pacific/Apia",
    "Pacific/Chatham",
]


def week(
    *hours: tuple[int, str, str], zone: str = "America/New_York", exceptions: tuple[DatedException, ...] = ()
) -> Week:
    rows = tuple(Interval(day, time.fromisoformat(opens), time.fromisoformat(closes)) for day, opens, closes in hours)
    return Week(zone, rows, exceptions)


def local(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


OFFICE = [(day, "09:00", "17:00") for day in range(5)]
# Thursday, December 25, 2025
CHRISTMAS = DatedException(date(2025, 12, 25), "Christmas")
SHORT_DAY = DatedException(date(2025, 12, 24), "Christmas Eve", time(9), time(12))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-12-22T08:59:59", Opening("closed")),
        ("2025-12-22T09:00", Opening("open")),
        ("2025-12-22T16:59:59", Opening("open")),
        ("2025-12-22T17:00", Opening("closed")),
        ("2025-12-24T10:00", Opening("open", "Christmas Eve", "one_off")),
        ("2025-12-24T13:00", Opening("closed", "Christmas Eve", "one_off")),
        ("2025-12-25T00:00", Opening("holiday", "Christmas", "one_off")),
        ("2025-12-25T10:00", Opening("holiday", "Christmas", "one_off")),
        ("2025-12-25T23:59:59", Opening("holiday", "Christmas", "one_off")),
        ("2025-12-26T00:00", Opening("closed")),
        ("2025-12-27T12:00", Opening("closed")),
    ],
)
def test_the_week_says_what_is_open_unless_a_date_says_otherwise(at, expected):
    assert opening(week(*OFFICE, exceptions=(CHRISTMAS, SHORT_DAY)), local(at)) == expected


def test_the_zone_of_the_schedule_counts_not_that_of_the_question():
    assert opening(week(*OFFICE), datetime(2025, 12, 22, 14, 30, tzinfo=UTC)).state == "open"
    assert opening(week(*OFFICE), datetime(2025, 12, 22, 22, 30, tzinfo=UTC)).state == "closed"


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-12-24T19:59", "closed"),
        ("2025-12-24T20:00", "open"),
        # Wednesday's night runs on into the holiday, Thursday's does not begin
        ("2025-12-25T03:59", "open"),
        ("2025-12-25T04:00", "holiday"),
        ("2025-12-25T21:00", "holiday"),
        ("2025-12-26T03:00", "closed"),
    ],
)
def test_hours_belong_to_the_date_on_which_they_begin(at, state):
    nights = week(*[(day, "20:00", "04:00") for day in range(7)], exceptions=(CHRISTMAS,))

    assert opening(nights, local(at)).state == state


def test_equal_times_are_a_whole_day():
    monday = week((0, "06:00", "06:00"))

    states = [opening(monday, local(f"2025-12-{at}")).state for at in ("22T05:59", "22T06:00", "23T05:59", "23T06:00")]

    assert states == ["closed", "open", "open", "closed"]


def test_several_rows_of_a_date_add_up():
    both = week(
        exceptions=(
            DatedException(date(2025, 12, 24), "Two shifts", time(8), time(10)),
            DatedException(date(2025, 12, 24), "Two shifts", time(14), time(16)),
        )
    )

    assert [opening(both, local(f"2025-12-24T{at}")).state for at in ("09:00", "12:00", "15:00")] == [
        "open",
        "closed",
        "open",
    ]


@pytest.mark.parametrize(
    ("hours", "at", "state"),
    [
        # March 8, 2026: 02:00 becomes 03:00
        ((6, "02:30", "05:00"), datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "closed"),
        ((6, "02:30", "05:00"), datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "open"),
        ((6, "00:00", "02:30"), datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "open"),
        ((6, "00:00", "02:30"), datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "closed"),
        # November 1, 2026: 02:00 becomes 01:00; 01:30 comes at 05:30 and 06:30 UTC
        ((6, "01:30", "05:00"), datetime(2026, 11, 1, 5, 29, tzinfo=UTC), "closed"),
        ((6, "01:30", "05:00"), datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "open"),
        ((6, "01:30", "05:00"), datetime(2026, 11, 1, 6, 15, tzinfo=UTC), "open"),
        ((6, "00:00", "01:30"), datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "closed"),
        ((6, "00:00", "01:30"), datetime(2026, 11, 1, 6, 15, tzinfo=UTC), "closed"),
        ((6, "00:00", "02:00"), datetime(2026, 11, 1, 6, 59, tzinfo=UTC), "open"),
        ((6, "00:00", "02:00"), datetime(2026, 11, 1, 7, 0, tzinfo=UTC), "closed"),
    ],
)
def test_turned_clocks_open_and_close_once_when_the_time_is_first_shown_or_passed(hours, at, state):
    assert opening(week(hours), at).state == state


def test_a_day_that_the_calendar_left_out_does_no_harm():
    apia = week(*[(day, "22:00", "02:00") for day in range(7)], zone="Pacific/Apia")

    # December 29, 2011, 23:59:59 was followed by December 31
    assert opening(apia, datetime(2011, 12, 30, 9, 59, tzinfo=UTC)).state == "open"
    assert opening(apia, datetime(2011, 12, 30, 12, 30, tzinfo=UTC)).state == "closed"


@pytest.mark.parametrize(
    ("at", "change"),
    [
        ("2025-12-22T10:00", "2025-12-22T17:00"),
        ("2025-12-22T18:00", "2025-12-23T09:00"),
        ("2025-12-24T10:00", "2025-12-24T12:00"),
        ("2025-12-24T12:00", "2025-12-25T00:00"),
        ("2025-12-25T10:00", "2025-12-26T00:00"),
        ("2025-12-26T17:00", "2025-12-29T09:00"),
    ],
)
def test_the_next_change_is_told(at, change):
    found = next_change(week(*OFFICE, exceptions=(CHRISTMAS, SHORT_DAY)), local(at))

    assert found == local(change)
    assert str(found.tzinfo) == "America/New_York"


def test_what_never_changes_has_no_next_change():
    assert next_change(week(), local("2025-12-22T10:00")) is None
    assert next_change(week(*[(day, "00:00", "00:00") for day in range(7)]), local("2025-12-22T10:00")) is None


def test_a_long_holiday_is_looked_through():
    days = tuple(DatedException(date(2025, 12, 1) + timedelta(days=offset), "Works holidays") for offset in range(40))

    assert next_change(week(*OFFICE, exceptions=days), local("2025-12-01T10:00")) == local("2026-01-10T00:00")


# Thursday, December 24, 2026
EVE = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-12-24T10:00", Opening("open")),
        ("2026-12-24T13:59:59", Opening("open")),
        ("2026-12-24T14:00", Opening("holiday", "Christmas Eve", "yearly", "7")),
        ("2026-12-24T23:59", Opening("holiday", "Christmas Eve", "yearly", "7")),
        ("2026-12-25T00:00", Opening("holiday", "Christmas Day", "yearly")),
        ("2027-12-24T14:00", Opening("holiday", "Christmas Eve", "yearly", "7")),
        ("2028-12-25T10:00", Opening("open")),
    ],
)
def test_a_date_of_each_year_is_closed_for_a_part_and_a_public_holiday_in_its_own_year(at, expected):
    plan = Week(
        "America/New_York",
        tuple(Interval(day, time(9), time(17)) for day in range(5)),
        yearly=(YearlyDate(12, 24, "Christmas Eve", closed_from=time(14), prompt="7"),),
        holidays=(DatedException(date(2026, 12, 25), "Christmas Day"),),
    )

    assert opening(plan, local(at)) == expected


@pytest.mark.parametrize(
    ("layers", "at", "expected"),
    [
        ("weekly", "10:00", Opening("open")),
        ("weekly yearly", "10:00", Opening("holiday", "Yearly", "yearly")),
        ("weekly yearly one_off", "10:00", Opening("closed", "Once", "one_off", "5")),
        ("weekly yearly one_off", "12:00", Opening("open", "Once", "one_off")),
        ("weekly yearly one_off emergency", "12:00", Opening("closed", "Fire", "emergency", "9")),
        ("weekly yearly one_off emergency", "12:30", Opening("open", "Once", "one_off")),
    ],
)
def test_the_highest_layer_decides(layers, at, expected):
    wanted = layers.split()
    plan = Week(
        "America/New_York",
        (Interval(3, time(9), time(17)),),
        (DatedException(EVE, "Once", time(11), time(13), prompt="5"),) if "one_off" in wanted else (),
        (YearlyDate(12, 24, "Yearly"),) if "yearly" in wanted else (),
        closures=(Closure(local("2026-12-24T11:50"), local("2026-12-24T12:30"), "Fire", "9"),)
        if "emergency" in wanted
        else (),
    )

    assert opening(plan, local(f"2026-12-24T{at}")) == expected


def test_a_part_of_a_day_takes_away_what_began_the_evening_before_too():
    nights = tuple(Interval(day, time(20), time(4)) for day in range(7))
    plan = Week("America/New_York", nights, (DatedException(EVE, "Move", closed_from=time(2), closed_until=time(3)),))

    found = [opening(plan, local(f"2026-12-24T{at}")).state for at in ("01:59", "02:00", "02:59", "03:00", "04:00")]

    assert found == ["open", "holiday", "holiday", "open", "closed"]


def test_the_rest_of_a_day_ends_the_hours_that_would_run_past_midnight():
    bar = tuple(Interval(day, time(10), time(2)) for day in range(7))
    plan = Week("America/New_York", bar, (DatedException(EVE, "Party", closed_from=time(14)),))

    found = [opening(plan, local(at)).state for at in ("2026-12-24T01:00", "2026-12-24T13:00", "2026-12-24T20:00")]

    assert found == ["open", "open", "holiday"]
    assert opening(plan, local("2026-12-25T01:00")) == Opening("closed")
    assert opening(plan, local("2026-12-25T10:00")) == Opening("open")


def test_a_closed_part_goes_before_the_opening_hours_of_the_same_date():
    rows = (
        DatedException(EVE, "Open longer", time(8), time(20)),
        DatedException(EVE, "Lunch", closed_from=time(12), closed_until=time(13)),
    )
    plan = Week("America/New_York", (), rows, (YearlyDate(12, 24, "Yearly", closed_from=time(9)),))

    names = [opening(plan, local(f"2026-12-24T{at}")).name for at in ("07:00", "08:00", "12:30", "13:00", "21:00")]

    assert names == ["Open longer", "Open longer", "Lunch", "Open longer", "Open longer"]


def test_a_closed_part_of_one_date_ends_opening_hours_of_a_lower_layer():
    plan = Week(
        "America/New_York",
        (),
        (DatedException(EVE, "Party", closed_from=time(14)),),
        (YearlyDate(12, 24, "Long night", time(10), time(4)),),
    )

    assert [opening(plan, local(f"2026-12-24T{at}")).state for at in ("10:00", "14:00")] == ["open", "holiday"]
    assert opening(plan, local("2026-12-25T01:00")).state == "closed"


def test_the_29th_of_february_counts_in_the_years_that_have_it():
    plan = week(*OFFICE)
    plan = Week(plan.time_zone, plan.intervals, yearly=(YearlyDate(2, 29, "Leap day"),))

    assert opening(plan, local("2028-02-29T10:00")).state == "holiday"
    assert opening(plan, local("2027-02-28T10:00")).layer == opening(plan, local("2027-03-01T10:00")).layer == "weekly"


def test_of_two_closures_the_newest_says_why_and_the_longest_how_long():
    first = Closure(local("2026-12-24T10:00"), local("2026-12-24T16:00"), "Storm")
    second = Closure(local("2026-12-24T11:00"), local("2026-12-24T12:00"), "Fire")
    plan = Week(
        "America/New_York", tuple(Interval(day, time(9), time(17)) for day in range(5)), closures=(second, first)
    )

    names = [opening(plan, local(f"2026-12-24T{at}")).name for at in ("09:59", "10:30", "11:30", "12:00", "16:00")]

    assert names == ["", "Storm", "Fire", "Storm", ""]
    assert next_change(plan, local("2026-12-24T11:30")) == local("2026-12-24T16:00")


def test_a_closure_without_an_end_lasts():
    plan = Week(
        "UTC", tuple(Interval(day, time(0), time(0)) for day in range(7)), closures=(Closure(EVENING, None, "Flood"),)
    )

    assert opening(plan, EVENING + timedelta(days=400)).name == "Flood"
    assert next_change(plan, EVENING) is None
    assert next_change(plan, EVENING - timedelta(hours=1)) == EVENING


EVENING = datetime(2026, 12, 24, 18, tzinfo=UTC)


def test_a_week_is_told_in_stretches_each_with_its_reason():
    plan = week(*OFFICE, exceptions=(CHRISTMAS, SHORT_DAY))

    found = [
        (
            f"{one.begins.astimezone(NEW_YORK):%d %H:%M}",
            f"{one.ends.astimezone(NEW_YORK):%d %H:%M}",
            one.opening.state,
            one.opening.name,
        )
        for one in stretches(plan, local("2025-12-23T12:00"), local("2025-12-26T12:00"))
    ]

    assert found == [
        ("23 12:00", "23 17:00", "open", ""),
        ("23 17:00", "24 00:00", "closed", ""),
        ("24 00:00", "24 09:00", "closed", "Christmas Eve"),
        ("24 09:00", "24 12:00", "open", "Christmas Eve"),
        ("24 12:00", "25 00:00", "closed", "Christmas Eve"),
        ("25 00:00", "26 00:00", "holiday", "Christmas"),
        ("26 00:00", "26 09:00", "closed", ""),
        ("26 09:00", "26 12:00", "open", ""),
    ]
    assert list(stretches(plan, EVENING, EVENING)) == []


def test_a_date_of_each_year_is_looked_forward_to():
    plan = Week("UTC", (), yearly=(YearlyDate(7, 4, "Fair", time(10), time(12)),))

    assert next_change(plan, datetime(2026, 7, 5, tzinfo=UTC)) == datetime(2027, 7, 4, 10, tzinfo=UTC)


times = st.times(max_value=time(23, 59)).map(lambda found: found.replace(second=0, microsecond=0))
instants = st.datetimes(min_value=datetime(2011, 12, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC))


@st.composite
def weeks(draw, near: datetime):
    rows = st.builds(Interval, weekday=st.integers(0, 6), opens=times, closes=times)
    days = st.integers(-4, 10).map(lambda offset: near.date() + timedelta(days=offset))
    closed = st.builds(DatedException, date=days, name=st.just("Holiday"))
    special = st.builds(DatedException, date=days, name=st.just("Special"), opens=times, closes=times)
    return Week(
        draw(st.sampled_from(ZONES)),
        tuple(draw(st.lists(rows, max_size=10))),
        tuple(draw(st.lists(closed | special, max_size=4))),
    )


@st.composite
def layered(draw, near: datetime):
    plan = draw(weeks(near))
    part = st.builds(
        DatedException,
        date=st.integers(-4, 4).map(lambda offset: near.date() + timedelta(days=offset)),
        name=st.just("Part"),
        closed_from=times,
        closed_until=st.none() | times,
    )
    yearly = st.builds(
        lambda offset, hours: YearlyDate((near + offset).month, (near + offset).day, "Yearly", *hours),
        st.integers(-4, 4).map(lambda days: timedelta(days=days)),
        st.just((None, None)) | st.tuples(times, times) | st.tuples(st.none(), st.none(), times),
    )
    spans = st.builds(
        lambda begins, hours: Closure(near + begins, near + begins + hours if hours else None, "Closure"),
        st.integers(-72, 72).map(lambda hours: timedelta(hours=hours)),
        st.none() | st.integers(1, 50).map(lambda hours: timedelta(hours=hours)),
    )
    return Week(
        plan.time_zone,
        plan.intervals,
        plan.exceptions + tuple(draw(st.lists(part, max_size=3))),
        tuple(draw(st.lists(yearly, max_size=3))),
        tuple(draw(st.lists(part, max_size=2))),
        tuple(draw(st.lists(spans, max_size=2))),
    )


@given(st.data(), instants)
def test_whatever_the_layers_stretches_leave_nothing_out_and_say_what_holds(data, at):
    plan = data.draw(layered(near=at))
    since, until = at - timedelta(days=3), at + timedelta(days=3)

    found = list(stretches(plan, since, until))

    assert [since, *(one.ends for one in found)] == [*(one.begins for one in found), until]
    for one in found:
        for part in range(12):
            assert opening(plan, one.begins + (one.ends - one.begins) * part / 12) == one.opening


@given(st.data(), instants)
def test_the_answer_changes_exactly_where_the_next_change_is_told(data, at):
    plan = data.draw(weeks(near=at))
    state = opening(plan, at).state
    change = next_change(plan, at)
    end = min(change or at + timedelta(days=3), at + timedelta(days=3))

    assert change is None or opening(plan, change).state != state
    # each minute on the way has one answer, the same
    minutes = int((end - at) / timedelta(minutes=1))
    for minute in range(0, minutes, max(minutes // 200, 1)):
        assert opening(plan, at + timedelta(minutes=minute)).state == state
    if change is not None:
        assert opening(plan, change - timedelta(seconds=1)).state == state or change - timedelta(seconds=1) < at


@given(st.data(), instants)
def test_on_days_with_a_steady_clock_the_wall_clock_decides(data, at):
    plan = data.draw(weeks(near=at))
    zone = ZoneInfo(plan.time_zone)
    offsets = {(at + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-72, 72)}
    now = at.astimezone(zone).replace(tzinfo=None)

    state = opening(plan, at).state

    if len(offsets) == 1:
        assert (state == "open") == is_open_by_the_wall(plan, now)


def is_open_by_the_wall(plan: Week, now: datetime) -> bool:
    """Ask the same without instants: by naive local times alone."""
    for day in (now.date(), now.date() - timedelta(days=1)):
        dated = [row for row in plan.exceptions if row.date == day]
        rows = [(row.opens, row.closes) for row in (dated or plan.intervals) if dated or row.weekday == day.weekday()]
        for opens, closes in rows:
            if opens is None:
                continue
            begins = datetime.combine(day, opens)
            ends = datetime.combine(day, closes) + (timedelta(days=1) if closes <= opens else timedelta())
            if begins <= now < ends:
                return True
    return False


@pytest.mark.parametrize("zone", ZONES)
def test_a_place_that_never_closes_is_open_at_each_minute_of_a_year(zone):
    always = week(*[(day, "03:30", "03:30") for day in range(7)], zone=zone)
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert all(
        opening(always, start + timedelta(minutes=97 * step)).state == "open" for step in range(365 * 24 * 60 // 97)
    )
