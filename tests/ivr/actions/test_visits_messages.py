"""Messages that callers leave, told of by the action, by the recording's callback, or by both."""

from typing import Any

import pytest

from calls.models import Call
from ivr import actions
from ivr.kinds.base import Recorded
from ivr.models import Visit
from recordings.models import MissedCall, Recording, Voicemail
from recordings.states import State
from tests.ivr.actions.callers import begun, menu, voicemail
from tests.ivr.rows import AT
from tests.scenarios.desk import story

pytestmark = pytest.mark.django_db


def recording(visit: Visit, **fields: Any) -> Recording:
    defaults = {"sid": "RE1", "call": visit.call, "source": "RecordVerb", "seconds": 9, "state": State.READY}
    return Recording.objects.create(announced_at=AT, **defaults | fields)


def test_a_message_is_taken_with_its_action() -> None:
    caller, visit = begun(voicemail())

    actions.advance(visit.pk, 1, caller, Recorded("RE1", 9), at=AT)

    assert Voicemail.objects.get().recording.sid == "RE1"


def test_a_message_is_taken_without_its_action_and_once_with_it() -> None:
    caller, visit = begun(voicemail())

    actions.take_message(recording(visit), at=AT)
    assert Voicemail.objects.get().mailbox.name == "Front desk"
    actions.advance(visit.pk, 1, caller, Recorded("RE1", 9), at=AT)

    visit.refresh_from_db()
    assert (visit.turn, visit.ending) == (2, "completed")
    assert Voicemail.objects.count() == 1
    assert story(visit.call).count("voicemail Front desk") == 1


@pytest.mark.parametrize(
    "fields",
    [{"source": "DialVerb"}, {"source": ""}, {"seconds": 1}, {"seconds": None}, {"call": None}],
    ids=["of a talk", "of nothing known", "too short", "of no known length", "of no known call"],
)
def test_another_recording_is_no_message(fields: dict[str, Any]) -> None:
    _caller, visit = begun(voicemail())

    actions.take_message(recording(visit, **fields), at=AT)

    assert (Voicemail.objects.count(), MissedCall.objects.count()) == (0, 0)


def test_a_recording_of_a_call_that_stands_elsewhere_is_no_message() -> None:
    _caller, visit = begun(menu())
    elsewhere = Call.objects.create(sid="CA1", started_at=AT, heard_at=AT)

    actions.take_message(recording(visit), at=AT)
    actions.take_message(recording(visit, sid="RE2", call=elsewhere), at=AT)

    assert not Voicemail.objects.exists()
