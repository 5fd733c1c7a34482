"""The calendar of a schedule."""

from datetime import date, time

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import DatedException
from tests.ivr import rows as drafts
from tests.ivr.hours import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    client.force_login(drafts.person(roles.AUDITOR))
    return client


def url(schedule):
    return reverse("admin:ivr_schedule_calendar", args=[schedule.pk])


def test_a_month_shows_each_day_as_a_picture_and_in_words(auditor):
    schedule = rows.office()
    rows.yearly(schedule, 12, 24, "Christmas Eve", closed_from=time(14), prompt=drafts.prompt("Merry Christmas"))

    page = auditor.get(url(schedule), {"month": "2026-12"}).content.decode()

    assert "December 2026" in page
    assert page.count('<svg class="hours-bar"') == 31
    assert 'hours-layer-yearly" x="140"' in page
    assert "<td>14:00</td><td>24:00</td><td>closed for a holiday</td><td>Christmas Eve (holiday)</td>" in page
    assert "<td>Merry Christmas</td>" in page
    assert "month=2026-11" in page
    assert "month=2027-01" in page


def test_a_year_shows_each_day_and_lists_those_that_differ(auditor):
    schedule = rows.office()
    DatedException.objects.create(schedule=schedule, date=date(2026, 7, 6), name="Works holiday")
    rows.closure(schedule)

    page = auditor.get(url(schedule), {"year": "2026"}).content.decode()

    assert page.count("hours-mini") == 12
    assert "<td>Works holiday</td>" in page
    assert "<td>Fire</td>" in page


@pytest.mark.parametrize("query", [{"month": "2026-13"}, {"month": "soon"}, {"year": "1"}, {}])
def test_what_is_no_month_is_this_one(auditor, query):
    assert auditor.get(url(rows.office()), query).status_code == 200


def test_who_sees_no_hours_sees_no_calendar(client):
    client.force_login(drafts.person(roles.AGENT))

    assert client.get(url(rows.office())).status_code == 403


@pytest.mark.parametrize("query", [{"month": "2026-12"}, {"year": "2026"}])
def test_the_calendar_takes_few_queries_whatever_is_in_it(auditor, query, django_assert_max_num_queries):
    schedule = rows.office()
    for day in range(1, 28):
        DatedException.objects.create(schedule=schedule, date=date(2026, 12, day), name="Day", prompt=drafts.prompt())
    auditor.get(url(schedule), query)

    with django_assert_max_num_queries(8):
        auditor.get(url(schedule), query)
