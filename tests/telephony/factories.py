"""Builders of this app's rows."""

from datetime import UTC, datetime
from typing import Any

from telephony.models import Delivery, PhoneNumber
from tests.telephony.signing import sid

AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


def phone_number(number: str = "+14155550100", **columns: Any) -> PhoneNumber:
    return PhoneNumber.objects.create(**{"sid": sid("PN"), "number": number, "synchronized_at": AT} | columns)


def delivery(**columns: Any) -> Delivery:
    defaults = {"identity": sid(""), "path": "/voice/inbound", "state": "done", "status_code": 204, "received_at": AT}
    return Delivery.objects.create(**defaults | columns)
