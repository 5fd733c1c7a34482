"""What somebody hears who was called back and whose conversation is over."""

import pytest
from django.test import Client

from queues.states import EntryState
from telephony import callbacks
from tests.calls.factories import make_call
from tests.queues.rows import ask, line
from tests.telephony.signing import post

pytestmark = pytest.mark.django_db


def hear(callback, call):
    path = callbacks.document("voice-called-back", callback=callback.pk).partition("#")[0]
    answer = post(
        Client(), path.removeprefix("https://contact.example.com"), {"CallSid": call.sid, "CallStatus": "in-progress"}
    )
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("state", [EntryState.WAITING, EntryState.OFFERED])
def test_who_has_lost_the_agent_waits_for_the_next_one(state):
    queue, call = line(), make_call()
    callback = ask(queue)
    callback.entries.update(call=call, state=state)

    heard = hear(callback, call)

    assert "broken off" in heard
    assert f">queue-{queue.pk}</Enqueue>" in heard
    assert "/voice/hold" in heard


@pytest.mark.parametrize("state", [EntryState.TALKING, EntryState.ANSWERED, EntryState.LEFT])
def test_who_was_served_is_hung_up(state):
    call = make_call()
    callback = ask(line())
    callback.entries.update(call=call, state=state)

    assert "<Hangup/>" in hear(callback, call) or "<Hangup />" in hear(callback, call)


def test_a_place_without_a_call_lets_nobody_wait():
    callback = ask(line())

    assert "Enqueue" not in hear(callback, make_call())
