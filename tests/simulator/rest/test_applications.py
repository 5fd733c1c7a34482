"""Applications by REST: Twilio's page "Applications resource"."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import client, get
from tests.simulator.world import ANN, BASE, COMPANY, statuses, world


def shared(**settings):
    """A world with an application, the company's number and a client."""
    w = world()
    twilio = client(w.sim)
    (number,) = twilio.incoming_phone_numbers.list()
    return w, twilio, twilio.applications.create(friendly_name="Shared", **settings), number


def test_an_application_is_added_listed_changed_and_forgotten():
    _, twilio, made, _ = shared(voice_url=f"{BASE}/app")

    assert (made.sid[:2], made.friendly_name, made.voice_url, made.voice_method) == (
        "AP",
        "Shared",
        f"{BASE}/app",
        "POST",
    )
    assert [each.sid for each in twilio.applications.list(friendly_name="Shared")] == [made.sid]
    assert twilio.applications.list(friendly_name="Other") == []
    assert made.update(voice_method="GET").fetch().voice_method == "GET"
    assert made.delete() is True
    with pytest.raises(TwilioRestException) as refused:
        made.fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_what_is_not_known_is_null_and_nothing_is_missing():
    w, _, made, _ = shared()

    shape = get(w.sim, f"/Applications/{made.sid}.json").body.decode()

    assert '"voice_url": null' in shape
    assert '"public_application_connect_enabled": false' in shape
    assert f'"uri": "/2010-04-01/Accounts/{made.account_sid}/Applications/{made.sid}.json"' in shape


def test_a_number_of_an_application_ignores_its_own_urls():
    w, _, made, number = shared(voice_url=f"{BASE}/app", status_callback=f"{BASE}/app-status")
    w.page("/app", "<Say>Of the application</Say>")
    number.update(voice_application_sid=made.sid)

    leg = w.call("<Say>Of the number</Say>")
    w.sim.run_until_idle()

    assert leg.heard_text == "Of the application"
    assert [fields["ApplicationSid"] for fields in w.app.asked("/app")] == [made.sid]
    assert statuses(w.app.asked("/app-status")) == ["completed"]
    assert w.app.asked("/status") == []


def test_a_number_without_its_application_goes_back_to_its_own_urls():
    w, _, made, number = shared(voice_url=f"{BASE}/app")
    number.update(voice_application_sid=made.sid)
    number.update(voice_application_sid="")

    leg = w.call("<Say>Of the number</Say>")
    w.sim.run_until_idle()

    assert leg.heard_text == "Of the number"


def test_texts_go_to_the_application_too():
    w, _, made, number = shared(sms_url=f"{BASE}/texts")
    number.update(sms_url=f"{BASE}/own", sms_application_sid=made.sid)

    w.sim.text(ANN, COMPANY, "Hello")
    w.sim.run_until_idle()

    assert [fields["Body"] for fields in w.app.asked("/texts")] == ["Hello"]
    assert w.app.asked("/own") == []


def test_a_call_made_through_an_application_takes_its_urls_and_ignores_others():
    w, twilio, made, _ = shared(
        voice_url=f"{BASE}/app", voice_fallback_url=f"{BASE}/again", status_callback=f"{BASE}/app-status"
    )
    w.phone(ANN, "answers")
    w.page("/app", "<Say>Of the application</Say>")

    call = twilio.calls.create(
        to=ANN, from_=COMPANY, application_sid=made.sid, url=f"{BASE}/own", status_callback=f"{BASE}/own-status"
    )
    w.sim.run_until_idle()

    assert w.sim.leg(call.sid).heard_text == "Of the application"
    assert w.app.asked("/app")[0]["ApplicationSid"] == made.sid
    assert statuses(w.app.asked("/app-status")) == ["completed"]
    assert w.app.asked("/own") == w.app.asked("/own-status") == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"voice_url": "no address"}, 21402),
        ({"status_callback": "/relative"}, 21402),
        ({"voice_method": "PATCH"}, 21403),
        ({"voice_fallback_url": f"{BASE}/again"}, 21405),
        ({"sms_fallback_url": f"{BASE}/again"}, 21406),
        ({"friendly_name": "x" * 65}, 20001),
    ],
)
def test_settings_that_twilio_refuses(settings, code):
    w = world()
    number = client(w.sim).incoming_phone_numbers.create(phone_number="+14155550177")

    for change in (client(w.sim).applications.create, number.update):
        with pytest.raises(TwilioRestException) as refused:
            change(**settings)
        assert (refused.value.status, refused.value.code) == (400, code)


def test_an_application_that_is_not_there_is_refused():
    _, twilio, made, number = shared()
    made.delete()

    with pytest.raises(TwilioRestException) as of_call:
        twilio.calls.create(to=ANN, from_=COMPANY, application_sid=made.sid)
    with pytest.raises(TwilioRestException) as of_number:
        number.update(voice_application_sid=made.sid)

    assert (of_call.value.code, of_number.value.code) == (21218, 21420)
