"""Tests of asking Twilio what calls cost."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from dialing import tasks
from dialing.models import Attempt, Rate
from dialing.states import Purpose
from telephony import client
from tests.calls.factories import make_call
from tests.dialing.factories import attempt
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen

pytestmark = pytest.mark.django_db
RATED = {"sid": "CA1", "status": "completed", "price": "-0.0130", "price_unit": "USD"}


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canteen]:
    monkeypatch.setattr(client, "PAUSES", ())
    script = Canteen(Canned(200, RATED))
    with reached(script):
        yield script


def called() -> Attempt:
    ended = timezone.now() - timedelta(minutes=5)
    return attempt(at=ended, purpose=Purpose.CLICK, call=make_call(status="completed", ended_at=ended))


def test_what_a_call_has_cost_is_noted(twilio: Canteen) -> None:
    over = called()

    tasks.ask_prices()

    over.refresh_from_db()
    assert (over.price, over.currency) == (Decimal("0.0130"), "USD")


@pytest.mark.parametrize("answer", [Canned(200, RATED | {"price": None}), Canned(404, {}), Canned(503, {})])
def test_what_is_not_told_is_asked_for_later(twilio: Canteen, answer: Canned) -> None:
    twilio.answers = [answer]
    over = called()

    tasks.ask_prices()

    over.refresh_from_db()
    assert over.price is None
    assert over.price_asked_at is not None


def test_a_rate_that_twilio_does_not_tell_stays_unknown(twilio: Canteen) -> None:
    twilio.answers = [Canned(404, {})]
    Rate.objects.create(country="US", kind="other", sample="+14155550123")

    tasks.ask_prices()

    rate = Rate.objects.get()
    assert (rate.per_minute, rate.asked_at is not None) == (None, True)
