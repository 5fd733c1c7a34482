"""The form that closes at once; its page is tested with the rest of the admin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from ivr.forms.closing import CloseForm, Until, shown, usual_language
from ivr.hours.timetables import timetables
from ivr.models import FlowLanguage, Schedule
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db


def read():
    return timetables(list(Schedule.objects.values_list("pk", flat=True)), since=AT)


def test_the_moments_that_are_offered_are_told():
    rows.office()
    form = Until(read=read(), at=AT)

    with timezone.override("Europe/Berlin"):
        labels = dict(Until(read=read(), at=AT).fields["until"].choices)

    assert list(dict(form.fields["until"].choices)) == ["hour", "two_hours", "today", "next", "at", "open_ended"]
    assert labels["next"].endswith("(Tuesday, 6 October, 09:00)")


def test_when_the_hours_open_is_asked_of_those_that_are_closed():
    rows.office()
    always = Schedule.objects.create(name="Always")
    sent = {
        "key": "5b4ad2f8-0f2f-4b8c-9a83-1f4e5f1f6b11",
        "which": "some",
        "schedules": [str(always.pk)],
        "reason": "Fire",
    }

    form = CloseForm({**sent, "until": "next"}, read=read(), at=AT)

    assert not form.is_valid()
    assert "Their hours do not open again: choose a time." in str(form.errors)


def test_most_flows_say_in_which_language_a_message_is():
    assert usual_language() == "en-US"
    for index in range(3):
        flow = drafts.flow(f"Flow {index}")
        flow.languages.all().delete()
        FlowLanguage.objects.create(flow=flow, language="de-DE" if index else "en-US", voice="Polly.Vicki", position=1)

    assert usual_language() == "de-DE"


def test_a_moment_of_today_is_told_by_its_time_alone():
    now = timezone.now()
    with timezone.override(UTC):
        assert shown(now) == f"{now:%H:%M}"
        assert shown(datetime(2026, 1, 2, 3, 4, tzinfo=UTC) + timedelta()) == "Friday, 2 January, 03:04"
