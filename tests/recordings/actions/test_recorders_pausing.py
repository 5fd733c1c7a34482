"""Pauses that somebody asks for count for all recorders of a call, and desks hear of each change."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import CallEvent
from compliance.states import Begins, Mode, Subject
from conferences.room import Role
from conferences.states import LegState
from recordings.actions import recorders
from recordings.models import Pause, Recorder
from recordings.recorder import PauseReason, RecorderState
from tests.agents.factories import agent, user
from tests.compliance.rows import policy, scope
from tests.conferences import factories
from tests.recordings.recorders import at, recorder

pytestmark = pytest.mark.django_db

TOPIC = re.compile(r"(?:agent|conference):[0-9a-f-]{36}|conferences|recorders")


@pytest.fixture
def talk():
    """Ann talks with a customer."""
    made = factories.conference(customer=scope().call)
    factories.customer(made)
    factories.person(made, Role.OWNER, agent=agent("Ann"))
    return made


def topics(do):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        do()
    return set(TOPIC.findall(" ".join(query["sql"] for query in queries if "pg_notify" in query["sql"])))


def test_no_recorder_begins_on_another_line_while_a_pause_is_asked_for(talk):
    recorder(talk.customer, policy(consent=Mode.NONE))
    lines = policy(consent=Mode.NONE, subject=Subject.AGENT)
    recorders.pause(talk.customer.pk, PauseReason.AGENT, by=user(), at=at(5))

    factories.person(talk, Role.GUEST, agent=agent("Bo"))
    recorders.settle(talk.customer.pk, at=at(6))
    during = Recorder.objects.filter(policy=lines).count()
    recorders.resume(talk.customer.pk, PauseReason.AGENT, at=at(7))

    assert during == 0
    assert Recorder.objects.filter(policy=lines).count() == 2  # Ann's line, and Bo's


def test_nothing_is_started_by_hand_while_a_pause_is_asked_for(talk):
    recorder(talk.customer, policy(consent=Mode.NONE, subject=Subject.AGENT), call_sid="CA-ann")
    policy(consent=Mode.NONE, begins=Begins.PRESS)
    recorders.pause(talk.customer.pk, PauseReason.AGENT, by=user(), at=at(5))

    with pytest.raises(recorders.NotNow):
        recorders.start(talk.customer.pk, by=user(), at=at(6))


def test_the_desks_of_all_who_talk_and_the_boards_hear_of_it(talk):
    recorder(talk.customer, policy(consent=Mode.NONE), conference=None)  # begun in the flow, before there was a talk
    bo = factories.person(talk, Role.GUEST, agent=agent("Bo"))
    factories.person(talk, Role.TARGET, LegState.LEFT, agent=agent("Cy"))
    ann = talk.participants.get(role=Role.OWNER).agent
    everybody = {"recorders", "conferences", f"conference:{talk.pk}", f"agent:{ann.pk}", f"agent:{bo.agent_id}"}

    paused = topics(lambda: recorders.pause(talk.customer.pk, PauseReason.AGENT, by=user(), at=at(5)))
    resumed = topics(lambda: recorders.resume(talk.customer.pk, PauseReason.AGENT, at=at(6)))

    assert (paused, resumed) == (everybody, everybody)


def test_a_second_reason_is_told_though_nothing_else_changes(talk):
    one = recorder(talk.customer, policy(consent=Mode.NONE), RecorderState.PAUSED)
    Pause.objects.create(recorder=one, reason=PauseReason.DIGITS, since=at(1), due_at=at(200))

    assert topics(lambda: recorders.pause(talk.customer.pk, PauseReason.AGENT, by=user(), at=at(5)))
    assert topics(lambda: recorders.resume(talk.customer.pk, PauseReason.AGENT, at=at(6)))
    assert topics(lambda: recorders.resume(talk.customer.pk, PauseReason.AGENT, at=at(7))) == set()


def test_a_pause_that_runs_out_is_told(talk):
    one = recorder(talk.customer, policy(consent=Mode.NONE), RecorderState.PAUSED)
    Pause.objects.create(recorder=one, reason=PauseReason.AGENT, since=at(1), due_at=at(20))
    Pause.objects.create(recorder=one, reason=PauseReason.DIGITS, since=at(1), due_at=at(200))

    assert topics(lambda: recorders.end_forgotten_pauses(at=at(21)))
    assert Pause.objects.get(reason=PauseReason.AGENT).ran_out


def test_the_history_tells_why_it_was_paused(talk):
    one = recorder(talk.customer, policy(consent=Mode.NONE))
    for reason in (PauseReason.HOLD, PauseReason.AGENT):
        Pause.objects.create(recorder=one, reason=reason, since=at(1))

    recorders.note_status(one.pk, "RE1", "paused", at=at(2))

    told = CallEvent.objects.get(call=talk.customer, kind="recorder", data__what="paused")
    assert told.data["why"] == "agent hold"
