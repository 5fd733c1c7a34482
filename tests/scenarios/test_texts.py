"""Texts as people write and get them, through both sides: their phones, Twilio, our pages and tasks."""

import pytest
from django.utils import timezone

import messaging.tasks
from contacts import optouts
from contacts.states import Channel
from messaging.actions import NotSent, send
from messaging.models import Message, Sender
from messaging.states import Purpose, Rule, State, Why
from messaging.words import WORDS
from telephony import callbacks
from tests.scenarios.desk import CALLER, COMPANY, Desk, committing

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
STOPS = sorted({word for words in WORDS.values() for word in words.get(Purpose.STOP, ())})


@pytest.fixture
def texting(desk: Desk) -> Desk:
    """The company takes texts, and somebody has a phone."""
    desk.twilio.add_number(
        COMPANY,
        sms_url=callbacks.document("messaging-inbound"),
        sms_fallback_url=callbacks.document("messaging-fallback"),
    )
    desk.phone(CALLER)
    Sender.objects.create(number=COMPANY, is_default=True)
    return desk


def write(desk: Desk, body: str = "We open at nine.") -> Message:
    with committing():
        message = send(to=CALLER, body=body, why=Why.AGENT, at=timezone.now())
    desk.wait(5)
    return message


def test_a_text_with_a_picture_is_kept_and_answered(texting: Desk) -> None:
    texting.twilio.text(CALLER, COMPANY, "When do you open?", [("image/png", PICTURE)])
    texting.wait(5)
    (received,) = Message.objects.all()
    assert (received.body, received.state) == ("When do you open?", State.RECEIVED)
    assert [medium.state for medium in received.media.all()] == ["stored"]

    answer = write(texting)

    answer.refresh_from_db()
    assert (answer.status, answer.thread_id) == ("delivered", received.thread_id)
    assert texting.twilio.inbox(CALLER) == ["We open at nine."]


def test_a_text_whose_answer_is_lost_arrives_once_and_is_found(texting: Desk) -> None:
    texting.faults.force("lost", path="/Messages", method="POST")
    message = write(texting)

    for _ in range(6):
        texting.wait(60)
        with committing():
            messaging.tasks.sweep()

    message.refresh_from_db()
    assert texting.twilio.inbox(CALLER) == ["We open at nine."]
    assert (message.status, message.sid) == ("delivered", texting.twilio.messages[0].sid)


def test_news_that_come_twice_late_and_in_any_order_end_where_the_text_has_ended(texting: Desk) -> None:
    for fault in ("reorder", "duplicate", "delay"):
        texting.faults.force(fault, path="/messaging/status")
    message = write(texting)
    texting.wait(30)

    message.refresh_from_db()
    assert message.status == "delivered"


def test_a_landline_gets_no_text_and_the_reason_is_told(texting: Desk) -> None:
    texting.twilio.add_phone(CALLER, texts="landline")
    message = write(texting)

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("undelivered", "30006")


def test_every_word_for_stop_ends_texts_and_start_lets_them_come_again(texting: Desk) -> None:
    for word in STOPS:
        texting.twilio.text(CALLER, COMPANY, word.lower())
        texting.wait(5)
        assert optouts.opted_out(CALLER, Channel.TEXTS) is not None, word
        with pytest.raises(NotSent) as refusal:
            write(texting)
        assert refusal.value.rule == Rule.OPTED_OUT

        texting.twilio.text(CALLER, COMPANY, "Start")
        texting.wait(5)
        assert optouts.opted_out(CALLER, Channel.TEXTS) is None, word

    write(texting, "Back again")
    assert texting.twilio.inbox(CALLER)[-1] == "Back again"
