"""What a queue's step asks of the domain, and what becomes of it when others are faster or the database fails."""

import pytest
from django.utils import timezone

from ivr.actions import requests
from ivr.kinds.requests import AskCallBack, LeaveQueue
from queues.models import Callback, Entry
from tests.queues.factories import make_entry, make_queue
from tests.scenarios.outage import storing_fails

pytestmark = pytest.mark.django_db

NUMBER = "+14155550123"


def ask(entry: Entry, number: str = NUMBER) -> str:
    request = AskCallBack(str(entry.queue_id), number, "en-US")
    return requests.carry_out((request,), entry.call_id, at=timezone.now()).noted


def test_a_call_back_keeps_the_age_and_the_points_of_the_place() -> None:
    entry = make_entry(make_queue(), priority=7, state="left")

    assert ask(entry) == "stored"
    kept = Entry.objects.get(callback__isnull=False)
    assert (kept.aged_from, kept.priority, kept.queue) == (entry.aged_from, 7, entry.queue)


def test_who_asks_twice_is_told_so_and_one_wish_is_kept() -> None:
    entry = make_entry(make_queue(), state="left")
    ask(entry)

    assert ask(entry) == "present"
    assert Callback.objects.count() == 1


def test_a_number_that_cannot_be_called_is_refused() -> None:
    assert ask(make_entry(make_queue(), state="left"), "911") == "refused"
    assert not Callback.objects.exists()


def test_a_wish_that_cannot_be_stored_is_told_and_harms_nothing_else() -> None:
    entry = make_entry(make_queue(), state="left")

    with storing_fails("queues_entry"):
        assert ask(entry) == "failed"

    assert not Callback.objects.exists()
    assert ask(entry) == "stored"


@pytest.mark.parametrize(("state", "leaves"), [("waiting", True), ("offered", False)])
def test_nobody_is_timed_out_while_an_agent_is_being_rung(state: str, leaves: bool) -> None:
    entry = make_entry(make_queue(), state=state)

    assert requests.leave(LeaveQueue("waited", timed_out=True), entry.call_id, at=timezone.now()) is leaves


def test_who_is_in_a_conversation_by_now_does_not_leave() -> None:
    entry = make_entry(make_queue(), state="talking")

    assert not requests.leave(LeaveQueue("chose another way"), entry.call_id, at=timezone.now())
