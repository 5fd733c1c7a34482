"""Six copies of the key that accepts a call, at the same moment, each a request of its own that really commits."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from calls.models import CallEvent
from conferences.models import Participant
from queues import actions
from queues.models import Entry, Handling, Offer
from tests import signed
from tests.at_once import at_once
from tests.calls.factories import AT, new_sid
from tests.queues.factories import make_entry, make_queue, member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_works")]


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

    def one(copy: int) -> int:
        fields = {"CallSid": row.call_sid, "CallStatus": "in-progress", "Digits": keys, "msg": str(copy)}
        status: int = signed.post(Client(), path, fields).status_code
        return status

    assert set(at_once(*(partial(one, copy) for copy in range(6)))) == {200}

    assert Entry.objects.get(pk=entry.pk).state == state
    assert Offer.objects.get().state == offer
    assert Handling.objects.count() == (1 if state == "talking" else 0)
    assert Agent.objects.get().misses == (0 if state == "talking" else 1)
    assert CallEvent.objects.filter(kind="untaken").count() == (0 if state == "talking" else 1)
