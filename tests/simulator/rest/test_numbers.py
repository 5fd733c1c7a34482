"""IncomingPhoneNumbers by REST."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import client
from tests.simulator.world import BASE, CALLER, COMPANY, world


def test_numbers_are_listed_and_found():
    w = world()
    w.sim.add_number("+442071234567", friendly_name="London")
    w.sim.add_number("sip:desk@example.com")
    twilio = client(w.sim)

    def found(**filters):
        return [item.phone_number for item in twilio.incoming_phone_numbers.list(**filters)]

    assert found() == ["+442071234567", COMPANY]
    assert found(phone_number=COMPANY) == [COMPANY]
    assert found(phone_number="+1415555****") == [COMPANY]
    assert found(phone_number="+49") == []
    assert found(friendly_name="London") == ["+442071234567"]


def test_a_number_tells_where_its_calls_go():
    w = world()
    (item,) = client(w.sim).incoming_phone_numbers.list()

    assert item.voice_url == f"{BASE}/voice"
    assert item.status_callback == f"{BASE}/status"
    assert item.voice_fallback_url is None
    assert item.friendly_name == "(415) 555-0100"
    assert item.capabilities["voice"] is True
    assert item.status == "in-use"


def test_a_change_takes_effect_with_the_next_call():
    w = world()
    w.page("/new", "<Say>New</Say>")
    (item,) = client(w.sim).incoming_phone_numbers.list()

    item.update(voice_url=f"{BASE}/new", voice_fallback_url=f"{BASE}/fallback", friendly_name="Front desk")
    leg = w.call()
    w.sim.run_until_idle()

    assert leg.heard_text == "New"
    assert item.fetch().friendly_name == "Front desk"
    assert item.fetch().voice_fallback_url == f"{BASE}/fallback"


def test_a_fallback_without_a_voice_url_is_refused():
    w = world()
    (item,) = client(w.sim).incoming_phone_numbers.list()

    with pytest.raises(TwilioRestException) as refused:
        item.update(voice_url="", voice_fallback_url=f"{BASE}/fallback")

    assert refused.value.code == 21405


def test_an_unknown_number_is_not_found():
    with pytest.raises(TwilioRestException) as refused:
        client(world().sim).incoming_phone_numbers("PN1").fetch()

    assert refused.value.status == 404


def test_a_number_is_taken_called_and_given_back():
    w = world()
    w.page("/new", "<Say>New</Say>")
    twilio = client(w.sim)

    item = twilio.incoming_phone_numbers.create(phone_number="+14155550177", voice_url=f"{BASE}/new")
    leg = w.sim.leg(w.sim.dial(CALLER, "+14155550177"))
    w.sim.run_until_idle()

    assert (item.friendly_name, item.voice_url) == ("(415) 555-0177", f"{BASE}/new")
    assert leg.heard_text == "New"
    assert item.delete() is True
    assert [each.phone_number for each in twilio.incoming_phone_numbers.list()] == [COMPANY]


@pytest.mark.parametrize(("number", "code"), [("415", 21421), ("", 21421), (COMPANY, 21422)])
def test_a_number_that_cannot_be_had_is_refused(number, code):
    with pytest.raises(TwilioRestException) as refused:
        client(world().sim).incoming_phone_numbers.create(phone_number=number)

    assert (refused.value.status, refused.value.code) == (400, code)
