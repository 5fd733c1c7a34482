"""Statuses climb, whatever their order and number."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from uuid import uuid4

import pytest

from calls.models import CallEvent
from contacts import optouts
from contacts.states import Channel, How
from messaging.actions import observe, observing
from messaging.actions.observing import News
from messaging.models import Message
from messaging.states import Rule, State, Status
from tests.calls.factories import AT, make_call
from tests.messaging.factories import THEIRS, make_message, make_received, make_thread

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=1)


def told(message: Message, *statuses: str, **fields) -> Message:
    for number, status in enumerate(statuses):
        observe(News(message.sid or "SMnew", status, message=message.pk, **fields), at=AT + timedelta(seconds=number))
    message.refresh_from_db()
    return message


def test_in_any_order_and_twice_the_row_is_the_same_in_the_end():
    thread, ends = make_thread(), set()
    for order in permutations(["queued", "sending", "sent", "delivered"]):
        message = told(make_message(thread, status=""), *order, *order)
        ends.add((message.status, message.state, message.ended_at is not None))

    assert ends == {("delivered", State.ASKED, True)}


def test_the_first_end_stays():
    message = told(make_message(), "undelivered", "delivered", error_code="30003")

    assert (message.status, message.error_code) == ("undelivered", "30003")


def test_news_may_come_before_our_own_answer():
    thread = make_thread()
    message = make_message(thread, sid="", status="", state=State.ASKING, leased_until=SOON)

    assert told(message, "sent").sid == "SMnew"
    assert (message.state, message.leased_until) == (State.ASKED, None)


@pytest.mark.parametrize("state", [State.UNCLEAR, State.WANTED])
def test_that_twilio_speaks_of_it_says_that_it_has_it(state):
    message = told(make_message(sid="", status="", state=state, not_before=SOON), "sent")

    assert (message.state, message.status, message.not_before) == (State.ASKED, "sent", None)


def test_also_of_what_was_given_up():
    message = told(make_message(sid="", status="", state=State.NOT_SENT, rule=Rule.LOST), "delivered")

    assert (message.state, message.rule, message.status) == (State.ASKED, "", "delivered")


def test_news_of_another_text_or_of_none_changes_nothing():
    message = make_message()

    assert observe(News("SMother", "delivered", message=message.pk), at=AT) is None
    assert observe(News("SMother", "delivered"), at=AT) is None
    assert observe(News(message.sid, "delivered", message=uuid4()), at=AT) is None
    message.refresh_from_db()
    assert message.status == "sent"


def test_a_text_is_found_by_its_sid_alone():
    message = make_message()

    assert observe(News(message.sid, "delivered"), at=AT) == message


def test_a_text_of_theirs_is_none_of_ours():
    message = make_received()

    assert observe(News(message.sid, "failed"), at=AT) is None


def test_a_stop_that_twilio_holds_gets_into_the_ledger():
    told(make_message(), "failed", error_code="21610")

    assert optouts.opted_out(THEIRS, Channel.TEXTS).how == How.TWILIO


def test_the_history_of_the_call_is_told_the_end_alone():
    message = told(make_message(call=make_call()), "queued", "sending", "sent", "delivered", "delivered")

    assert [event.data["what"] for event in CallEvent.objects.all()] == ["delivered"]
    assert message.status == "delivered"


def test_price_and_segments_are_kept():
    message = told(make_message(), "delivered", segments=2, price=Decimal("0.0158"), currency="USD")

    assert (message.segments, message.price, message.currency) == (2, Decimal("0.0158"), "USD")


def test_a_quiet_text_is_asked_about_once_in_a_while():
    message = make_message(heard_at=AT)
    later = AT + observing.QUIET

    assert observing.sweep_quiet(at=later - timedelta(seconds=1)) == []
    assert observing.sweep_quiet(at=later) == [message.pk]
    assert observing.sweep_quiet(at=later) == []
    assert observing.sweep_quiet(at=later + observing.QUIET) == [message.pk]


def test_a_price_is_asked_for_when_twilio_may_know_it():
    message = make_message(status="delivered", ended_at=AT)

    assert observing.sweep_quiet(at=AT) == []
    assert observing.sweep_quiet(at=AT + observing.RATED_AFTER + timedelta(seconds=1)) == [message.pk]


def test_a_text_that_twilio_knows_no_more_is_closed():
    message = make_message()
    observing.note_unknown(message.pk, at=AT)

    message.refresh_from_db()
    assert (message.status, message.ended_at) == (Status.FAILED, AT)
    assert observing.sweep_quiet(at=AT + timedelta(days=1)) == [message.pk]  # once more, for the price
