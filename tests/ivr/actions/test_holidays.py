"""Public holidays are confirmed; single dates come in from a file."""

from datetime import date, time

import pytest

from agents import roles
from ivr.actions import holidays
from ivr.hours.sheet import Row
from ivr.models import DatedException, PublicHoliday
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db


def confirm(schedule, closed, *, prompts=None, region="BY", by=None):
    return holidays.confirm_year(
        schedule, country="DE", region=region, year=2027, closed=closed, prompts=prompts or {}, by=by, at=AT
    )


def test_a_confirmed_year_holds_each_day_and_whether_the_place_is_closed():
    schedule, prompt = rows.office(), drafts.prompt("Christmas")
    person = drafts.person(roles.SUPERVISOR)

    confirmed = confirm(schedule, {date(2027, 12, 25)}, prompts={date(2027, 12, 25): prompt.pk}, by=person)

    assert (confirmed.country, confirmed.region, confirmed.confirmed_by, confirmed.confirmed_at) == (
        "DE",
        "BY",
        person,
        AT,
    )
    assert confirmed.holidays.count() == 12
    assert [(day.name, day.prompt) for day in confirmed.holidays.filter(is_closed=True)] == [("Christmas Day", prompt)]
    schedule.refresh_from_db()
    assert (schedule.country, schedule.region) == ("DE", "BY")


def test_a_year_that_is_confirmed_again_is_as_it_is_said_now():
    schedule = rows.office()
    confirm(schedule, {date(2027, 12, 25)})
    confirm(schedule, {date(2027, 1, 1)}, region="BE")

    assert [str(day.date) for day in PublicHoliday.objects.filter(is_closed=True)] == ["2027-01-01"]
    assert schedule.holiday_years.get().region == "BE"
    assert not PublicHoliday.objects.filter(name="Epiphany").exists()


def test_a_place_that_is_not_known_is_refused():
    with pytest.raises(holidays.NotKnown, match="of Germany, Atlantis in 2027"):
        confirm(rows.office(), set(), region="Atlantis")


def test_no_country_is_followed_from_a_day_on():
    schedule = rows.office(country="DE", region="BY")
    rows.public(schedule, date(2026, 1, 1), "New Year's Day")
    rows.public(schedule, date(2026, 12, 25), "Christmas Day")

    holidays.forget_country(schedule, since=AT.date())

    schedule.refresh_from_db()
    assert schedule.country == ""
    assert [day.name for day in PublicHoliday.objects.all()] == ["New Year's Day"]


def test_dates_from_a_file_take_the_place_of_those_that_begin_alike():
    schedule = rows.office()
    DatedException.objects.create(schedule=schedule, date=date(2026, 12, 24), name="Old", closed_from=time(14))
    DatedException.objects.create(schedule=schedule, date=date(2026, 12, 31), name="Kept")

    count = holidays.import_dates(
        schedule,
        [
            Row(2, date(2026, 12, 24), "Eve", closed_from=time(14), closed_until=time(16)),
            Row(3, date(2026, 12, 24), "Eve", opens=time(9), closes=time(12)),
        ],
    )

    assert count == 2
    assert [(row.name, row.closed_until) for row in schedule.exceptions.order_by("date", "opens")] == [
        ("Eve", None),
        ("Eve", time(16)),
        ("Kept", None),
    ]
