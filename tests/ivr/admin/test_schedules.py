"""Opening hours: written, and asked about."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents import roles
from ivr.models import DatedException, Interval, Schedule
from tests.ivr import rows
from tests.ivr.hours import rows as hours

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


def form(schedule, exceptions=(), yearly=()):
    sent = {"name": schedule.name, "time_zone": schedule.time_zone}
    for prefix, written in (("intervals", ()), ("yearly", yearly), ("exceptions", exceptions)):
        sent |= {f"{prefix}-TOTAL_FORMS": str(len(written)), f"{prefix}-INITIAL_FORMS": "0"}
        for index, row in enumerate(written):
            sent |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return sent


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


def test_a_supervisor_writes_a_date_of_each_year_and_a_part_of_a_day(supervisor):
    schedule, prompt = office(), rows.prompt("Merry Christmas")

    supervisor.post(
        reverse("admin:ivr_schedule_change", args=[schedule.pk]),
        form(
            schedule,
            [{"date": "2026-12-31", "name": "Party", "how": "open", "since": "10:00", "until": "14:00"}],
            [
                {
                    "day": "24",
                    "month": "12",
                    "name": "Eve",
                    "how": "part",
                    "since": "14:00",
                    "prompt": str(prompt.pk),
                }
            ],
        ),
    )

    party, eve = schedule.exceptions.get(name="Party"), schedule.yearly.get()
    assert (party.opens, party.closes, party.closed_from) == (time(10), time(14), None)
    assert (eve.month, eve.day, eve.closed_from, eve.closed_until, eve.prompt) == (12, 24, time(14), None, prompt)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"how": "open", "since": "09:00"}, "Say from when to when it is open."),
        ({"how": "part"}, "Say from when it is closed."),
        ({"how": "closed", "since": "09:00"}, "A day that is closed has no times"),
    ],
)
def test_a_date_says_what_it_needs(supervisor, row, error):
    schedule = office()

    page = supervisor.post(
        reverse("admin:ivr_schedule_change", args=[schedule.pk]),
        form(schedule, [{"date": "2026-12-24", "name": "Eve", **row}]),
    ).content.decode()

    assert error in page


def test_two_rows_do_not_say_the_same_of_a_date(supervisor):
    schedule = office()
    twice = [{"date": "2026-12-24", "name": name, "how": "closed"} for name in ("Eve", "Again")]

    page = supervisor.post(reverse("admin:ivr_schedule_change", args=[schedule.pk]), form(schedule, twice))

    assert "Another row says the same of this date already." in page.content.decode()


def test_the_page_shows_the_month_the_closures_and_what_is_to_be_confirmed(supervisor):
    schedule = office()
    schedule.country, schedule.region = "DE", "BY"
    schedule.save(update_fields=["country", "region"])
    hours.closure(schedule, at=timezone.now(), reason="Fire drill")

    page = supervisor.get(reverse("admin:ivr_schedule_change", args=[schedule.pk])).content.decode()

    assert "Closed at once (Fire drill); opens " in page
    assert "Open again now" in page
    assert "hours-month" in page
    assert "Of Germany, Bayern." in page
    assert f"{timezone.localdate().year} is not confirmed" in page


def test_the_page_takes_as_many_queries_for_many_dates_as_for_few(supervisor):
    schedule, prompt = office(), rows.prompt()
    url = reverse("admin:ivr_schedule_change", args=[schedule.pk])

    def queries():
        supervisor.get(url)
        with CaptureQueriesContext(connection) as captured:
            supervisor.get(url)
        return len(captured)

    def write(days):
        for day in days:
            DatedException.objects.create(schedule=schedule, date=date(2027, 5, day), name="Day", prompt=prompt)
            hours.yearly(schedule, 6, day, prompt=prompt)
            hours.closure(schedule, at=timezone.now())

    write(range(1, 3))
    few = queries()
    write(range(3, 12))

    assert queries() == few <= 28


def test_a_zone_that_does_not_exist_is_refused(supervisor):
    schedule = office()
    schedule.time_zone = "Mars/Olympus"

    page = supervisor.post(reverse("admin:ivr_schedule_change", args=[schedule.pk]), form(schedule)).content.decode()

    assert "Select a valid choice" in page
