"""Texts at the desk: read, measured, answered, and done."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from agents.models import User
from conferences.room import Role
from conferences.states import LegState
from contacts.actions import opt_out
from contacts.states import Channel, How
from messaging.actions.sending import note_line
from messaging.models import Message, Thread
from messaging.states import Rule, State, Why
from queues.models import Membership
from tests.agents.factories import team
from tests.calls.factories import AT, make_call
from tests.conferences.factories import conference, customer, person
from tests.messaging.factories import OURS, THEIRS, make_media, make_message, make_received, make_sender, make_thread
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_agent(ann):
    ann.user.groups.add(Group.objects.get(name="Agent"))


def panel(desk, thread=None) -> str:
    address = reverse("desk-panel", args=["texts"])
    answer = desk.get(address, {"thread": str(thread.pk)} if thread else {})
    assert answer.status_code == 200
    return answer.content.decode()


def press(desk, what, thread, **fields):
    address = reverse("desk-do", args=[what]) + f"?thread={thread.pk}"
    return desk.post(address, {"thread": str(thread.pk)} | fields, headers={"HX-Target": "panel-texts"})


def waiting(**fields) -> Thread:
    thread = make_thread(**({"waits_since": AT, "unread": 1} | fields))
    make_received(thread)
    return thread


def test_who_waits_is_shown_the_longest_wait_first(desk):
    first = waiting(waits_since=AT - timedelta(hours=1))
    make_thread(first.sender, "+14155550124", waits_since=AT)
    make_thread(first.sender, "+14155550125")

    told = panel(desk)

    assert told.index("555-0123") < told.index("555-0124")
    assert "555-0125" not in told


def test_texts_of_other_teams_are_not_shown(desk):
    thread = waiting(queue=make_queue(team=team()))

    assert "555-0123" not in panel(desk)
    assert "Where is my parcel?" not in panel(desk, thread)
    assert press(desk, "send-text", thread, body="Hello").status_code == 409


def test_a_conversation_is_read_with_what_became_of_each_text(desk):
    thread = waiting()
    make_media(Message.objects.get(), content_type="image/png")
    make_message(thread, body="We look.", status="delivered")
    make_message(thread, body="Found!", sid="", state=State.NOT_SENT, rule=Rule.LANDLINE)
    make_message(thread, body="<b>Lost</b>", status="undelivered", error_code="30003")

    told = panel(desk, thread)

    for words in ("Where is my parcel?", "image/png", "arrived", "That is a landline", "off or out of reach"):
        assert words in told
    assert "&lt;b&gt;Lost" in told


def test_an_answer_is_sent_and_nobody_waits_any_more(desk, ann):
    thread = waiting()
    answer = press(desk, "send-text", thread, body="It comes today.")

    sent = Message.objects.get(why=Why.AGENT)
    thread.refresh_from_db()
    assert (answer.status_code, sent.body, sent.by) == (200, "It comes today.", ann.user)
    assert (thread.waits_since, "It comes today." in answer.content.decode()) == (None, True)


def test_a_draft_is_kept_while_others_write_and_new_after_a_text_of_ones_own(desk):
    def draft():
        return re.search(r'<textarea id="([^"]+)"', panel(desk, thread)).group(1)

    thread = waiting()
    before = draft()
    make_message(thread, why=Why.KEYWORD)
    make_received(thread)
    assert draft() == before

    press(desk, "send-text", thread, body="It comes today.")
    assert draft() != before


def test_a_refusal_is_told_in_words(desk):
    thread = waiting()
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)

    assert "nothing is sent until they text START" in panel(desk, thread)
    answer = press(desk, "send-text", thread, body="Hello")
    assert (answer.status_code, "wants no texts" in answer["HX-Trigger"]) == (409, True)


@pytest.mark.parametrize("body", ["", "  ", "x" * 1601])
def test_what_cannot_be_a_text_is_refused(desk, body):
    assert press(desk, "send-text", waiting(), body=body).status_code == 409
    assert Message.objects.count() == 1


def test_a_thread_that_needs_no_answer_is_done_unless_something_new_has_come(desk):
    thread = waiting(last_at=AT)

    assert press(desk, "finish-texts", thread, seen=(AT - timedelta(seconds=1)).isoformat()).status_code == 409
    assert press(desk, "finish-texts", thread, seen="yesterday").status_code == 409
    assert press(desk, "finish-texts", thread, seen=AT.isoformat()).status_code == 200
    assert not Thread.objects.waiting().exists()


def test_what_an_answer_costs_is_told_while_it_is_typed(desk, settings):
    settings.TEXT_PRICE_PER_SEGMENT, settings.TEXT_CURRENCY = "0.0079", "USD"
    thread = waiting()
    address = reverse("desk-texts-measure")

    told = desk.get(address, {"thread": str(thread.pk), "body": "ж" * 71}).content.decode()

    for words in ("71 characters", "2 parts", "0.0158 USD", "because of ж"):
        assert words in told
    assert "Too long" in desk.get(address, {"body": "x" * 1601}).content.decode()
    assert "while you type" in desk.get(address).content.decode()


def press_new(desk, where="", **fields):
    return desk.post(reverse("desk-do", args=["send-new-text"]) + where, fields, headers={"HX-Target": "panel-texts"})


def talking(ann, *, number=THEIRS):
    """Give a conversation of the agent's with somebody who has called."""
    call = make_call(from_number=number)
    room = conference(customer=call)
    person(room, Role.OWNER, LegState.JOINED, agent=ann)
    customer(room)
    return room


@pytest.mark.parametrize("typed", ["+14155550123", "+1 (415) 555-0123", "415.555.0123", "011 1 415 555 0123"])
def test_a_number_is_texted_however_it_is_written_and_the_conversation_opens(desk, ann, settings, typed):
    settings.DEFAULT_COUNTRY = "US"
    make_sender(is_default=True)
    assert "Text a number" in panel(desk)

    answer = press_new(desk, number=typed, body="Your parcel is here.")

    sent = Message.objects.get()
    assert (answer.status_code, sent.thread.number, sent.by, sent.why) == (200, THEIRS, ann.user, Why.AGENT)
    told = answer.content.decode()
    assert "Your parcel is here." in told
    assert f"?thread={sent.thread_id}" in told
    assert "Text a number" not in told


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("tomorrow", "This is no telephone number."),
        (OURS, "one of our own numbers"),
        ("+1 415 555 0199", "That is a landline"),
        (THEIRS, "This person wants no texts."),
        ("+1 415 555 0188", "We have no number to text from."),
    ],
)
def test_why_a_number_is_not_texted_is_said_in_words(desk, number, why):
    if "0188" not in number:
        make_sender(is_default=True)
    note_line("+14155550199", "landline", at=AT)
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)

    answer = press_new(desk, number=number, body="Hello")

    assert answer.status_code == 409
    assert why in answer["HX-Trigger"]
    assert not Message.objects.exclude(state=State.NOT_SENT).exists()


def test_it_goes_in_the_name_of_a_queue_of_ones_own(desk, ann):
    mine, other = make_queue("Mine"), make_queue("Other")
    Membership.objects.create(agent=ann, queue=mine)
    make_sender(is_default=True)
    make_sender("+15005550101", queue=mine)

    assert press_new(desk, number=THEIRS, body="Hello", queue=other.pk).status_code == 409
    assert press_new(desk, number=THEIRS, body="Hello", queue=mine.pk).status_code == 200

    thread = Thread.objects.get()
    assert (thread.queue, thread.sender.number) == (mine, "+15005550101")


def test_nobody_reads_a_conversation_of_another_team_by_texting_into_it(desk, ann):
    mine, theirs = make_queue("Mine"), make_queue("Theirs", team=team())
    Membership.objects.create(agent=ann, queue=mine)
    thread = waiting(queue=theirs, sender=make_sender(is_default=True))

    answer = press_new(desk, number=THEIRS, body="Hello", queue=mine.pk)

    thread.refresh_from_db()
    assert (answer.status_code, thread.queue) == (200, theirs)
    assert "Another team talks with this number" in answer["HX-Trigger"]
    assert "Where is my parcel?" not in answer.content.decode()


def test_the_customer_of_a_conversation_is_texted_without_typing_the_number(desk, ann):
    make_sender(is_default=True)
    room = talking(ann)
    talk = desk.get(reverse("desk-panel", args=["talk"])).content.decode()
    where = f"?conference={room.pk}"
    assert reverse("desk-panel", args=["texts"]) + where in talk
    told = desk.get(reverse("desk-panel", args=["texts"]) + where).content.decode()
    assert "555-0123" in told
    assert "No texts until now." in told

    answer = press_new(desk, where, conference=str(room.pk), body="The address is …")

    sent = Message.objects.get()
    assert (answer.status_code, sent.thread.number, sent.call) == (200, THEIRS, room.customer)
    assert "The address is" in desk.get(reverse("desk-panel", args=["texts"]) + where).content.decode()


def test_a_conversation_of_somebody_else_opens_and_texts_nobody(desk):
    make_sender(is_default=True)
    room = conference(customer=make_call(from_number=THEIRS))
    where = f"?conference={room.pk}"

    assert "555-0123" not in desk.get(reverse("desk-panel", args=["texts"]) + where).content.decode()
    assert press_new(desk, where, conference=str(room.pk), body="Hello").status_code == 409
    assert not Message.objects.exists()


def test_a_new_text_is_measured_for_the_country_of_the_number_that_is_typed(desk, ann):
    rated = make_thread(number="+4915112345678")
    make_message(rated, country="DE", price="0.09", currency="EUR", status="delivered", ended_at=AT)
    address, room = reverse("desk-texts-measure"), talking(ann, number="+4915112345679")

    assert "0.0900 EUR" in desk.get(address, {"number": "+49 1511 2345679", "body": "Hello"}).content.decode()
    assert "0.0900 EUR" in desk.get(address, {"conference": str(room.pk), "body": "Hello"}).content.decode()
    assert "EUR" not in desk.get(address, {"number": "+1 415 555 0123", "body": "Hello"}).content.decode()


def test_who_may_not_read_or_send_does_neither(desk, ann):
    thread = waiting()
    ann.user.groups.clear()
    User.objects.filter(pk=ann.user.pk).update(is_superuser=False)

    assert press(desk, "send-text", thread, body="Hello").status_code in (403, 409)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("many", [1, 15])
def test_the_panel_costs_so_many_statements_however_many_wait(desk, many, django_assert_max_num_queries):
    thread = waiting()
    for number in range(many):
        make_thread(thread.sender, f"+1415555{number:04}", waits_since=timezone.now(), unread=1)
        make_media(make_received(thread))

    with django_assert_max_num_queries(17):
        panel(desk, thread)
