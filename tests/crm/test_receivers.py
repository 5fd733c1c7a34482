"""What happens below is told: each event in the shape of its schema, which `tests/conftest.py` checks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

import calls.actions
import queues.actions
from agents import actions as agents
from agents.states import Chosen
from calls.states import Status
from conferences import actions as conferences
from conferences.room import Fate
from contacts import signals as contact_signals
from contacts.models import Contact, ContactNumber
from crm import tasks
from crm.actions.numbering import number
from crm.models import Event
from queues.actions import callbacks
from tests.agents.factories import ready_agent
from tests.calls.factories import AT, make_call, new_sid, news
from tests.crm.factories import note
from tests.queues.factories import make_entry, make_queue, member

pytestmark = pytest.mark.django_db


def told(**about) -> list[str]:
    return list(Event.objects.filter(**about).order_by("id").values_list("type", flat=True))


def last(name: str) -> Event:
    return Event.objects.filter(type=name).latest("id")


def test_a_leg_is_told_from_start_to_end():
    sid = new_sid()
    ends = {"from_number": "+15005550100", "to_number": "+14155550123", "direction": "outbound-api"}
    for after, status in enumerate((Status.INITIATED, Status.RINGING, Status.IN_PROGRESS, Status.COMPLETED)):
        for _repeat in range(2):
            call = calls.actions.observe(news(sid, status, after=after, **ends), at=AT + timedelta(seconds=after))

    assert told() == ["call.started", "call.rang", "call.answered", "call.ended"]
    event = last("call.answered")
    assert event.occurred_at == AT + timedelta(seconds=2)
    assert (event.call, event.conversation) == (call.pk, call.conversation)
    assert event.data["call"]["to_number"] == "+14155550123"


def test_a_call_that_tells_nothing_but_its_end_was_answered_before_it():
    call = make_call(status="ringing")

    calls.actions.observe(news(call.sid, Status.COMPLETED, after=60, seconds=45), at=AT + timedelta(seconds=60))

    assert told() == ["call.answered", "call.ended"]
    assert last("call.answered").occurred_at == AT + timedelta(seconds=15)


def test_of_a_leg_that_nobody_answered_no_ringing_is_made_up():
    sid = new_sid()

    calls.actions.observe(news(sid, Status.NO_ANSWER, to_number="+14155550123"), at=AT)
    calls.actions.observe(news(sid, Status.RINGING, to_number="+14155550123"), at=AT)

    assert told() == ["call.started", "call.ended"]


def test_the_conversation_of_a_leg_is_that_which_it_has_at_the_commit():
    call = calls.actions.observe(news(new_sid(), Status.RINGING, to_number="+14155550123"), at=AT)
    joined = uuid4()
    calls.actions.join_conversation(call.pk, joined)

    number(at=AT)

    assert set(Event.objects.values_list("conversation", flat=True)) == {joined}
    assert list(Event.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2]


def test_a_wait_is_told():
    queue = make_queue("Orders")
    call = make_call()

    queues.actions.join(queue.pk, call_id=call.pk, language="en-US", onward="https://example.com/on", at=AT)
    queues.actions.leave(call.pk, why="pressed 9", at=AT + timedelta(seconds=30))

    assert told() == ["queue.entered", "queue.left"]
    assert last("queue.left").data["seconds"] == 30
    number(at=AT)
    assert set(Event.objects.values_list("conversation", flat=True)) == {call.conversation}


def test_offers_and_who_did_not_take_them_are_told():
    queue = make_queue("Orders")
    agent = member(queue, "Ada")
    make_entry(queue)

    queues.actions.match(at=AT)

    assert last("offer.made").data["agent"] == {"id": str(agent.pk), "name": "Ada"}
    assert told(type__startswith="presence") == ["presence.changed"]
    assert last("presence.changed").data["standing"] == "ringing"


def test_a_callback_is_told():
    queue = make_queue("Orders", caller_id="+15005550100")

    callback = callbacks.ask(queue.pk, "+14155550123", call_id=None, language="en-US", aged_from=AT, at=AT)
    callbacks.cancel(callback.pk, by=None, why="nobody wants it", at=AT)

    assert told() == ["queue.entered", "callback.changed", "queue.left", "callback.changed"]
    assert [event.data["state"] for event in Event.objects.filter(type="callback.changed").order_by("id")] == [
        "waiting",
        "canceled",
    ]


def test_an_agents_choice_is_told():
    agent = ready_agent("Ada")

    agents.choose(agent.pk, Chosen.READY, reason=None, by=agent.user, at=AT)
    agents.occupy(agent.pk, "talking", cause="took a call", at=AT)

    assert last("presence.changed").data["standing"] == "talking"
    assert last("presence.changed").conversation is None


def test_a_contact_and_an_opt_out_are_told():
    contact = Contact.objects.create(name="Ada", created_at=AT, updated_at=AT)
    ContactNumber.objects.create(contact=contact, number="+14155550123")

    contact_signals.contacts_changed.send(sender=Contact, contacts=[contact], what="changed", at=AT)
    contact_signals.opt_outs_changed.send(
        sender=None, numbers=["+14155550123"], channel="texts", is_out=True, how="text", at=AT
    )

    assert last("contact.changed").contact == contact.pk
    assert last("contact.changed").data["numbers"] == ["+14155550123"]
    assert last("opt_out.changed").data["is_out"] is True


def test_a_conversation_that_is_closed_is_told():
    queue = make_queue("Orders")
    member(queue, "Ada")
    entry = make_entry(queue)
    queues.actions.match(at=AT)
    entry.refresh_from_db()

    conferences.close(entry.conference_id, Fate.GONE, at=AT)

    assert "conference.closed" in told()
    assert last("participant.left").data["participant"]["outcome"] == "withdrawn"
    assert last("offer.withdrawn").data["state"] == "withdrawn"


def test_a_transaction_announces_its_events_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as announced, transaction.atomic():
        for _ in range(3):
            with transaction.atomic():
                note()
        note()

    assert announced == [tasks.number.delay]


def test_what_is_undone_takes_only_its_own_announcement_with_it(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as announced, transaction.atomic():
        with transaction.atomic():
            note()
            transaction.set_rollback(True)
        note()
        note()

    assert announced == [tasks.number.delay]
