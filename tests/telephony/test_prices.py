"""Prices, asked for at an address of their own product."""

from decimal import Decimal

import pytest

from telephony import prices
from telephony.prices import NoPrice, Price
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen

pytestmark = pytest.mark.django_db

BERLIN = "+493055550111"


def voice_answer(*outbound, unit="USD"):
    return Canned(200, {"destination_number": BERLIN, "outbound_call_prices": list(outbound), "price_unit": unit})


def outbound(price, *prefixes):
    return {"base_price": price, "current_price": price, "origination_prefixes": list(prefixes)}


def test_a_price_that_does_not_depend_on_the_caller_is_taken():
    api = Canteen(voice_answer(outbound("0.0151", "ALL"), unit="usd"))
    with reached(api):
        found = prices.voice(BERLIN)

    assert found == Price(Decimal("0.0151"), "USD")
    assert api.asked == [("GET", f"/v2/Voice/Numbers/{BERLIN}", {}, [])]


def test_without_a_caller_the_dearest_price_is_taken():
    api = Canteen(voice_answer(outbound("0.0151", "49", "33"), outbound("0.2000", "ALL")))
    with reached(api):
        assert prices.voice(BERLIN).per_minute == Decimal("0.2000")


@pytest.mark.parametrize(
    ("caller", "expected"), [("+4930555501", "0.0151"), ("+33155501", "0.0151"), ("+14155550100", "0.1000")]
)
def test_a_callers_own_price_is_taken(caller, expected):
    api = Canteen(voice_answer(outbound("0.0151", "49", "33"), outbound("0.1000", "1")))
    with reached(api):
        assert prices.voice(BERLIN, from_number=caller).per_minute == Decimal(expected)
    assert api.asked[0][2] == {"OriginationNumber": caller}


def test_where_twilio_names_no_price_there_is_none():
    with reached(Canteen(voice_answer())), pytest.raises(NoPrice):
        prices.voice(BERLIN)
