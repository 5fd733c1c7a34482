"""Builders of orders."""

from datetime import UTC, datetime, timedelta
from typing import Any

from outbound.models import Order
from outbound.states import Kind

NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # in San Francisco


def make_order(**fields: Any) -> Order:
    at = fields.get("made_at", NOON)
    defaults = {
        "kind": Kind.CLICK,
        "number": "+14155550123",
        "made_at": at,
        "not_before": at,
        "expires_at": at + timedelta(hours=1),
    }
    return Order.objects.create(**(defaults | fields))
