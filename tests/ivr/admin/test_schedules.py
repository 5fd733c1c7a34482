"""Opening hours: written, and asked about."""

from datetime import date, time

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import DatedException, Interval, Schedule
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    client.force_login(rows.person(roles.SUPERVISOR))
    return client


def office():
    schedule = Schedule.objects.create(name="Office", time_zone="America/New_York")
    Interval.objects.create(schedule=schedule, weekday=0, opens=time(9), closes=time(18))
    DatedException.objects.create(schedule=schedule, date=date(2026, 3, 9), name="Founders' Day")
    return schedule


def form(schedule, exceptions=()):
    return {
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "intervals-TOTAL_FORMS": "0",
        "intervals-INITIAL_FORMS": "0",
        "exceptions-TOTAL_FORMS": str(len(exceptions)),
        "exceptions-INITIAL_FORMS": "0",
    } | {f"exceptions-{index}-{name}": value for index, row in enumerate(exceptions) for name, value in row.items()}


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-03-02T10:00", "<strong>Monday, 2 March 2026 at 10:00:</strong> Open, until 18:00."),
        ("2026-03-02T18:00", "<strong>Monday, 2 March 2026 at 18:00:</strong> Closed; opens Monday, 16 March 2026"),
        ("2026-03-09T10:00", "Closed for Founders&#x27; Day; opens Monday, 16 March 2026 at 09:00."),
    ],
)
def test_the_page_answers_what_happens_at_a_time_of_the_place(supervisor, at, answer):
    page = supervisor.get(reverse("admin:ivr_schedule_change", args=[office().pk]), {"at": at}).content.decode()

    assert answer in page


def test_a_time_that_is_none_is_told(supervisor):
    page = supervisor.get(reverse("admin:ivr_schedule_change", args=[office().pk]), {"at": "soon"}).content.decode()

    assert "Enter a valid date/time." in page


def test_a_supervisor_adds_a_holiday(supervisor):
    schedule = office()

    supervisor.post(
        reverse("admin:ivr_schedule_change", args=[schedule.pk]),
        form(schedule, [{"date": "2026-12-25", "name": "Christmas Day"}]),
    )

    assert schedule.exceptions.filter(date=date(2026, 12, 25), opens=None).exists()


def test_an_exception_has_both_times_or_none(supervisor):
    schedule = office()

    page = supervisor.post(
        reverse("admin:ivr_schedule_change", args=[schedule.pk]),
        form(schedule, [{"date": "2026-12-24", "name": "Eve", "opens": "09:00"}]),
    ).content.decode()

    assert "Give both times, or neither for a day that is closed." in page


def test_a_zone_that_does_not_exist_is_refused(supervisor):
    schedule = office()
    schedule.time_zone = "Mars/Olympus"

    page = supervisor.post(reverse("admin:ivr_schedule_change", args=[schedule.pk]), form(schedule)).content.decode()

    assert "Select a valid choice" in page
