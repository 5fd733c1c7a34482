"""What is to come, told in time."""

from datetime import UTC, date, datetime, time

import pytest

from ivr.hours import ahead
from ivr.models import DatedException
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db


def test_holidays_of_the_next_days_are_found_with_whether_callers_hear_why(django_assert_num_queries):
    schedule, other = rows.office(), rows.office("Other")
    rows.yearly(schedule, 10, 9, "Founders' Day", closed_from=time(14), prompt=drafts.prompt("Founders"))
    DatedException.objects.create(schedule=other, date=date(2026, 10, 12), name="Inventory")
    DatedException.objects.create(schedule=other, date=date(2026, 10, 13), name="Fair", opens=time(9), closes=time(10))
    rows.public(other, date(2026, 10, 26), "Too far")

    with django_assert_num_queries(2):
        found = ahead.holidays(at=AT)

    assert found == (
        ahead.Holiday(str(schedule.pk), "Office", date(2026, 10, 9), "Founders' Day", has_prompt=True),
        ahead.Holiday(str(other.pk), "Other", date(2026, 10, 12), "Inventory", has_prompt=False),
    )


@pytest.mark.parametrize(
    ("at", "years"),
    [
        (datetime(2026, 9, 30, 21, tzinfo=UTC), [2026]),
        (datetime(2026, 9, 30, 23, tzinfo=UTC), [2026, 2027]),
        (datetime(2026, 12, 31, 22, tzinfo=UTC), [2026, 2027]),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), [2027]),
    ],
)
def test_the_next_year_is_asked_for_from_october_on(at, years):
    schedule = rows.office(country="DE")
    rows.office("Without a country")

    assert ahead.unconfirmed(at=at) == tuple(ahead.Unconfirmed(str(schedule.pk), "Office", year) for year in years)


def test_a_confirmed_year_is_asked_for_again_only_where_the_place_is_another():
    schedule = rows.office(country="DE", region="BY")
    rows.public(schedule, date(2026, 1, 1), "New Year's Day")
    rows.public(schedule, date(2027, 1, 1), "New Year's Day")
    assert ahead.unconfirmed(at=AT) == ()

    schedule.region = "BE"
    schedule.save(update_fields=["region"])

    assert [one.year for one in ahead.unconfirmed(at=AT)] == [2026, 2027]
