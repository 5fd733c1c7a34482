from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.opening import DatedException, Interval, Opening, Week, next_change, opening

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
        ("2025-12-24T10:00", Opening("open", "Christmas Eve")),
        ("2025-12-24T13:00", Opening("closed", "Christmas Eve")),
        ("2025-12-25T00:00", Opening("holiday", "Christmas")),
        ("2025-12-25T10:00", Opening("holiday", "Christmas")),
        ("2025-12-25T23:59:59", Opening("holiday", "Christmas")),
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
