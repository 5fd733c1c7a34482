"""Lookups and prices through Twilio's own library."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BOB, COMPANY, world


def reaching():
    w = world()
    w.sim.add_phone(ANN)
    w.sim.add_phone(BOB, texts="landline")
    return w, client(w.sim)


@pytest.mark.parametrize(
    ("number", "kind"), [(ANN, "mobile"), (BOB, "landline"), (COMPANY, "nonFixedVoip"), ("+4915755550111", "mobile")]
)
def test_a_line_has_a_type(number, kind):
    w, twilio = reaching()

    found = twilio.lookups.v2.phone_numbers(number).fetch(fields="line_type_intelligence")

    assert (found.valid, found.phone_number, found.line_type_intelligence["type"]) == (True, number, kind)
    assert w.codes() == []


def test_without_a_package_only_the_form_of_a_number_is_told():
    _, twilio = reaching()

    found = twilio.lookups.v2.phone_numbers(ANN).fetch()

    assert (found.country_code, found.line_type_intelligence) == ("US", None)


def test_a_package_that_costs_more_is_not_made_up():
    w, twilio = reaching()
    twilio.lookups.v2.phone_numbers(ANN).fetch(fields="sim_swap")

    assert "not executed" in w.sim.violations[0].text


def test_what_is_no_number_is_not_found():
    _, twilio = reaching()

    for ask in (twilio.lookups.v2.phone_numbers("12"), twilio.pricing.v2.voice.numbers("12")):
        with pytest.raises(TwilioRestException) as refused:
            ask.fetch()
        assert refused.value.status == 404


@pytest.mark.parametrize(
    ("number", "price"), [(ANN, "0.0140"), ("+493055550111", "0.0247"), ("+26755550111", "0.1500")]
)
def test_a_call_has_a_price_by_country(number, price):
    _, twilio = reaching()

    found = twilio.pricing.v2.voice.numbers(number).fetch(origination_number=COMPANY)

    (outbound,) = found.outbound_call_prices
    assert (outbound["current_price"], outbound["origination_prefixes"]) == (price, ["ALL"])
    assert (found.price_unit, found.origination_number) == ("USD", COMPANY)


def test_a_text_has_a_price_by_country():
    _, twilio = reaching()

    found = twilio.pricing.v1.messaging.countries("DE").fetch()

    assert found.outbound_sms_prices[0]["prices"][0]["current_price"] == "0.0977"
