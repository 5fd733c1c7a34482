"""What Twilio knows of a number, asked for at an address of its own product."""

from decimal import Decimal

import pytest

from simulator.simulator import Simulator, VirtualClock
from telephony import client, lookups, prices
from telephony.client import Refused
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen

pytestmark = pytest.mark.django_db

ANN = "+14155550111"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"type": "landline", "carrier_name": "Pacific Bell", "error_code": None}, "landline"),
        ({"type": "nonFixedVoip"}, "nonFixedVoip"),
        ({"type": None, "error_code": 60600}, ""),
        (None, ""),
    ],
)
def test_a_line_has_the_type_that_twilio_names(known, expected):
    api = Canteen(Canned(200, {"phone_number": ANN, "valid": True, "line_type_intelligence": known}))
    with reached(api):
        found = lookups.line_type(ANN)

    assert found == expected
    assert api.asked == [("GET", f"/v2/PhoneNumbers/{ANN}", {"Fields": "line_type_intelligence"}, [])]


def test_a_number_that_cannot_be_is_refused(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01,))
    missing = Canned(404, {"code": 20404, "message": "The requested resource was not found", "status": 404})

    with reached(Canteen(missing)), pytest.raises(Refused) as refusal:
        lookups.line_type("+1999")
    assert refusal.value.status == client.GONE


def test_the_simulator_knows_landlines(settings):
    twilio = Simulator(
        account_sid=settings.TWILIO_ACCOUNT_SID, auth_token=settings.TWILIO_AUTH_TOKEN, transport=None,
        clock=VirtualClock(), voice=None,
    )  # fmt: skip
    twilio.add_phone(ANN, texts="landline")

    with reached(twilio):
        assert lookups.line_type(ANN) == lookups.LANDLINE
        assert lookups.line_type("+14155550122") == "mobile"
        assert prices.voice(ANN) == prices.Price(Decimal("0.0140"), "USD")
