"""Yesterday, last week and last month, in whole days of a zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.replay import periods


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("yesterday", date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
        ("last-week", date(2026, 3, 1), date(2026, 2, 16), date(2026, 2, 22)),  # a Sunday
        ("last-week", date(2026, 3, 2), date(2026, 2, 23), date(2026, 3, 1)),  # a Monday
        ("last-month", date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_named_periods(name: str, today: date, first: date, last: date) -> None:
    assert periods.days(name, today) == (first, last)


def test_days_are_whole_where_the_clock_is_turned() -> None:
    zone = ZoneInfo("America/New_York")

    begins, ends = periods.moments(date(2026, 3, 8), date(2026, 3, 8), zone)

    assert (begins.astimezone(UTC), ends.astimezone(UTC)) == (
        datetime(2026, 3, 8, 5, tzinfo=UTC),
        datetime(2026, 3, 9, 4, tzinfo=UTC),
    )
