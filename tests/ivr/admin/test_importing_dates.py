"""Single dates from a file, shown before they are taken in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents import roles
from ivr.models import DatedException
from tests.ivr import rows as drafts
from tests.ivr.hours import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    client.force_login(drafts.person(roles.SUPERVISOR))
    return client


def url(schedule):
    return reverse("admin:ivr_schedule_import", args=[schedule.pk])


def upload(client, schedule, text):
    return client.post(url(schedule), {"file": SimpleUploadedFile("dates.csv", text.encode())})


def test_a_file_is_shown_first_and_taken_in_on_confirmation(supervisor):
    schedule = rows.office()

    shown = upload(supervisor, schedule, "date,name,state,from,to\n2026-12-24,Eve,closed,14:00,\n")
    assert "closed from 14:00 for the rest of the day" in shown.content.decode()
    assert not DatedException.objects.exists()
    done = supervisor.post(url(schedule), {"content": shown.context["content"], "confirm": "1"}, follow=True)

    assert "1 date was taken in." in done.content.decode()
    assert DatedException.objects.get().name == "Eve"
    assert "2026-12-24,Eve,closed,14:00," in supervisor.get(url(schedule), {"download": "1"}).content.decode()


def test_a_file_with_problems_is_not_taken_in(supervisor):
    schedule = rows.office()

    shown = upload(supervisor, schedule, "date,name\nsoon,Eve\n")
    supervisor.post(url(schedule), {"content": shown.context["content"], "confirm": "1"})

    assert "Row 2: “soon” is no date such as 2026-12-24" in shown.content.decode()
    assert "is missing" in upload(supervisor, schedule, "name\nEve\n").content.decode()
    assert not DatedException.objects.exists()


def test_who_may_not_change_hours_takes_nothing_in(client):
    client.force_login(drafts.person(roles.AUDITOR))

    assert client.get(url(rows.office())).status_code == 403
