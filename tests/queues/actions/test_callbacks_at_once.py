"""Six copies of the same news at the same moment, each in a transaction of its own."""

import pytest
from django.db import transaction

from conferences.actions import claiming
from conferences.models import Conference, Participant
from conferences.room import Role
from queues.actions import callbacks
from queues.actions.entries import locked
from queues.models import Callback, Entry
from tests.agents import factories as people
from tests.at_once import at_once
from tests.calls.factories import AT, make_call
from tests.queues.rows import NUMBER, ask, line, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("any_hour", "nobody_works")]


def six_times(action):
    """Run six copies of something at the same moment, and give what each has returned or been refused with."""

    def one():
        try:
            with transaction.atomic():
                return action()
        except (callbacks.AlreadyAsked, callbacks.NotNow) as refusal:
            return refusal

    return at_once(*[one] * 6)


def test_however_many_at_once_there_is_one_callback_one_try_one_ring_and_one_end():
    queue = line()

    asked = six_times(lambda: ask(queue))
    (callback,) = [one for one in asked if isinstance(one, Callback)]
    assert Entry.objects.get().callback == callback

    conference = Conference.objects.create(opened_at=AT)
    Participant.objects.create(
        conference=conference, role=Role.OWNER, agent=people.agent(), address="client:a", state="taken", wanted_at=AT
    )
    Entry.objects.update(state="talking", conference=conference)
    tried = six_times(lambda: callbacks.begin_try(locked(place(callback).pk), conference=conference, at=AT))
    (customer,) = filter(None, tried)
    assert Callback.objects.get().tries == 1

    claimed = six_times(lambda: claiming.claim_ring(customer.pk, at=AT))
    assert sum(one is not None for one in claimed) == 1

    call = make_call()
    six_times(lambda: callbacks.note_connected(locked(place(callback).pk), call_id=call.pk, at=AT))
    assert (Callback.objects.get().state, Entry.objects.get().call) == ("done", call)

    ask(queue)
    kept = six_times(lambda: callbacks.cancel_for_number(NUMBER, queue_id=queue.pk, at=AT))
    assert sum(one is not None for one in kept) == 1
