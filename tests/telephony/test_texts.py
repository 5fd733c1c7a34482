"""Text messages, as we ask for them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from simulator.simulator import HttpReply, NoAnswer, Service, Simulator, VirtualClock
from telephony import archive, client, texts
from telephony.client import Refused, Unreachable
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen

pytestmark = pytest.mark.django_db

COMPANY, ANN = "+14155550100", "+14155550111"
MESSAGE, SERVICE, PICTURE = "SM" + "1" * 32, "MG" + "2" * 32, "ME" + "3" * 32
SENT = {
    "sid": MESSAGE,
    "status": "delivered",
    "to": ANN,
    "from": COMPANY,
    "messaging_service_sid": SERVICE,
    "body": "Hello",
    "num_segments": "1",
    "num_media": "0",
    "price": "-0.00750",
    "price_unit": "USD",
    "error_code": None,
    "direction": "outbound-api",
    "date_created": "Wed, 05 Nov 2025 10:00:00 +0000",
}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))


def test_a_message_is_sent_with_what_was_given_and_nothing_else():
    api = Canteen(Canned(201, SENT | {"status": "queued", "price": None, "price_unit": None}))
    with reached(api):
        message = texts.create_message(
            to=ANN, from_number=COMPANY, body="Hello", media_urls=["https://x/1", "https://x/2"]
        )

    _, path, _, form = api.asked[0]
    assert path.endswith("/Messages.json")
    assert sorted(form) == [
        ("Body", "Hello"),
        ("From", COMPANY),
        ("MediaUrl", "https://x/1"),
        ("MediaUrl", "https://x/2"),
        ("To", ANN),
    ]
    assert (message.sid, message.status, message.price, message.price_unit) == (MESSAGE, "queued", None, "")


def test_a_service_chooses_who_sends():
    api = Canteen(Canned(201, SENT | {"status": "accepted", "from": None, "num_segments": "0"}))
    with reached(api):
        message = texts.create_message(to=ANN, service_sid=SERVICE, body="Hello", status_callback="https://x/s")

    assert sorted(dict(api.asked[0][3])) == ["Body", "MessagingServiceSid", "StatusCallback", "To"]
    assert (message.from_number, message.num_segments, message.service_sid) == ("", 0, SERVICE)


def test_a_lost_answer_sends_nothing_twice():
    api = Canteen(Canned(500, {}), Canned(201, SENT))
    with reached(api), pytest.raises(Unreachable) as trouble:
        texts.create_message(to=ANN, from_number=COMPANY, body="Hello")

    assert trouble.value.maybe_done
    assert len(api.asked) == 1


def test_a_request_that_twilio_had_no_time_for_is_made_again():
    api = Canteen(Canned(429, {"code": 20429}), Canned(201, SENT))
    with reached(api):
        assert texts.create_message(to=ANN, from_number=COMPANY, body="Hello").sid == MESSAGE
    assert len(api.asked) == 2


def test_a_refusal_names_twilios_code():
    refused = Canned(400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400})
    with reached(Canteen(refused)), pytest.raises(Refused) as refusal:
        texts.create_message(to=ANN, from_number=COMPANY, body="Hello")

    assert refusal.value.code == texts.OPTED_OUT


def test_a_message_is_fetched_with_its_price_and_says_nothing_in_a_log():
    with reached(Canteen(Canned(200, SENT | {"status": "undelivered", "error_code": 30006}))):
        message = texts.fetch_message(MESSAGE)

    assert (message.price, message.price_unit, message.num_segments) == (Decimal("-0.00750"), "USD", 1)
    assert message.error_code == str(texts.LANDLINE)
    assert message.created_at == datetime(2025, 11, 5, 10, tzinfo=UTC)
    assert message.body == "Hello"
    assert "Hello" not in repr(message)


def test_the_pictures_of_a_message_are_listed():
    record = {"sid": PICTURE, "content_type": "image/png", "date_created": "Wed, 05 Nov 2025 10:00:00 +0000"}
    with reached(Canteen(Canned(200, {"media_list": [record], "next_page_uri": None}))):
        found = texts.list_media(MESSAGE)

    assert found == [texts.Attachment(PICTURE, "image/png", datetime(2025, 11, 5, 10, tzinfo=UTC))]


def test_a_picture_comes_in_pieces():
    api = Canteen(Canned(200, b"\x89PNG" * 100, {"Content-Type": "image/png", "Content-Length": "400"}))
    with reached(api), texts.stream_media(MESSAGE, PICTURE, chunk_size=64) as media:
        pieces = list(media.chunks)

    assert (media.content_type, media.length) == ("image/png", 400)
    assert b"".join(pieces) == b"\x89PNG" * 100
    assert len(pieces) == 7
    assert api.asked[0][1].endswith(f"/Messages/{MESSAGE}/Media/{PICTURE}")


def test_a_picture_that_is_gone_is_refused():
    missing = Canned(404, {"code": 20404, "message": "The requested resource was not found"})
    with reached(Canteen(missing)), pytest.raises(Refused) as refusal, texts.stream_media(MESSAGE, PICTURE):
        pass
    assert refusal.value.status == client.GONE


# Against the simulator


class Nobody:
    """An application that answers nothing, and has one picture."""

    def send(self, request, timeout):
        if request.url.endswith(".png"):
            return HttpReply(200, (("Content-Type", "image/png"),), b"\x89PNG" * 50)
        return HttpReply(204)


class Hum:
    def speech(self, text):
        return b""

    def mp3(self, wav):
        return wav


@pytest.fixture
def twilio(settings):
    made = Simulator(
        account_sid=settings.TWILIO_ACCOUNT_SID, auth_token=settings.TWILIO_AUTH_TOKEN, transport=Nobody(),
        clock=VirtualClock(), voice=Hum(),
    )  # fmt: skip
    made.add_number(COMPANY)
    made.add_service(Service(SERVICE, "Desk", (COMPANY,)))
    made.add_phone(ANN)
    with reached(made, NoAnswer):
        yield made


def test_a_message_goes_its_way_and_is_rated(twilio):
    message = texts.create_message(to=ANN, service_sid=SERVICE, body="Hello")
    assert (message.status, message.num_segments, message.from_number) == ("accepted", 0, "")
    twilio.run_until_idle()
    twilio.advance(61)

    found = texts.fetch_message(message.sid)

    assert (found.status, found.num_segments, found.from_number) == ("delivered", 1, COMPANY)
    assert (found.price, found.price_unit) == (Decimal("-0.00830"), "USD")


def test_who_has_sent_stop_is_refused(twilio):
    twilio.text(ANN, COMPANY, "STOP")

    with pytest.raises(Refused) as refusal:
        texts.create_message(to=ANN, service_sid=SERVICE, body="Hello")
    assert refusal.value.code == texts.OPTED_OUT


def test_pictures_that_came_and_went_are_listed_and_streamed(twilio):
    sent = texts.create_message(to=ANN, from_number=COMPANY, media_urls=["https://x.test/cat.png"])
    came = twilio.text(ANN, COMPANY, media=[("image/gif", b"GIF89a")])
    twilio.run_until_idle()

    for sid_of, kind, content in ((sent.sid, "image/png", b"\x89PNG" * 50), (came, "image/gif", b"GIF89a")):
        (picture,) = texts.list_media(sid_of)
        with texts.stream_media(sid_of, picture.sid) as media:
            assert (media.content_type, media.length, b"".join(media.chunks)) == (kind, len(content), content)


def test_a_picture_that_twilio_has_lost_is_refused_and_one_that_breaks_off_is_short(twilio):
    came = twilio.text(ANN, COMPANY, media=[("image/gif", b"GIF89a")])
    (picture,) = texts.list_media(came)
    twilio.faults.force("404", path="/Media/ME")
    twilio.faults.force("short", path="/Media/ME")

    with pytest.raises(Refused), texts.stream_media(came, picture.sid):
        pass
    with texts.stream_media(came, picture.sid) as media:
        assert len(b"".join(media.chunks)) == 3


def test_what_was_written_while_we_were_away_is_listed(twilio):
    twilio.text(ANN, COMPANY, "before")
    twilio.advance(3600)
    since = twilio.clock.now()
    twilio.advance(60)
    twilio.text(ANN, COMPANY, "after")
    texts.create_message(to=ANN, from_number=COMPANY, body="ours")

    assert [message.body for message in archive.list_messages_to(COMPANY, since=since)] == ["after"]
