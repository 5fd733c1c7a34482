"""Texts on their way: sent by the application, carried to phones, written by people, stopped and started."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from twilio.request_validator import RequestValidator

from simulator.simulator import HttpReply, Service, Simulator, SimulatorError
from simulator.texting.services import Keywords
from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BASE, BOB, COMPANY, TOKEN, world

SERVICE, OTHER = "MG" + "1" * 32, "+14155550101"
PICTURE = b"\x89PNG" * 20


def texting(**options):
    w = world(**options)
    w.sim.add_number(COMPANY, voice_url=f"{BASE}/voice", sms_url=f"{BASE}/text")
    w.sim.add_phone(ANN, name="Ann")
    return w, client(w.sim)


def send(twilio, body="Hello", **changes):
    return twilio.messages.create(**{"to": ANN, "from_": COMPANY, "body": body} | changes)


def told(w, path="/news"):
    return [entry["MessageStatus"] for entry in w.app.asked(path)]


def texts_as(w, texts, address=ANN):
    w.sim.add_phone(address, name="Ann", texts=texts)


def test_a_text_reaches_a_phone_and_each_step_is_told():
    w, twilio = texting()
    message = send(twilio, status_callback=f"{BASE}/news")

    assert (message.status, message.direction, message.num_segments) == ("queued", "outbound-api", "1")
    w.sim.run_until_idle()

    assert told(w) == ["sending", "sent", "delivered"]
    assert w.sim.inbox(ANN) == ["Hello"]
    news = w.app.asked("/news")[-1]
    assert (news["MessageSid"], news["SmsSid"], news["SmsStatus"]) == (message.sid, message.sid, "delivered")
    assert (news["From"], news["To"], news["ApiVersion"]) == (COMPANY, ANN, "2010-04-01")
    assert len(news["RawDlrDoneDate"]) == 10
    assert "ErrorCode" not in news


def test_requests_about_texts_sign_an_unusual_port():
    w, twilio = texting()
    send(twilio, status_callback="https://app.example.com:8443/news")
    w.sim.run_until_idle()

    request = w.app.requests[-1]
    assert urlsplit(request.url).port == 8443
    fields = parse_qsl(request.body.decode(), keep_blank_values=True)
    validator = RequestValidator(TOKEN)
    assert request.headers["X-Twilio-Signature"] == validator.compute_signature(request.url, dict(fields))


@pytest.mark.parametrize(
    ("texts", "status", "code"),
    [("undelivered", "undelivered", 30003), ("landline", "undelivered", 30006)],
)
def test_a_text_that_a_phone_does_not_take_is_told_with_the_reason(texts, status, code):
    w, twilio = texting()
    texts_as(w, texts)
    message = send(twilio, status_callback=f"{BASE}/news")
    w.sim.run_until_idle()

    found = message.fetch()
    assert (found.status, found.error_code) == (status, code)
    assert found.error_message
    assert told(w)[-1] == status
    assert w.app.asked("/news")[-1]["ErrorCode"] == str(code)
    assert w.sim.inbox(ANN) == []


def test_nobody_has_a_number_that_no_phone_has():
    w, twilio = texting()
    message = send(twilio, to=BOB)
    w.sim.run_until_idle()

    assert (message.fetch().status, message.fetch().error_code) == ("undelivered", 30005)


def test_a_phone_that_is_off_gets_its_texts_when_it_is_on_again():
    w, twilio = texting()
    texts_as(w, "off")
    message = send(twilio)
    w.sim.run_until_idle()
    assert message.fetch().status == "sent"

    texts_as(w, "delivered")
    w.sim.run_until_idle()

    assert message.fetch().status == "delivered"
    assert w.sim.inbox(ANN) == ["Hello"]


def test_a_text_waits_for_a_phone_only_as_long_as_it_is_worth_it():
    w, twilio = texting()
    texts_as(w, "off")
    message = send(twilio, validity_period=60)
    w.sim.advance(70)

    assert (message.fetch().status, message.fetch().error_code) == ("undelivered", 30003)


def test_a_text_is_rated_some_time_after_it_was_sent():
    w, twilio = texting()
    message = send(twilio, "a" * 200)
    w.sim.run_until_idle()
    assert (message.fetch().price, message.fetch().price_unit) == (None, None)

    w.sim.advance(61)

    assert (message.fetch().price, message.fetch().price_unit) == ("-0.01660", "USD")


def test_news_may_be_doubled_and_lost():
    w, twilio = texting()
    w.sim.faults.force("duplicate", path="/news")
    w.sim.faults.force("drop", path="/news")
    send(twilio, status_callback=f"{BASE}/news")
    w.sim.run_until_idle()

    assert sorted(told(w)) != ["delivered", "sending", "sent"]


def test_news_may_overtake_each_other():
    w, twilio = texting()
    w.sim.faults.force("reorder", path="/news")
    send(twilio, status_callback=f"{BASE}/news")
    w.sim.run_until_idle()

    assert told(w) == ["sent", "sending", "delivered"]


def test_a_service_chooses_who_sends_and_stays_with_it():
    w, twilio = texting()
    w.sim.add_number(OTHER)
    w.sim.add_service(Service(SERVICE, "Desk", (OTHER, COMPANY), status_callback=f"{BASE}/service"))
    send(twilio)
    w.sim.run_until_idle()

    message = twilio.messages.create(to=ANN, messaging_service_sid=SERVICE, body="Again")
    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    w.sim.run_until_idle()

    assert message.fetch().from_ == COMPANY
    assert told(w, "/service") == ["queued", "sending", "sent", "delivered"]
    assert w.app.asked("/service")[0]["MessagingServiceSid"] == SERVICE


def test_pictures_are_fetched_and_shown():
    w, twilio = texting()
    w.app.pages["/cat.png"] = HttpReply(200, (("Content-Type", "image/png"),), PICTURE)
    message = send(twilio, "", media_url=[f"{BASE}/cat.png"])
    w.sim.run_until_idle()

    assert message.sid.startswith("MM")
    assert message.fetch().num_media == "1"
    assert [(medium.content_type, medium.content) for medium in w.sim.messages[0].media] == [("image/png", PICTURE)]


def test_a_text_whose_picture_does_not_come_fails():
    w, twilio = texting()
    w.app.pages["/cat.png"] = HttpReply(404)
    message = send(twilio, media_url=[f"{BASE}/cat.png"], status_callback=f"{BASE}/news")
    w.sim.run_until_idle()

    assert (message.fetch().status, told(w)) == ("failed", ["failed"])


def test_a_text_of_a_later_hour_waits_and_can_be_called_back():
    w, twilio = texting()
    w.sim.add_service(Service(SERVICE, "Desk", (COMPANY,)))
    later = (w.clock.now().replace(hour=16, minute=0)).isoformat()
    planned = [
        twilio.messages.create(to=ANN, messaging_service_sid=SERVICE, body=body, send_at=later, schedule_type="fixed")
        for body in ("one", "two")
    ]
    assert [message.status for message in planned] == ["scheduled", "scheduled"]
    planned[1].update(status="canceled")
    w.sim.advance(3610)
    w.sim.run_until_idle()

    assert w.sim.inbox(ANN) == ["one"]
    assert planned[1].fetch().status == "canceled"


# People write


def test_a_text_comes_with_everything_that_twilio_tells():
    w, _ = texting()
    sid = w.sim.text(ANN, COMPANY, "When do you open?")

    (asked,) = w.app.asked("/text")
    assert asked == {
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "Body": "When do you open?",
        "From": ANN,
        "FromCity": "",
        "FromState": "",
        "FromZip": "",
        "FromCountry": "US",
        "MessageSid": sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": COMPANY,
        "ToCity": "",
        "ToState": "",
        "ToZip": "",
        "ToCountry": "US",
    }
    assert w.codes() == []


def test_a_picture_comes_as_an_address_that_asks_for_credentials():
    w, _ = texting(rest_base_url="http://twilio.test")
    sid = w.sim.text(ANN, COMPANY, media=[("image/png", PICTURE)])

    (asked,) = w.app.asked("/text")
    assert sid.startswith("MM")
    assert (asked["NumMedia"], asked["MediaContentType0"], asked["Body"]) == ("1", "image/png", "")
    path = urlsplit(asked["MediaUrl0"]).path
    assert asked["MediaUrl0"].startswith("http://twilio.test/2010-04-01/Accounts/AC")
    assert w.sim.rest("GET", path, [], [], "").status == 401


def test_an_unknown_sender_gets_a_phone():
    w, _ = texting()
    w.sim.text(BOB, COMPANY, "Hi")

    assert BOB in [phone["address"] for phone in w.sim.snapshot()["phones"]]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"to": BOB}, "not one of the account's numbers"),
        ({"body": "  "}, "nothing to send"),
        ({"body": "x" * 1601}, "at most 1600"),
        ({"from_": "client:ann"}, "no phone that writes"),
        ({"media": [("image/png", b"x")] * 11}, "at most 10 pictures"),
    ],
)
def test_what_cannot_be_written_is_said(change, sentence):
    w, _ = texting()
    with pytest.raises(SimulatorError, match=sentence):
        w.sim.text(**{"from_": ANN, "to": COMPANY, "body": "Hi"} | change)


@pytest.mark.parametrize("texts", ["landline", "off"])
def test_a_phone_that_takes_no_texts_writes_none(texts):
    w, _ = texting()
    texts_as(w, texts)

    with pytest.raises(SimulatorError, match="cannot write"):
        w.sim.text(ANN, COMPANY, "Hi")


def test_cookies_are_kept_for_two_numbers_and_four_hours():
    w, _ = texting()
    w.app.pages["/text"] = HttpReply(204, (("Set-Cookie", "seen=1"),))
    w.sim.text(ANN, COMPANY, "one")
    w.sim.text(ANN, COMPANY, "two")
    w.sim.text(BOB, COMPANY, "three")
    w.sim.advance(4 * 3600 + 1)
    w.sim.text(ANN, COMPANY, "four")

    assert [request.headers.get("Cookie", "") for request in w.app.requests] == ["", "seen=1", "", ""]


# STOP, START, HELP


@pytest.mark.parametrize(
    "word", ["STOP", " stop ", "Unsubscribe", "cancel", "END", "quit", "STOPALL", "optout", "Revoke"]
)
def test_stop_ends_what_is_sent_and_twilio_answers_itself(word):
    w, twilio = texting()
    w.sim.text(ANN, COMPANY, word)
    w.sim.run_until_idle()

    assert [entry["Body"] for entry in w.app.asked("/text")] == [word]
    assert "OptOutType" not in w.app.asked("/text")[0]
    assert w.sim.inbox(ANN) == [Keywords().stopped]
    assert [message.direction for message in twilio.messages.list()] == ["inbound"]


@pytest.mark.parametrize("body", ["STOP please", "Don't stop", "ARRET"])
def test_a_sentence_stops_nothing(body):
    w, twilio = texting()
    w.sim.text(ANN, COMPANY, body)

    assert send(twilio).status == "queued"


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
def test_start_lets_texts_come_again(word):
    w, twilio = texting()
    w.sim.text(ANN, COMPANY, "STOP")
    w.sim.text(ANN, COMPANY, word)
    w.sim.run_until_idle()

    assert send(twilio).status == "queued"
    assert w.sim.inbox(ANN)[-1] == Keywords().started


def test_yes_from_somebody_who_never_stopped_is_a_text_like_any_other():
    w, _ = texting()
    w.sim.text(ANN, COMPANY, "yes")
    w.sim.run_until_idle()

    assert w.sim.inbox(ANN) == []


def test_help_is_answered():
    w, _ = texting()
    w.sim.text(ANN, COMPANY, "HELP")
    w.sim.run_until_idle()

    assert w.sim.inbox(ANN) == [Keywords().helped]


def test_stop_counts_for_the_number_it_was_sent_to():
    w, twilio = texting()
    w.sim.add_number(OTHER)
    w.sim.text(ANN, COMPANY, "STOP")

    assert send(twilio, from_=OTHER).status == "queued"


def test_stop_counts_for_all_numbers_of_a_service():
    w, twilio = texting()
    w.sim.add_number(OTHER)
    w.sim.add_service(Service(SERVICE, "Desk", (COMPANY, OTHER)))
    w.sim.text(ANN, COMPANY, "STOP")

    for sender in ({"from_": OTHER}, {"from_": None, "messaging_service_sid": SERVICE}):
        with pytest.raises(Exception, match="unsubscribed") as refusal:
            send(twilio, **sender)
        assert refusal.value.code == 21610


def test_a_service_with_advanced_opt_out_knows_words_of_its_own_and_tells_what_it_understood():
    w, twilio = texting()
    words = Keywords(stop=frozenset({"ARRET"}))
    w.sim.add_service(Service(SERVICE, "Desk", (COMPANY,), f"{BASE}/service", "", "", True, words))
    for body in ("Arret", "STOP", "START", "INFO", "Bonjour"):
        w.sim.text(ANN, COMPANY, body)

    asked = w.app.asked("/service")
    assert [entry.get("OptOutType") for entry in asked] == ["STOP", None, "START", "HELP", None]
    assert {entry["MessagingServiceSid"] for entry in asked} == {SERVICE}
    assert send(twilio).status == "queued"


def test_a_text_from_one_own_number_to_another_comes_in_there():
    w, twilio = texting()
    w.sim.add_number(OTHER, sms_url=f"{BASE}/other")
    message = send(twilio, to=OTHER)
    w.sim.run_until_idle()

    assert message.fetch().status == "delivered"
    assert [(entry["From"], entry["Body"]) for entry in w.app.asked("/other")] == [(COMPANY, "Hello")]


def test_the_page_is_told_of_texts():
    w, twilio = texting()
    send(twilio)
    w.sim.run_until_idle()

    (shown,) = w.sim.snapshot()["messages"]
    assert (shown["from"], shown["to"], shown["body"], shown["status"]) == (COMPANY, ANN, "Hello", "delivered")
    assert isinstance(w.sim, Simulator)
