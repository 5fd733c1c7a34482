"""What the tables of texts refuse, and what their rows say of themselves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from messaging.models import Message, Sender, Thread
from messaging.states import Direction, MediaState, Rule, State, Why
from tests.calls.factories import AT, make_call
from tests.messaging.factories import (
    make_keyword,
    make_media,
    make_message,
    make_received,
    make_rule,
    make_sender,
    make_thread,
)

pytestmark = pytest.mark.django_db


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return True


def test_two_numbers_have_one_thread():
    thread = make_thread()

    assert refused(lambda: make_thread(thread.sender))


def test_a_sid_is_one_text():
    first = make_message()

    assert refused(lambda: make_message(first.thread, sid=first.sid))
    assert make_message(first.thread, sid="").pk != make_message(first.thread, sid="").pk


def test_one_number_is_the_standard():
    make_sender(is_default=True)

    assert refused(lambda: make_sender("+15005550101", is_default=True))


def test_a_call_leads_to_one_text_in_its_place():
    call, thread = make_call(), make_thread()
    make_message(thread, call=call, why=Why.FALLBACK)

    assert refused(lambda: make_message(thread, call=call, why=Why.FALLBACK))
    assert make_message(thread, call=call, why=Why.FLOW).call == call


def test_what_is_theirs_is_received_and_what_is_not_sent_has_a_reason():
    thread = make_thread()

    assert refused(lambda: make_message(thread, direction=Direction.IN))
    assert refused(lambda: make_message(thread, state=State.RECEIVED))
    assert refused(lambda: make_message(thread, state=State.NOT_SENT))
    assert make_message(thread, state=State.NOT_SENT, rule=Rule.LANDLINE).is_over


def test_a_word_is_answered_once_in_a_language():
    make_keyword()

    assert refused(make_keyword)
    assert refused(lambda: make_keyword(word=""))
    assert make_keyword(language="de").language == "de"


def test_one_active_rule_for_a_scope():
    make_rule()

    assert refused(lambda: make_rule("Another"))
    assert make_rule("Asleep", is_active=False).name == "Asleep"


def test_what_is_due_is_found():
    thread, soon = make_thread(), AT + timedelta(minutes=5)
    due = make_message(thread, sid="", state=State.WANTED, status="")
    make_message(thread, sid="", state=State.WANTED, status="", not_before=soon)
    left = make_message(thread, sid="", state=State.ASKING, status="", leased_until=AT)
    make_message(thread, sid="", state=State.ASKING, status="", leased_until=soon)
    lost = make_message(thread, sid="", state=State.UNCLEAR, status="", not_before=AT)

    assert list(Message.objects.due(at=AT)) == [due]
    assert list(Message.objects.abandoned(at=AT)) == [left]
    assert list(Message.objects.lost(at=AT)) == [lost]


def test_what_is_quiet_or_has_no_price_is_found():
    thread = make_thread()
    quiet = make_message(thread, heard_at=AT)
    make_message(thread, heard_at=AT, asked_about_at=AT + timedelta(minutes=9))
    make_received(thread)
    ended = make_message(thread, status="delivered", ended_at=AT)
    make_message(thread, status="delivered", ended_at=AT, price="-0.0079")
    hour = timedelta(hours=1)

    assert list(Message.objects.quiet(since=AT + timedelta(minutes=5))) == [quiet]
    assert list(Message.objects.unpriced(since=AT - hour, until=AT + hour)) == [ended]


def test_media_waits_until_it_was_fetched():
    message = make_received()
    due = make_media(message)
    make_media(message, failure="broke off", retry_at=AT + timedelta(minutes=1))
    make_media(message, failure="after the last try")
    make_media(message, leased_until=AT + timedelta(minutes=1))
    stored = make_media(message, state=MediaState.STORED)

    assert list(message.media.due(at=AT)) == [due]
    assert stored.is_here
    assert not due.is_here


def test_threads_of_no_queue_are_everybodys():
    thread = make_thread(waits_since=AT)

    assert list(Thread.objects.waiting()) == [thread]
    assert str(thread.sender) == Sender.objects.get().number
