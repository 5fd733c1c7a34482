"""What was recorded goes with the consent, where the policy says so: whatever stands in the way, and once."""

from datetime import date

import pytest

from compliance.actions import consent
from compliance.models import AccessEntry, Hold
from compliance.states import Access, Answer, Mode, Withdrawal
from recordings import tasks
from recordings.actions import recorders, withdrawing
from recordings.models import Recorder, Recording
from recordings.recorder import RecorderState
from recordings.states import State
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.compliance.rows import entry, policy, scope, speaker
from tests.recordings.factories import make_recording
from tests.recordings.recorders import at, recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def deletes():
    return policy("Deletes", consent=Mode.ANNOUNCE, withdrawal=Withdrawal.DELETE)


def recorded(call, by, state=RecorderState.STOPPED, **fields):
    """A recorder with its recording."""
    return recorder(call, by, state, recording=make_recording(call=call, subject="conversation"), **fields)


def takes_back(call, *policies, second=60):
    with_whom = user()
    return consent.note_said(call, policies, speaker(), Answer.WITHDRAWN, by=with_whom, at=at(second))


def states():
    return list(Recording.objects.order_by("announced_at", "pk").values_list("state", flat=True))


def test_what_was_recorded_before_is_deleted_with_the_reason(deletes):
    call = scope().call
    one = recorded(call, deletes)

    takes_back(call, deletes)
    done = withdrawing.delete_unwanted(one.pk, at=at(61))

    assert done
    assert (one.recording.pk, states()) == (Recording.objects.get().pk, [State.DELETED])
    assert Recording.objects.get().deleted_for == withdrawing.WHY
    logged = AccessEntry.objects.get(action=Access.DELETED)
    assert (logged.subject_id, logged.reason, logged.user) == (str(one.recording.pk), withdrawing.WHY, None)
    assert withdrawing.left_unwanted() == []


def test_to_delete_it_twice_does_no_harm(deletes):
    call = scope().call
    one = recorded(call, deletes)
    takes_back(call, deletes)

    assert withdrawing.delete_unwanted(one.pk, at=at(61))
    assert not withdrawing.delete_unwanted(one.pk, at=at(62))
    assert AccessEntry.objects.filter(action=Access.DELETED).count() == 1


def test_a_policy_that_only_stops_leaves_what_there_is():
    call, stops = scope().call, policy(withdrawal=Withdrawal.STOP)
    one = recorded(call, stops)

    takes_back(call, stops)

    assert not withdrawing.delete_unwanted(one.pk, at=at(61))
    assert states() == [State.ANNOUNCED]


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.SILENT, Answer.AGREED, Answer.TOLD])
def test_only_who_takes_consent_back_has_it_deleted(deletes, answer):
    call = scope().call
    recorded(call, deletes)

    consent.note_said(call, [deletes], speaker(), answer, by=None, at=at(60))

    assert withdrawing.left_unwanted() == []


def test_what_other_policies_and_other_calls_recorded_stays(deletes):
    call, other = scope().call, scope(make_call()).call
    keeps = policy("Keeps", withdrawal=Withdrawal.STOP)
    mine, theirs, kept = recorded(call, deletes), recorded(other, deletes), recorded(call, keeps)

    takes_back(call, deletes, keeps)

    assert withdrawing.left_unwanted() == [mine.pk]
    assert {theirs.pk, kept.pk} <= set(Recorder.objects.filter(unwanted_at=None).values_list("pk", flat=True))


def test_nothing_is_deleted_before_twilio_has_stopped_recording(deletes):
    call = scope().call
    one = recorded(call, deletes, RecorderState.RUNNING)
    takes_back(call, deletes)
    early = withdrawing.delete_unwanted(one.pk, at=at(61)), withdrawing.left_unwanted()

    recorders.note_status(one.pk, one.recording.sid, "stopped", at=at(62))

    assert early == (False, [])
    assert withdrawing.left_unwanted() == [one.pk]
    assert withdrawing.delete_unwanted(one.pk, at=at(63))


def test_a_recorder_that_never_recorded_has_nothing_to_delete(deletes):
    call = scope().call
    one = recorder(call, deletes, RecorderState.FAILED)
    takes_back(call, deletes)

    assert not withdrawing.delete_unwanted(one.pk, at=at(61))
    assert withdrawing.left_unwanted() == []


def test_who_agrees_again_loses_only_what_was_recorded_before(deletes):
    call = scope().call
    before = recorded(call, deletes)
    takes_back(call, deletes)
    entry(call, deletes, Answer.AGREED, at=at(70))
    after = recorded(call, deletes, wanted_at=at(71))

    assert withdrawing.left_unwanted() == [before.pk]
    takes_back(call, deletes, second=80)
    assert withdrawing.left_unwanted() == [before.pk, after.pk]


def test_a_legal_hold_keeps_it_until_it_is_lifted(deletes):
    call = scope().call
    one = recorded(call, deletes)
    takes_back(call, deletes)
    owner = user()
    hold = Hold.objects.create(
        name="Case",
        reason="Court",
        owner=owner,
        review_at=date(2027, 1, 1),
        call=call,
        placed_at=at(0),
        placed_by=owner,
    )
    held = withdrawing.delete_unwanted(one.pk, at=at(61)), withdrawing.left_unwanted(), states()

    Hold.objects.filter(pk=hold.pk).update(lifted_at=at(90), lifted_by=owner, lifted_because="Over")

    assert held == (False, [], [State.ANNOUNCED])
    assert withdrawing.left_unwanted() == [one.pk]
    assert withdrawing.delete_unwanted(one.pk, at=at(91))


def test_what_a_dead_worker_left_behind_is_found_by_the_sweep(deletes):
    call = scope().call
    recorded(call, deletes)
    Recording.objects.update(cleared_at=at(59))  # nothing is left at Twilio
    takes_back(call, deletes)  # the task that was announced is lost: nothing commits in this test

    tasks.sweep_recorders()

    assert states() == [State.DELETED]
