"""Six copies of the key that accepts a call, at the same moment, each a request of its own that really commits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from calls.models import CallEvent
from conferences.models import Participant
from contactcenter.celery import app
from queues import actions
from queues.models import Entry, Handling, Offer
from tests import signed
from tests.calls.factories import AT, new_sid
from tests.queues.factories import make_entry, make_queue, member

pytestmark = pytest.mark.django_db(transaction=True)

COPIES = 6


@pytest.fixture(autouse=True)
def nobody_works() -> Iterator[None]:
    """Leave the tasks with the broker: here only what the requests do is looked at."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.mark.parametrize(("keys", "state", "offer"), [("1", "talking", "accepted"), ("5", "waiting", "missed")])
def test_a_key_that_is_told_six_times_at_once_counts_once(keys: str, state: str, offer: str) -> None:
    queue = make_queue(ring_seconds=60)
    member(queue, "Ann")
    entry = make_entry(queue)
    actions.match(at=AT)
    row = Participant.objects.get(agent__isnull=False)
    Participant.objects.filter(pk=row.pk).update(screening="Press 1.", state="answered", call_sid=new_sid())
    row.refresh_from_db()
    path = reverse("voice-accept", args=[row.pk])
    start = Barrier(COPIES)

    def one(copy: int) -> int:
        try:
            start.wait(10)
            fields = {"CallSid": row.call_sid, "CallStatus": "in-progress", "Digits": keys, "msg": str(copy)}
            status: int = signed.post(Client(), path, fields).status_code
            return status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(COPIES) as pool:
        assert set(pool.map(one, range(COPIES))) == {200}

    assert Entry.objects.get(pk=entry.pk).state == state
    assert Offer.objects.get().state == offer
    assert Handling.objects.count() == (1 if state == "talking" else 0)
    assert Agent.objects.get().misses == (0 if state == "talking" else 1)
    assert CallEvent.objects.filter(kind="untaken").count() == (0 if state == "talking" else 1)
