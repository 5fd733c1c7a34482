from datetime import timedelta
from uuid import uuid4

import pytest

import calls.actions
from calls.states import Status
from crm.actions import closing
from crm.models import Closing, Event
from recordings.pipeline import Stage
from recordings.states import State
from tests.calls.factories import AT, make_call, news
from tests.queues.factories import make_entry, make_queue
from tests.recordings.factories import make_recording

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=2)


def end(call, *, at=AT) -> None:
    calls.actions.observe(news(call.sid, Status.COMPLETED, seconds=30), at=at)


def completed() -> list[dict]:
    return [event.data for event in Event.objects.filter(type="call.completed").order_by("id")]


def test_a_call_that_is_over_and_settled_is_told_as_complete_once():
    call = make_call()
    entry = make_entry(make_queue("Orders"), call=call, state="abandoned", ended_at=AT + timedelta(seconds=20))
    end(call)

    assert closing.complete(at=AT) == 0  # what Twilio tells of recordings comes a moment later
    assert closing.complete(at=SOON) == 1
    assert closing.complete(at=SOON) == 0

    (data,) = completed()
    assert data["settled"] is True
    assert data["call"]["id"] == str(call.pk)
    assert [(visit["id"], visit["seconds_waited"]) for visit in data["visits"]] == [(str(entry.pk), 20)]
    assert Event.objects.get(type="call.completed").conversation == call.conversation


def test_it_is_told_when_the_last_leg_is_over():
    conversation = uuid4()
    caller, agent = make_call(conversation=conversation), make_call(conversation=conversation)
    end(agent)

    assert closing.complete(at=SOON) == 0
    assert not Closing.objects.exists()

    end(caller, at=SOON)
    assert closing.complete(at=SOON + timedelta(minutes=1)) == 1
    assert len(completed()[0]["legs"]) == 2


def test_it_waits_for_a_recording_that_is_in_work():
    call = make_call()
    recording = make_recording(call=call, state=State.READY, stage=Stage.FETCH)
    end(call)

    assert closing.complete(at=SOON) == 0
    type(recording).objects.filter(pk=recording.pk).update(state=State.STORED, stage="")
    assert closing.complete(at=SOON) == 0  # looked at again after a pause
    assert closing.complete(at=SOON + timedelta(minutes=1)) == 1

    assert completed()[0]["recordings"][0]["state"] == "stored"


def test_after_the_time_limit_it_is_told_as_not_settled():
    call = make_call()
    make_recording(call=call, state=State.READY, stage=Stage.FETCH)
    end(call)
    closing.complete(at=SOON)

    assert closing.complete(at=AT + closing.LONGEST + timedelta(seconds=1)) == 1

    assert completed()[0]["settled"] is False


def test_a_recording_that_failed_for_good_is_not_waited_for():
    call = make_call()
    make_recording(call=call, state=State.READY, stage=Stage.FETCH, failure="Twilio has lost it", retry_at=None)
    end(call)

    assert closing.complete(at=SOON) == 1


def test_a_conversation_that_goes_on_is_told_again():
    call = make_call()
    end(call)
    closing.complete(at=SOON)
    back = make_call(conversation=call.conversation)
    end(back, at=SOON)

    assert closing.complete(at=SOON + timedelta(minutes=1)) == 1

    assert [len(data["legs"]) for data in completed()] == [1, 2]
