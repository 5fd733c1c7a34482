"""Tests of calling a number from the desk."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from agents.states import Activity
from dashboard.desk.calling import answered_by
from dialing.models import Attempt
from outbound.models import Order
from tests.agents import factories as people
from tests.calls.factories import make_call
from tests.conferences.factories import conference
from tests.dashboard.desk.factories import panel, press, said
from tests.outbound.factories import make_order
from tests.queues.factories import make_queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]
NUMBER = "+14155550123"


@pytest.fixture
def ann(client, settings):
    settings.TWILIO_CALLER_ID = "+15005550100"
    agent = people.ready_agent("Ann", at=timezone.now(), account=people.user("Agent"))
    client.force_login(agent.user)
    return agent


def test_the_number_is_rung_after_the_agents_own_phone_and_the_queues_number_is_shown(client, ann):
    queue = make_queue("Sales", members=[ann], caller_id="+15005550111")
    page = panel(client, "talk")
    assert "Call a number" in page
    assert "Sales" in page

    answer = press(client, "call", on="panel-talk", number="(415) 555-0123", queue=queue.pk)

    assert said(answer)["text"] == "Your phone rings. When you have picked up, the number is rung."
    made = Order.objects.get()
    assert (made.number, made.agent, made.queue, made.caller_id) == (NUMBER, ann, queue, "+15005550111")
    shown = answer.content.decode()
    assert "You call: pick up, and the number is rung" in shown
    assert "Sales" in shown


@pytest.mark.parametrize(
    ("number", "words", "rule"),
    [
        ("+4930123456", "Calls to DE are not allowed here.", "country"),
        ("911", "That is an emergency number: dial it on a telephone of your own.", "emergency"),
        ("nobody", "That is no telephone number that we could call.", "no-number"),
    ],
)
def test_a_refusal_is_told_in_words_and_written_down(client, ann, number, words, rule):
    answer = press(client, "call", number=number)

    assert (answer.status_code, said(answer)["text"]) == (409, words)
    assert Attempt.objects.get().rule == rule
    assert not Order.objects.exists()


def test_who_talks_or_has_no_phone_or_may_not_calls_nobody(client, ann):
    people.Agent.objects.update(phone_registered=False)
    assert said(press(client, "call", number=NUMBER))["text"] == "You have no phone that can ring now: see My phone."
    people.Agent.objects.update(phone_registered=True, activity=Activity.TALKING)
    assert said(press(client, "call", number=NUMBER))["text"] == "You are on a call, or are being rung."
    other = make_queue("Repairs")
    assert said(press(client, "call", number=NUMBER, queue=other.pk))["text"] == "That queue is not yours any more."
    ann.user.groups.clear()

    assert press(client, "call", number=NUMBER).status_code in (403, 409)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "unreached", "outcome": "busy"}, "The line was busy: +1 415-555-0123."),
        ({"state": "unreached", "outcome": "canceled"}, "Nobody was reached: +1 415-555-0123."),
        (
            {"state": "refused", "refused_by": "do-not-call"},
            "+1 415-555-0123 was not called. This person does not want to be called.",
        ),
    ],
)
def test_what_came_of_the_last_call_is_told_for_a_moment(client, ann, fields, words):
    ann.user.user_permissions.add(Permission.objects.get(codename="view_numbers"))
    order = make_order(agent=ann, ended_at=timezone.now(), **fields)
    assert words in panel(client, "talk")

    Order.objects.filter(pk=order.pk).update(ended_at=timezone.now() - timedelta(minutes=3))

    assert words not in panel(client, "talk")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("", ""),
        ("human", ""),
        ("unknown", ""),
        ("machine_start", "An answering machine has answered. You decide what to do."),
        ("fax", "A fax machine has answered."),
    ],
)
def test_an_agent_is_told_what_has_answered(found, words):
    assert answered_by(conference(customer=make_call(answered_by=found))) == words
    assert answered_by(conference(customer=None)) == ""
