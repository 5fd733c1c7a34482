"""What is pressed about the recording: pauses, beginnings and ends, and what the caller says of consent."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.roles import SUPERVISOR
from compliance.models import Consent, Scope
from compliance.states import Answer, Begins, Mode, Subject
from conferences.models import Participant
from conferences.room import Role
from conferences.states import LegState
from recordings.models import Pause, Recorder
from recordings.recorder import RecorderState, RecorderWish
from tests.agents.factories import ready_agent, user
from tests.compliance.rows import entry, policy
from tests.dashboard.desk.factories import conversation
from tests.recordings.recorders import recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(ann):
    conference, mine, caller, _entry = conversation(ann, leg=LegState.JOINED)
    Participant.objects.filter(pk=caller.pk).update(call_sid=conference.customer.sid, joined_at=timezone.now())
    Participant.objects.filter(pk=mine.pk).update(call_sid="CA-ann", joined_at=timezone.now())
    Scope.objects.create(call=conference.customer, number="+15005550100", direction="inbound")
    return conference


def press(client, what, talk):
    return client.post(reverse("desk-do", args=[what]), {"conference": talk.pk}, headers={"HX-Target": "panel-talk"})


def said(answer):
    return json.loads(answer["HX-Trigger"])["said"]["text"]


def test_a_pause_is_wished_for_with_who_wished_it_and_ended_again(desk, ann, talk):
    row = recorder(talk.customer, policy(consent=Mode.NONE))

    paused = press(desk, "pause-recording", talk)
    row.refresh_from_db()
    pause = Pause.objects.get()
    resumed = press(desk, "resume-recording", talk)

    assert (said(paused), said(resumed)) == ("The recording is being paused.", "The recording goes on.")
    assert "Pausing… still recording: card details" in paused.content.decode()
    assert (row.wants, row.state) == (RecorderWish.PAUSED, RecorderState.RUNNING)
    assert (pause.reason, pause.by, (pause.due_at - pause.since).total_seconds()) == ("agent", ann.user, 120)
    pause.refresh_from_db()
    row.refresh_from_db()
    assert pause.until is not None
    assert row.wants == RecorderWish.RUNNING


def test_where_nothing_runs_there_is_nothing_to_pause(desk, talk):
    answer = press(desk, "pause-recording", talk)

    assert answer.status_code == 409
    assert said(answer) == "Nothing is recorded here that could be paused."


def test_what_the_policy_leaves_to_the_agent_is_started_and_ended(desk, talk):
    policy(consent=Mode.NONE, begins=Begins.PRESS)

    started = press(desk, "start-recording", talk)
    row = Recorder.objects.get()
    ended = press(desk, "stop-recording", talk)

    assert (said(started), said(ended)) == ("The recording begins.", "The recording is being ended.")
    assert (row.wants, row.call_sid) == (RecorderWish.RUNNING, talk.customer.sid)
    row.refresh_from_db()
    assert row.wants == RecorderWish.STOPPED


def test_what_no_policy_leaves_to_the_agent_is_refused_in_words(desk, talk):
    policy(consent=Mode.NONE, begins=Begins.TALK)

    started, ended = press(desk, "start-recording", talk), press(desk, "stop-recording", talk)

    assert (started.status_code, ended.status_code) == (409, 409)
    assert said(started) == "No policy lets you start a recording of this call."
    assert said(ended) == "There is no recording that you could end."


def test_consent_that_is_taken_back_ends_everything_and_is_in_the_ledger(desk, ann, talk):
    conversations, lines = policy(consent=Mode.ASK_ONE), policy(consent=Mode.NONE, subject=Subject.AGENT)
    before = policy("Before", consent=Mode.ANNOUNCE, is_active=False)
    entry(talk.customer, conversations, Answer.AGREED, at=timezone.now())
    row = recorder(talk.customer, conversations)
    line = recorder(talk.customer, lines, call_sid="CA-ann")
    recorder(talk.customer, before, RecorderState.STOPPED)

    answer = press(desk, "withdraw", talk)

    assert said(answer) == "Noted. Nothing more is recorded."
    noted = Consent.objects.filter(answer=Answer.WITHDRAWN)
    assert {one.policy for one in noted} == {conversations, lines, before}
    assert {(one.noted_by, one.party, one.leg) for one in noted} == {(ann.user, "customer", talk.customer.sid)}
    assert "555" not in noted[0].name
    for one in (row, line):
        one.refresh_from_db()
        assert one.wants == RecorderWish.STOPPED
    again = press(desk, "withdraw", talk)
    assert again.status_code == 409
    assert "noted already" in said(again)


def test_who_agrees_after_all_is_recorded_from_then_on(desk, ann, talk):
    made = policy(consent=Mode.ASK_ONE)
    entry(talk.customer, made, Answer.REFUSED, at=timezone.now())
    refused = press(desk, "start-recording", talk)

    answer = press(desk, "agree", talk)

    assert refused.status_code == 409
    assert said(answer) == "Noted. The call may be recorded."
    noted = Consent.objects.get(answer=Answer.AGREED)
    assert (noted.policy, noted.noted_by) == (made, ann.user)
    assert Recorder.objects.get().wants == RecorderWish.RUNNING


def test_nobody_can_agree_to_what_no_policy_asks(desk, talk):
    answer = press(desk, "agree", talk)

    assert answer.status_code == 409
    assert Consent.objects.count() == 0


PRESSES = ("pause-recording", "resume-recording", "start-recording", "stop-recording", "withdraw", "agree")


@pytest.mark.parametrize("what", PRESSES)
def test_who_supervises_has_no_say_in_it(client, talk, what):
    made = policy(consent=Mode.NONE, begins=Begins.PRESS)
    recorder(talk.customer, made)
    sue = ready_agent("Sue", account=user(SUPERVISOR), at=timezone.now())
    Participant.objects.create(
        conference=talk,
        role=Role.SUPERVISOR,
        mode="barge",
        agent=sue,
        endpoint="browser",
        address="client:sue",
        state=LegState.JOINED,
        wanted_at=timezone.now(),
    )
    client.force_login(sue.user)

    answer = press(client, what, talk)

    assert (answer.status_code, said(answer)) == (409, "You do not talk in that call.")
    assert (Pause.objects.count(), Consent.objects.count()) == (0, 0)


@pytest.mark.parametrize("what", PRESSES)
def test_who_has_left_has_no_say_in_it_any_more(desk, ann, talk, what):
    recorder(talk.customer, policy(consent=Mode.NONE, begins=Begins.PRESS))
    Participant.objects.filter(agent=ann).update(state=LegState.LEFT)

    assert press(desk, what, talk).status_code == 409
    assert (Pause.objects.count(), Consent.objects.count()) == (0, 0)


def test_a_guest_who_talks_may_pause_too(client, talk):
    recorder(talk.customer, policy(consent=Mode.NONE))
    bo = ready_agent("Bo", account=user("Agent", username="bo"), at=timezone.now())
    Participant.objects.create(
        conference=talk,
        role=Role.GUEST,
        agent=bo,
        endpoint="browser",
        address="client:bo",
        state=LegState.JOINED,
        wanted_at=timezone.now(),
    )
    client.force_login(bo.user)

    assert press(client, "pause-recording", talk).status_code == 200
    assert Pause.objects.get().by == bo.user
