"""Builders of orders."""

from datetime import UTC, datetime, timedelta
from typing import Any

from calls.observations import Observation
from ivr.models import Flow
from outbound import actions
from outbound.actions import Wish, walking
from outbound.models import Order
from outbound.states import Kind
from telephony.payloads import VoiceRequest

NUMBER = "+14155550123"
NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # in San Francisco


def make_order(**fields: Any) -> Order:
    at = fields.get("made_at", NOON)
    defaults = {
        "kind": Kind.CLICK,
        "number": NUMBER,
        "made_at": at,
        "not_before": at,
        "expires_at": at + timedelta(hours=1),
    }
    return Order.objects.create(**(defaults | fields))


def order(*, by: Any = None, at: datetime = NOON, **wish: Any) -> Order:
    """Order a call as somebody would."""
    return actions.order(Wish(**({"number": NUMBER} | wish)), by=by, at=at)


def rung(flow: Flow, **wish: Any) -> Order:
    """Let somebody be rung, and give the order with its call."""
    made = order(flow=flow, **wish)
    actions.begin(made.pk, at=NOON)
    assert walking.claim_ring(made.pk, 1, at=NOON) is not None
    news = Observation("CA" + "1" * 32, "ringing", direction="outbound-api", to_number=NUMBER)
    walking.note_rung(made.pk, 1, news, at=NOON)
    made.refresh_from_db()
    return made


def answered(made: Order) -> str:
    """Let whom an order has rung pick up, and give what they hear."""
    assert made.call is not None
    request = VoiceRequest(
        call_sid=made.call.sid,
        status="in-progress",
        direction="outbound-api",
        from_number=made.caller_id,
        to_number=NUMBER,
    )
    return walking.answer(made.pk, 1, request, at=NOON)
