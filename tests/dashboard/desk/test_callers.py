"""Who calls, and when they called before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences.room import Phase
from conferences.states import LegState
from dashboard.desk.callers import caller
from dashboard.desk.viewer import Viewer
from queues.models import Callback, Entry, Handling
from tests.agents.factories import agent
from tests.calls.factories import make_call
from tests.dashboard.desk.factories import conversation
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(ann):
    return Viewer(ann, ann.user, timezone.now())


def test_earlier_calls_have_what_agents_noted(viewer, ann):
    conference, _, _, _ = conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    earlier = make_call(from_number="+14155550123", status="completed", started_at=viewer.at - timedelta(days=1))
    make_call(from_number="+14155550199", status="completed")
    entry = Entry.objects.create(
        queue=make_queue("Sales"), call=earlier, joined_at=viewer.at, aged_from=viewer.at, state="answered"
    )
    Handling.objects.create(entry=entry, agent=ann, began_at=viewer.at, done_at=viewer.at, notes="Wanted a bike")

    found = caller(viewer, conference)

    assert [(one.subject, one.agent, one.notes) for one in found.earlier] == [("Sales", "Ann", "Wanted a bike")]


def test_what_others_noted_in_this_call_is_read_by_who_takes_it_on(viewer, ann):
    conference, _, _, entry = conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    ben = agent("Ben")
    Handling.objects.create(entry=entry, agent=ben, began_at=viewer.at, done_at=viewer.at, notes="Wants the blue one")
    Handling.objects.create(entry=entry, agent=ann, began_at=viewer.at)

    found = caller(viewer, conference)

    assert [(one.agent, one.notes, one.is_this_call) for one in found.earlier] == [("Ben", "Wants the blue one", True)]


def test_a_caller_without_a_number_has_no_earlier_calls(viewer, ann):
    conference, _, _, entry = conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    entry.call.from_number = "anonymous"
    entry.call.save(update_fields=["from_number"])
    make_call(from_number="anonymous")
    conference.refresh_from_db()

    found = caller(viewer, conference)

    assert found.number == "Withheld"
    assert found.earlier == ()


def test_who_is_called_back_is_known_by_number_and_by_what_they_pressed_when_they_asked(viewer, ann):
    conference, _, _, entry = conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    asked_on = entry.call
    callback = Callback.objects.create(
        queue=entry.queue,
        number="+14155550188",
        call=asked_on,
        asked_at=viewer.at,
        expires_at=viewer.at + timedelta(hours=1),
    )
    Entry.objects.filter(pk=entry.pk).update(call=None, callback=callback)
    type(conference).objects.filter(pk=conference.pk).update(customer=None)
    conference.refresh_from_db()

    found = caller(viewer, conference)

    assert found.is_callback
    assert found.number == "+1 415-555-0188"
    assert [stop.answers for stop in found.stops] == [("pressed 2",)]
