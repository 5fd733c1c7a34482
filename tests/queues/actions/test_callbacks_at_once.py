"""Six copies of the same news at the same moment, each in a transaction of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from conferences.actions import claiming
from conferences.models import Conference, Participant
from conferences.room import Role
from contactcenter.celery import app
from queues.actions import callbacks
from queues.actions.entries import locked
from queues.models import Callback, Entry
from tests.agents import factories as people
from tests.calls.factories import AT, make_call
from tests.queues.rows import NUMBER, ask, line, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("any_hour")]

COPIES = 6


@pytest.fixture(autouse=True)
def no_workers():
    """Leave the tasks with the broker: here every copy does its own part only."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


def at_once(action):
    """Run six copies of something at the same moment, and give what each has returned or raised."""
    start = Barrier(COPIES)

    def one(_copy):
        try:
            start.wait()
            with transaction.atomic():
                return action()
        except (callbacks.AlreadyAsked, callbacks.NotNow) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(COPIES) as pool:
        return list(pool.map(one, range(COPIES)))


def test_however_many_at_once_there_is_one_callback_one_try_one_ring_and_one_end():
    queue = line()

    asked = at_once(lambda: ask(queue))
    (callback,) = [one for one in asked if isinstance(one, Callback)]
    assert Entry.objects.get().callback == callback

    conference = Conference.objects.create(opened_at=AT)
    Participant.objects.create(
        conference=conference, role=Role.OWNER, agent=people.agent(), address="client:a", state="taken", wanted_at=AT
    )
    Entry.objects.update(state="talking", conference=conference)
    tried = at_once(lambda: callbacks.begin_try(locked(place(callback).pk), conference=conference, at=AT))
    (customer,) = filter(None, tried)
    assert Callback.objects.get().tries == 1

    claimed = at_once(lambda: claiming.claim_ring(customer.pk, at=AT))
    assert sum(one is not None for one in claimed) == 1

    call = make_call()
    at_once(lambda: callbacks.note_connected(locked(place(callback).pk), call_id=call.pk, at=AT))
    assert (Callback.objects.get().state, Entry.objects.get().call) == ("done", call)

    ask(queue)
    kept = at_once(lambda: callbacks.cancel_for_number(NUMBER, queue_id=queue.pk, at=AT))
    assert sum(one is not None for one in kept) == 1
