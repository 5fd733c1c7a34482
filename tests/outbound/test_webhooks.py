"""The addresses that Twilio asks, as requests. What every webhook has in common is tested for all of them at once."""

import pytest
from django.test import Client
from django.urls import reverse

from ivr.models import Flow, Prompt
from outbound.models import Order
from tests import signed
from tests.outbound.factories import rung
from tests.queues.factories import make_entry, make_queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]


def fields(made: Order, status: str = "in-progress") -> dict[str, str]:
    assert made.call is not None
    ends = {"From": made.caller_id, "To": made.number, "Direction": "outbound-api"}
    return {"CallSid": made.call.sid, "CallStatus": status} | ends


def test_somebody_who_picks_up_hears_the_flow(client: Client, flow: Flow) -> None:
    made = rung(flow)

    answer = signed.post(client, reverse("voice-order", args=[made.pk, 1]), fields(made))

    assert "Have a nice day." in answer.content.decode()
    made.refresh_from_db()
    assert made.state == "talking"


def test_news_of_the_call_is_taken_in(client: Client, flow: Flow) -> None:
    made = rung(flow)

    assert signed.post(client, reverse("order-status", args=[made.pk, 1]), fields(made, "busy")).status_code == 204

    made.refresh_from_db()
    assert (made.state, made.outcome) == ("unreached", "busy")


def test_a_machine_is_told_the_message_that_was_claimed(client: Client, flow: Flow) -> None:
    message = Prompt.objects.create(name="Message")
    message.wordings.create(language="de-DE", text="Wir haben angerufen.")
    message.wordings.create(language="en-US", text="We called.")
    made = rung(flow, message=message, language="en-US")
    address = reverse("voice-order-message", args=[made.pk, 1])

    before = signed.post(client, address, fields(made)).content.decode()
    Order.objects.update(message_at=made.made_at)
    after = signed.post(client, address, fields(made)).content.decode()

    assert "We called." not in before
    assert "We called." in after
    assert "Hangup" in after


def test_who_waits_and_is_served_a_second_time_is_not_sent_to_wait_by_the_first_answer(
    client: Client, flow: Flow
) -> None:
    """The second room ends as the first did, and its request may be the very same."""
    made = rung(flow)
    entry = make_entry(make_queue(), call=made.call)
    told = fields(made) | {"DialCallStatus": "answered"}

    waits = signed.post(client, reverse("voice-ordered", args=[made.pk]), told).content.decode()
    entry.delete()
    over = signed.post(client, reverse("voice-ordered", args=[made.pk]), told).content.decode()

    assert "<Enqueue" in waits
    assert "<Hangup/>" in over


def test_the_call_of_a_click_that_is_over_is_hung_up(client: Client, flow: Flow) -> None:
    made = rung(flow)

    answer = signed.post(client, reverse("voice-ordered", args=[made.pk]), fields(made))

    assert "Hangup" in answer.content.decode()
