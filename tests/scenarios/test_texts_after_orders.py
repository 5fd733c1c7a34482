"""Texts in place of calls that we have placed by order: to whom nobody came through, once for a person."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from contacts import actions as contacts
from contacts.states import Channel, How
from messaging.models import Message
from messaging.states import Rule, State, Why
from outbound.models import Order
from tests.messaging.factories import make_rule, make_sender
from tests.scenarios.desk import CALLER, COMPANY, Desk
from tests.scenarios.test_outbound import Office, stands

SORRY = "We have tried to reach you about your parcel."


@pytest.fixture
def office(desk: Desk) -> Office:
    office = Office(desk)
    make_sender(COMPANY, is_default=True)
    make_rule(body=SORRY, every_hours=24, opens="00:00", closes="00:00")
    return office


def by_ann(office: Office) -> Order:
    order = office.clicks()
    office.ann.rings().answers().is_hung_up_on(within=90)
    office.desk.minutes(2)
    return order


def by_itself(office: Office) -> Order:
    order = office.orders()
    office.desk.minutes(2)
    return order


def fallbacks() -> list[tuple[str, str]]:
    return list(Message.objects.filter(why=Why.FALLBACK).order_by("at").values_list("state", "rule"))


@pytest.mark.parametrize("ordered", [by_ann, by_itself])
@pytest.mark.parametrize(("habit", "outcome"), [("busy", "busy"), ("ignores", "no-answer")])
def test_who_is_not_reached_by_an_order_is_texted_once(
    office: Office, ordered: Callable[[Office], Order], habit: str, outcome: str
) -> None:
    office.desk.phone(CALLER, habit)

    order = ordered(office)

    assert stands(order)[1] == outcome
    assert office.desk.twilio.inbox(CALLER) == [SORRY]
    text = Message.objects.get(why=Why.FALLBACK)
    assert (text.call, text.thread.queue, text.status) == (order.call, office.company.queue, "delivered")
    office.desk.minutes(60)
    again = ordered(office)
    assert stands(again)[1] == outcome
    assert office.desk.twilio.inbox(CALLER) == [SORRY]
    assert fallbacks() == [(State.ASKED, ""), (State.NOT_SENT, Rule.ALREADY)]
    office.settles()


def test_who_has_answered_gets_no_text(office: Office) -> None:
    office.clicks()
    office.ann.rings().answers()
    person = office.rings().answers()
    office.desk.wait(3)
    person.hangs_up()
    office.desk.minutes(2)

    assert (fallbacks(), office.desk.twilio.inbox(CALLER)) == ([], [])
    office.settles()


def test_who_wants_no_texts_gets_none_in_place_of_a_call_either(office: Office) -> None:
    office.desk.phone(CALLER, "busy")
    contacts.opt_out(CALLER, Channel.TEXTS, how=How.SAID, at=timezone.now())

    by_itself(office)

    assert fallbacks() == [(State.NOT_SENT, Rule.OPTED_OUT)]
    assert office.desk.twilio.inbox(CALLER) == []
    office.settles()
