"""How a call did not come about."""

from datetime import timedelta

import pytest

from dialing.models import Attempt
from dialing.states import Purpose
from messaging import missed
from messaging.states import Missed
from queues.models import Callback
from queues.states import EntryState
from tests.calls.factories import AT, make_call
from tests.queues.factories import make_entry, make_queue
from tests.recordings.factories import make_mailbox, make_missed, make_voicemail

pytestmark = pytest.mark.django_db


def outbound(status: str, purpose: Purpose | None = Purpose.CLICK):
    call = make_call(direction="outbound-api", from_number="+15005550100", to_number="+14155550123", status=status)
    if purpose:
        Attempt.objects.create(number=call.to_number, purpose=purpose, at=AT, call=call)
    return call


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[("busy", Missed.BUSY), ("no-answer", Missed.UNANSWERED), ("failed", Missed.FAILED)],
        *[("completed", None), ("canceled", None), ("ringing", None)],
    ],
)
def test_a_call_out_did_not_come_about(status, kind):
    assert missed.how(outbound(status)) == kind


@pytest.mark.parametrize("purpose", [None, Purpose.TRANSFER])
def test_nobody_is_texted_who_works_with_us(purpose):
    assert missed.how(outbound("busy", purpose)) is None


def waited(state: EntryState, seconds: int = 60, call=None, **fields):
    call = call or make_call(status="completed")
    ended = {"ended_at": AT + timedelta(seconds=seconds)}
    make_entry(make_queue(short_abandon=5), call=call, state=state, **(ended | fields))
    return call


def test_who_gave_up_waiting_was_missed():
    assert missed.how(waited(EntryState.ABANDONED)) is Missed.ABANDONED
    assert missed.how(waited(EntryState.TIMED_OUT)) is Missed.ABANDONED


def test_who_hung_up_at_once_has_dialed_wrong():
    assert missed.how(waited(EntryState.ABANDONED, seconds=4)) is None


def test_who_was_answered_was_not():
    call = waited(EntryState.ABANDONED)
    waited(EntryState.ANSWERED, call=call, answered_at=AT)

    assert missed.how(call) is None
    assert missed.how(waited(EntryState.LEFT)) is None


def test_who_left_no_message_was_missed_and_who_left_one_was_heard():
    call = make_call(status="completed")
    make_missed(call=call)
    assert missed.how(call) is Missed.ABANDONED

    make_voicemail(make_mailbox("Support"), call=call)
    assert missed.how(call) is None


def test_who_is_to_be_called_back_was_heard():
    call = waited(EntryState.ABANDONED)
    Callback.objects.create(queue=make_queue(), number=call.from_number, call=call, asked_at=AT, expires_at=AT)

    assert missed.how(call) is None


def test_a_call_that_lives_or_is_a_leg_was_not_missed():
    assert missed.how(waited(EntryState.ABANDONED, call=make_call())) is None
    leg = make_call(status="completed", parent=make_call())
    assert missed.how(waited(EntryState.ABANDONED, call=leg)) is None
