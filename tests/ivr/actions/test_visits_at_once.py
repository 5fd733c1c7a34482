"""What Twilio tells twice, or of two things, at the same moment."""

from collections.abc import Callable

import pytest
from django.db import transaction

import calls.actions
import recordings.actions
from calls.observations import Observation
from ivr import actions
from ivr.kinds.base import Keys, Recorded
from ivr.models import Visit
from recordings.models import MissedCall, Voicemail
from telephony.payloads import RecordingCallback
from tests.at_once import at_once, beside
from tests.ivr.actions.callers import LINE, begun, menu, request, voicemail
from tests.ivr.rows import AT
from tests.locks import waiting
from tests.patience import PATIENCE, until
from tests.scenarios import flows
from tests.scenarios.desk import story


def in_transactions(*acts: Callable[[], str]) -> list[str]:
    """Do these at the same moment, each in a transaction of its own."""
    return at_once(*(transaction.atomic()(act) for act in acts))


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_one_turn_at_once_move_the_visit_once() -> None:
    caller, visit = begun(menu())

    answers = in_transactions(*[lambda: actions.advance(visit.pk, 1, caller, Keys("1"), at=AT)] * 2)

    visit.refresh_from_db()
    assert (visit.turn, answers) == (2, [visit.answer, visit.answer])
    assert story(visit.call).count("pressed 1") == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_that_comes_in_twice_at_once_begins_once() -> None:
    flows.line(LINE, flows.publish("Main", menu(), at=AT))
    coming = request(status="ringing")

    answers = in_transactions(*[lambda: actions.begin(coming, at=AT)] * 2)

    visit = Visit.objects.get()
    assert answers == [visit.answer, visit.answer]
    assert story(visit.call) == ["began Main 1", "entered Menu"]


@pytest.mark.django_db(transaction=True)
def test_a_message_told_of_while_the_call_ends_is_not_a_missed_call_as_well() -> None:
    caller, visit = begun(voicemail())
    told = RecordingCallback(sid="RE1", call_sid=caller.call_sid, status="completed", seconds=9, source="RecordVerb")
    over = Observation(sid=caller.call_sid, status="completed")

    with beside() as submit:
        with transaction.atomic():
            recordings.actions.announce(told, at=AT)
            ending = submit(lambda: calls.actions.observe(over, at=AT))
            until(lambda: waiting() or ending.done())  # it comes as far as it can
        ending.result(PATIENCE)

    assert Voicemail.objects.count() == 1
    assert not MissedCall.objects.exists()
    visit.refresh_from_db()
    assert visit.ending == "caller hung up"


@pytest.mark.django_db(transaction=True)
def test_the_action_and_the_recordings_callback_at_once_make_one_message() -> None:
    caller, visit = begun(voicemail())
    told = RecordingCallback(sid="RE1", call_sid=caller.call_sid, status="completed", seconds=9, source="RecordVerb")

    in_transactions(
        lambda: actions.advance(visit.pk, 1, caller, Recorded("RE1", 9), at=AT),
        lambda: str(recordings.actions.announce(told, at=AT)),
    )

    assert Voicemail.objects.count() == 1
    assert story(visit.call).count("voicemail Front desk") == 1
    visit.refresh_from_db()
    assert visit.ending == "completed"
