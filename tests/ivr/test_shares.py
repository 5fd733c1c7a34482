"""How calls ended that a step has shared out, read from their history."""

from datetime import timedelta

import pytest

from calls.models import EventKind
from ivr.models import Visit
from ivr.shares import Way, ways
from queues.states import EntryState
from tests.calls.factories import AT, make_call, make_event
from tests.ivr import rows
from tests.queues.factories import make_entry, make_queue

pytestmark = pytest.mark.django_db

DAY = {"since": AT - timedelta(hours=1), "until": AT + timedelta(hours=1)}
STEP = 7


def call(version, way="old", *, seconds=60, ending="completed", status="completed", **fields):
    made = make_call(status=status, ended_at=AT + timedelta(seconds=10 + seconds), **fields)
    make_event(made, EventKind.LEFT, 10, step=str(STEP), exit=way)
    Visit.objects.create(call=made, version=version, position={}, began_at=AT, ending=ending)
    return made


@pytest.fixture
def version():
    return rows.publish(rows.simple_flow()).published


def test_calls_are_told_apart_by_way_and_by_how_they_ended(version):
    make_event(call(version), EventKind.DIALED, 20, step="9", status="completed", bridged=True)
    make_event(call(version), EventKind.DIALED, 20, step="9", status="completed", bridged=None)
    make_event(call(version), EventKind.DIALED, 20, step="9", status="completed", bridged=False)
    make_event(call(version), EventKind.VOICEMAIL, 30, mailbox="Desk")
    call(version, ending="caller hung up")
    call(version, "new", ending="caller hung up", seconds=120)
    call(version, "new", ending="sent away", seconds=60)
    talked = call(version, "new", ending="caller hung up", seconds=60)
    make_entry(make_queue(), call=talked, after=15, answered_at=AT + timedelta(seconds=20), state=EntryState.ANSWERED)
    call(version, "new", status="in-progress")

    found = ways(STEP, **DAY)

    assert found["old"] == Way("old", calls=5, person=2, mailbox=1, gave_up=1, seconds=60.0)
    assert found["old"].otherwise == 1
    assert found["new"] == Way("new", calls=3, person=1, gave_up=1, away=1, seconds=80.0, live=1)


def test_who_reached_a_person_and_left_a_message_later_counts_once(version):
    made = call(version)
    make_event(made, EventKind.DIALED, 20, step="9", status="completed", bridged=True)
    make_event(made, EventKind.VOICEMAIL, 30, mailbox="Desk")

    found = ways(STEP, **DAY)["old"]

    assert (found.calls, found.person, found.mailbox, found.otherwise) == (1, 1, 0, 0)


def test_what_came_before_the_step_and_other_steps_and_days_do_not_count(version):
    early = make_call(status="completed", ended_at=AT + timedelta(seconds=90))
    make_event(early, EventKind.VOICEMAIL, 5, mailbox="Desk")
    make_event(early, EventKind.LEFT, 10, step=str(STEP), exit="old")
    make_event(early, EventKind.LEFT, 20, step=str(STEP), exit="new")
    make_event(early, EventKind.LEFT, 30, step="8", exit="other")
    call(version, started_at=AT - timedelta(days=1))

    found = ways(STEP, **DAY)

    assert found == {"old": Way("old", calls=1, seconds=80.0)}
