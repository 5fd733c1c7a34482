"""A text of theirs: kept once, its word honored, answered at most once."""

from datetime import timedelta
from typing import Any

import pytest

from contacts import optouts
from contacts.actions import opt_out
from contacts.models import OptOut
from contacts.states import Channel, How
from messaging.actions import catch_up, receive
from messaging.models import Message, Sender, Thread
from messaging.signals import message_received
from messaging.states import Direction, Purpose, Rule, State
from messaging.words import WORDS
from telephony.messaging_twiml import Message as Answer
from telephony.payloads import IncomingMedia, IncomingMessage
from telephony.twiml import Redirect
from tests.calls.factories import AT, new_sid
from tests.messaging.factories import OURS, THEIRS, make_keyword, make_sender, make_thread
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def text(body: str = "Where is my parcel?", **fields: Any) -> IncomingMessage:
    defaults = {"sid": new_sid("SM"), "from_number": THEIRS, "to_number": OURS, "num_segments": 1}
    return IncomingMessage(**(defaults | {"body": body} | fields))


def wants_none() -> bool:
    return optouts.opted_out(THEIRS, Channel.TEXTS) is not None


def test_a_text_waits_in_its_thread_for_an_answer():
    assert receive(text(), at=AT) == ()
    receive(text("Hello?"), at=AT + timedelta(minutes=5))

    thread = Thread.objects.get()
    assert (thread.sender.number, thread.number, thread.unread, thread.waits_since) == (OURS, THEIRS, 2, AT)
    assert [(one.direction, one.state, one.body) for one in thread.messages.order_by("at")] == [
        (Direction.IN, State.RECEIVED, "Where is my parcel?"),
        (Direction.IN, State.RECEIVED, "Hello?"),
    ]


def test_it_is_for_the_queue_of_the_number():
    queue = make_queue("Sales")
    make_sender(queue=queue)
    receive(text(), at=AT)

    assert Thread.objects.get().queue == queue


def test_a_number_of_ours_is_known_by_its_first_text():
    receive(text(), at=AT)

    assert Sender.objects.get().number == OURS


def test_the_same_text_again_changes_nothing():
    news = text(media=(IncomingMedia("https://api.twilio.com/x/Media/ME" + "1" * 32, "image/png"),))
    receive(news, at=AT)
    receive(news, at=AT)

    assert (Message.objects.count(), Thread.objects.get().unread) == (1, 1)
    assert [one.sid for one in Message.objects.get().media.all()] == ["ME" + "1" * 32]


@pytest.mark.parametrize("news", [text(sid=""), text(sid="S" * 65), text(to_number=""), text(from_number="")])
def test_what_could_not_be_to_us_is_left_alone(news):
    assert receive(news, at=AT) == ()
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "word", sorted(word for purposes in WORDS.values() for word in purposes.get(Purpose.STOP, frozenset()))
)
def test_each_word_for_stop_is_honored_and_seen(word):
    receive(text(word.capitalize()), at=AT)

    message, entry = Message.objects.get(), OptOut.objects.get()
    assert (message.purpose, message.thread.waits_since) == (Purpose.STOP, None)
    assert (entry.number, entry.channel, entry.how, entry.note) == (THEIRS, Channel.TEXTS, How.TEXT, word)


@pytest.mark.parametrize("body", ["停止", "إيقاف", "ВЫКЛ"])
def test_what_advanced_opt_out_takes_for_stop_is_stop(body):
    make_keyword("", "Bye.", purpose=Purpose.STOP)
    answer = receive(text(body, opt_out_type="STOP"), at=AT)

    assert wants_none()
    assert answer == ()  # Twilio has answered


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
def test_who_wants_texts_again_gets_them(word):
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)
    receive(text(word), at=AT + timedelta(days=1))

    assert not wants_none()
    assert Message.objects.get().purpose == Purpose.START


def test_yes_is_an_answer_of_who_never_said_stop():
    receive(text("Yes"), at=AT)

    message = Message.objects.get()
    assert (message.purpose, message.thread.waits_since) == ("", AT)


def test_stop_of_texts_does_not_touch_calls():
    receive(text("STOP"), at=AT)

    assert optouts.opted_out(THEIRS, Channel.CALLS) is None


def test_a_short_code_that_texts_stop_has_no_ledger():
    receive(text("STOP", from_number="22395"), at=AT)

    assert OptOut.objects.count() == 0
    assert Message.objects.get().purpose == Purpose.STOP


@pytest.mark.parametrize("word", ["STOP", "HELP", "INFO"])
def test_twilios_own_words_are_answered_by_twilio_alone(word):
    for purpose in (Purpose.STOP, Purpose.HELP):
        make_keyword("", "Ours.", purpose=purpose)

    assert receive(text(word), at=AT) == ()


@pytest.mark.parametrize(("word", "reply"), [("STOP", "Bye."), ("HELP", "Call us."), ("INFO", "Call us.")])
def test_on_a_short_code_we_answer_them(word, reply):
    make_sender(twilio_answers=False)
    make_keyword("", "Bye.", purpose=Purpose.STOP)
    make_keyword("", "Call us.", purpose=Purpose.HELP)

    (answer,) = receive(text(word), at=AT)

    assert answer.body == reply


def test_words_that_twilio_does_not_answer_are_answered_in_their_language():
    make_keyword("", "Bye.", purpose=Purpose.STOP)
    make_keyword("", "Adiós.", purpose=Purpose.STOP, language="es")

    (answer,) = receive(text("Alto"), at=AT)

    assert answer.body == "Adiós."
    assert wants_none()


def test_a_word_of_the_house_is_answered_with_a_row_that_hears_of_it():
    make_keyword("HOURS", "We are here from 9 to 5.", media_url="https://example.com/map.png")
    (answer,) = receive(text("hours?"), at=AT)

    asked, told = Message.objects.order_by("direction")
    assert isinstance(answer, Answer)
    assert (answer.body, answer.media) == ("We are here from 9 to 5.", ("https://example.com/map.png",))
    assert str(told.pk) in (answer.status_callback or "")
    assert (told.state, told.answers, told.thread.waits_since) == (State.ANSWERED, asked, None)


def test_the_answer_is_given_again_only_as_long_as_twilio_may_not_have_it():
    make_keyword()
    news = text("HOURS")
    first = receive(news, at=AT)

    assert receive(news, at=AT) == first
    Message.objects.filter(direction=Direction.OUT).update(sid="SM1")
    assert receive(news, at=AT) == ()


def test_the_language_of_the_thread_chooses_the_answer():
    make_keyword("INFOS", "Hello.")
    make_keyword("INFOS", "Guten Tag.", language="de")
    make_thread(language="de-AT")

    assert receive(text("infos"), at=AT)[0].body == "Guten Tag."


def test_an_inactive_word_is_no_word():
    make_keyword(is_active=False)

    assert receive(text("HOURS"), at=AT) == ()
    assert Thread.objects.get().unread == 1


def test_who_has_opted_out_gets_no_answer_and_a_row_says_why():
    make_keyword()
    opt_out(THEIRS, Channel.TEXTS, how=How.SAID, at=AT)

    assert receive(text("HOURS"), at=AT) == ()
    assert Message.objects.get(direction=Direction.OUT).rule == Rule.OPTED_OUT


def test_another_system_may_answer():
    make_keyword("POINTS", "", redirect_url="https://points.example.com/twiml")

    assert receive(text("points"), at=AT) == (Redirect("https://points.example.com/twiml"),)


def test_a_word_of_the_house_for_stop_is_one():
    make_keyword("PARAR", "Até logo.", purpose=Purpose.STOP, language="pt")
    (answer,) = receive(text("parar"), at=AT)

    assert (answer.body, wants_none()) == ("Até logo.", True)


def test_what_no_webhook_told_of_is_honored_and_waits_for_somebody():
    make_keyword()
    catch_up(text("HOURS"), at=AT)
    catch_up(text("STOP"), at=AT)

    assert wants_none()
    assert (Thread.objects.get().unread, Message.objects.filter(direction=Direction.OUT).count()) == (1, 0)


def test_the_packages_above_are_told():
    told = []

    def note(message, **_):
        told.append(message.body)

    message_received.connect(note)
    receive(text("Hi"), at=AT)
    message_received.disconnect(note)

    assert told == ["Hi"]
