"""Whole exchanges of texts, through the simulator: STOP, lost answers, news in any order, texts in place of calls."""

from typing import Any

import pytest
from django.utils import timezone

import messaging.tasks
from contacts import optouts
from contacts.states import Channel
from messaging import files
from messaging.actions import NotSent, observing, send, sending
from messaging.models import Media, Message
from messaging.states import MediaState, Rule, State, Why
from recordings.models import Mailbox
from simulator.texting.services import Keywords, Service
from telephony import client, texts
from tests.messaging.factories import make_keyword, make_rule, make_sender
from tests.scenarios import flows, test_callbacks_once
from tests.scenarios.desk import COMPANY, Desk, committing
from tests.scenarios.test_callbacks_once import killing

ADA = "+14155550161"
SERVICE = "MG" + "1" * 32
PICTURE = b"\x89PNG" + bytes(range(256)) * 200


@pytest.fixture(autouse=True)
def _sender(db):
    make_sender(COMPANY, is_default=True)


def writes(desk: Desk, body: str, media: Any = ()) -> None:
    desk.twilio.text(ADA, COMPANY, body, media)
    desk.wait(10)


def texted(desk: Desk, body: str = "Your parcel is here.", to: str = ADA, **fields: Any) -> Message:
    desk.phone(to)
    with desk.commits():
        message = send(to=to, body=body, at=timezone.now(), **({"why": Why.AGENT} | fields))
    desk.wait(30)
    message.refresh_from_db()
    return message


def test_a_text_goes_arrives_and_is_answered(desk: Desk) -> None:
    message = texted(desk)
    writes(desk, "Thank you!")

    assert desk.twilio.inbox(ADA) == ["Your parcel is here."]
    assert (message.state, message.status) == (State.ASKED, "delivered")
    message.thread.refresh_from_db()
    assert (message.thread.unread, message.thread.messages.count()) == (1, 2)


def test_stop_ends_all_texts_and_start_lets_them_come_again(desk: Desk) -> None:
    writes(desk, "Stop")
    with pytest.raises(NotSent) as told:
        texted(desk)
    assert told.value.rule is Rule.OPTED_OUT
    asked = [one for one in desk.twilio.messages if one.body == "Your parcel is here."]
    assert asked == []

    writes(desk, "START")
    assert texted(desk).status == "delivered"


@pytest.mark.parametrize("word", ["STOP", "ARRET", "PARAR", "ВЫКЛ", "停止"])
def test_a_service_with_advanced_opt_out_says_stop_in_its_own_words(desk: Desk, word: str) -> None:
    words = frozenset({"STOP", "ARRET", "PARAR", "ВЫКЛ", "停止"})
    service = Service(SERVICE, "Desk", (COMPANY,), advanced_opt_out=True, keywords=Keywords(stop=words))
    desk.twilio.add_service(service)
    make_keyword("", "Ours.", purpose="stop")
    writes(desk, word)

    assert optouts.opted_out(ADA, Channel.TEXTS) is not None
    assert "Ours." not in desk.twilio.inbox(ADA)


def test_a_stop_that_only_twilio_heard_of_is_learned(desk: Desk) -> None:
    desk.lost = lambda request: "/messaging/inbound" in request.url or "/messaging/fallback" in request.url
    desk.expected |= {11200, 11205, 11206, 11210}
    writes(desk, "STOP")
    assert optouts.opted_out(ADA, Channel.TEXTS) is None

    message = texted(desk)

    assert (message.state, message.rule, message.error_code) == (State.NOT_SENT, Rule.OPTED_OUT, "21610")
    assert optouts.opted_out(ADA, Channel.TEXTS) is not None


def test_a_text_whose_webhook_was_lost_is_caught_up_with(desk: Desk) -> None:
    desk.lost = lambda request: "/messaging/" in request.url
    desk.expected |= {11200, 11205, 11206, 11210}
    writes(desk, "Hello?")
    desk.lost = lambda _request: False
    desk.wait(600)
    with committing():
        messaging.tasks.catch_up()

    assert Message.objects.get().body == "Hello?"


def test_a_word_is_answered_and_its_answer_is_followed(desk: Desk) -> None:
    make_keyword("HOURS", "9 to 5.")
    writes(desk, "hours")
    desk.wait(30)

    assert desk.twilio.inbox(ADA) == ["9 to 5."]
    answer = Message.objects.get(why=Why.KEYWORD)
    assert (answer.state, answer.status, bool(answer.sid)) == (State.ANSWERED, "delivered", True)


def test_news_that_comes_twice_and_in_any_order_changes_nothing(desk: Desk) -> None:
    desk.faults.duplicate = desk.faults.reorder = desk.faults.delay = 0.5
    sent = [texted(desk, to=f"+1415555{number:04}") for number in range(6)]
    desk.wait(300)

    for message in sent:
        message.refresh_from_db()
    assert {message.status for message in sent} == {"delivered"}


@pytest.mark.parametrize(("fault", "arrives"), [("lost", 1), ("timeout", 0), ("500", 0), ("429", 1)])
def test_a_lost_answer_never_sends_twice(desk: Desk, fault: Any, arrives: int) -> None:
    desk.faults.force(fault, path="/Messages.json", method="POST", times=9 if fault in ("timeout", "500") else 1)
    message = texted(desk)
    for _minutes in range(8):
        desk.minutes(5)

    message.refresh_from_db()
    assert len(desk.twilio.inbox(ADA)) == arrives
    assert (message.status == "delivered", message.state == State.NOT_SENT) == (arrives == 1, arrives == 0)


def test_a_worker_that_dies_at_any_line_texts_nobody_twice(desk: Desk, monkeypatch) -> None:
    """And nobody hears nothing about it: the text has come, or its row says that Twilio never had it."""
    work = (messaging.tasks.send.run, sending.claim, texts.create_message, client.ask, sending.note_asked)
    monkeypatch.setattr(test_callbacks_once, "WORK", work)

    def life(step: int) -> tuple[list[int], tuple[int, str, str]]:
        number = f"+1415557{step:04}"
        desk.phone(number)
        with desk.workers_dead(), desk.commits():
            message = send(to=number, body="Hello", why=Why.AGENT, at=timezone.now())
        with killing(desk, step) as killer, committing():
            messaging.tasks.send(str(message.pk))
        desk.minutes(16)
        message.refresh_from_db()
        return killer.before, (len(desk.twilio.inbox(number)), message.state, message.rule)

    steps, end = life(0)  # nobody is killed
    assert end == (1, State.ASKED, "")
    moments = [step for step, left in enumerate(steps, 1) if step == 1 or left != steps[step - 2]]
    ends = {life(step)[1] for step in moments}

    assert len(moments) > 3
    assert ends <= {(1, State.ASKED, ""), (0, State.NOT_SENT, Rule.LOST)}


def test_a_picture_is_fetched_by_another_worker_where_one_was_killed(desk: Desk) -> None:
    with desk.workers_dead():
        writes(desk, "Look", [("image/png", PICTURE)])
    assert Media.objects.get().state == MediaState.ANNOUNCED

    desk.minutes(2)

    media = Media.objects.get()
    assert (media.state, files.read(media)) == (MediaState.STORED, PICTURE)


def leaves_no_message(desk: Desk) -> None:
    phone = desk.dial(caller=ADA)
    desk.wait(5)
    phone.hangs_up()
    desk.wait(30)
    desk.minutes(3)


def test_who_leaves_no_message_gets_one_text_in_a_period(desk: Desk) -> None:
    mailbox = Mailbox.objects.create(name="Front desk")
    steps = {
        "Box": flows.voicemail("Please leave a message.", mailbox, recorded="Bye", empty="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=timezone.now()))
    make_rule(body="Sorry that we missed you.", every_hours=24, opens="00:00", closes="00:00")
    desk.phone(ADA)

    leaves_no_message(desk)
    leaves_no_message(desk)
    assert desk.twilio.inbox(ADA) == ["Sorry that we missed you."]
    states = Message.objects.filter(why=Why.FALLBACK).order_by("at").values_list("state", "rule")
    assert list(states) == [(State.ASKED, ""), (State.NOT_SENT, Rule.ALREADY)]

    desk.wait(24 * 3600)
    leaves_no_message(desk)
    assert len(desk.twilio.inbox(ADA)) == 2


def test_a_price_is_learned_afterwards(desk: Desk) -> None:
    message = texted(desk)
    desk.wait(observing.RATED_AFTER.total_seconds())
    desk.minutes(2)

    message.refresh_from_db()
    assert message.price is not None
    assert message.currency == "USD"
