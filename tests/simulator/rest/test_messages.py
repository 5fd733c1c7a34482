"""Messages and their media through Twilio's own library."""

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator.simulator import HttpReply, Service
from tests.simulator.rest.sdk import authorization, client
from tests.simulator.world import ACCOUNT, ANN, BASE, BOB, COMPANY, world

SERVICE = "MG" + "1" * 32
LONDON = "+442079460111"
PICTURE = b"\x89PNG" * 30


def reaching():
    w = world()
    w.sim.add_phone(ANN)
    w.sim.add_phone(BOB)
    return w, client(w.sim)


def send(twilio, **changes):
    given = {"to": ANN, "from_": COMPANY, "body": "Hello"} | changes
    return twilio.messages.create(**{name: value for name, value in given.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "ann"}, 21211),
        ({"to": COMPANY}, 21266),
        ({"from_": None}, 21603),
        ({"from_": "5"}, 21212),
        ({"from_": BOB}, 21606),
        ({"from_": None, "messaging_service_sid": "MG" + "9" * 32}, 21701),
        ({"from_": None, "messaging_service_sid": SERVICE}, 21704),
        ({"body": None}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"media_url": ["https://x.test/a"] * 11}, 21623),
        ({"media_url": ["file:///etc/passwd"]}, 21620),
        ({"status_callback": "nowhere"}, 21609),
        ({"validity_period": 0}, 21624),
        ({"schedule_type": "fixed", "send_at": "2026-01-05T18:00:00Z"}, 35118),
        ({"to": LONDON}, 21614),
    ],
)
def test_what_twilio_refuses_is_refused(changes, code):
    w, twilio = reaching()
    w.sim.add_service(Service(SERVICE, "Empty", ()))
    w.sim.add_phone(LONDON, texts="landline")

    with pytest.raises(TwilioRestException) as refused:
        send(twilio, **changes)

    assert refused.value.code == code
    assert w.sim.messages == []


@pytest.mark.parametrize(("moment", "code"), [("soon", 35111), ("2026-01-05T15:05:00Z", 35114)])
def test_a_later_hour_must_be_one(moment, code):
    w, twilio = reaching()
    w.sim.add_service(Service(SERVICE, "Desk", (COMPANY,)))

    with pytest.raises(TwilioRestException) as refused:
        send(twilio, from_=None, messaging_service_sid=SERVICE, schedule_type="fixed", send_at=moment)
    assert refused.value.code == code


def test_messages_are_listed_by_their_ends_and_their_day():
    w, twilio = reaching()
    send(twilio)
    w.sim.text(BOB, COMPANY, "Hi")
    w.sim.run_until_idle()
    w.sim.advance(86_400)
    last = send(twilio, to=BOB)
    w.sim.run_until_idle()

    assert len(twilio.messages.list()) == 3
    assert [message.to for message in twilio.messages.list(to=ANN)] == [ANN]
    assert [message.body for message in twilio.messages.list(from_=BOB)] == ["Hi"]
    assert [message.sid for message in twilio.messages.list(date_sent_after=w.clock.now().replace(hour=0))] == [
        last.sid
    ]
    assert len(twilio.messages.list(page_size=1)) == 3


def test_the_words_of_a_message_are_taken_away_once_it_has_arrived():
    w, twilio = reaching()
    message = send(twilio)
    with pytest.raises(TwilioRestException) as refused:
        message.update(body="")
    w.sim.run_until_idle()

    assert refused.value.code == 20009
    assert message.update(body="").body == ""
    assert message.fetch().status == "delivered"
    with pytest.raises(TwilioRestException):
        message.update(body="other words")


def test_a_message_that_has_left_cannot_be_called_back():
    w, twilio = reaching()
    message = send(twilio)
    w.sim.run_until_idle()

    with pytest.raises(TwilioRestException) as refused:
        message.update(status="canceled")
    assert refused.value.code == 30409


def test_a_deleted_message_is_gone_with_its_media():
    w, twilio = reaching()
    w.app.pages["/cat.png"] = HttpReply(200, (("Content-Type", "image/png"),), PICTURE)
    message = send(twilio, media_url=[f"{BASE}/cat.png"])
    with pytest.raises(TwilioRestException):
        message.delete()
    w.sim.run_until_idle()
    (medium,) = message.media.list()

    assert message.delete()

    for gone in (message, medium):
        with pytest.raises(TwilioRestException) as refused:
            gone.fetch()
        assert refused.value.status == 404
    assert twilio.messages.list() == []


def test_media_are_listed_shown_and_deleted():
    w, twilio = reaching()
    sid = w.sim.text(ANN, COMPANY, media=[("image/png", PICTURE), ("image/gif", b"GIF")])
    first, second = twilio.messages(sid).media.list()[::-1]

    assert (first.content_type, first.parent_sid) == ("image/png", sid)
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media/{first.sid}"
    answer = w.sim.rest("GET", path, [], [], authorization())
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "image/png", PICTURE)
    assert w.sim.rest("GET", path, [], [], "").status == 401

    assert first.delete()
    assert w.sim.rest("GET", path, [], [], authorization()).status == 404
    assert [medium.sid for medium in twilio.messages(sid).media.list()] == [second.sid]


@pytest.mark.parametrize(("fault", "promised", "came"), [("cut", 120, 60), ("short", 60, 60)])
def test_a_picture_may_come_badly(fault, promised, came):
    w, twilio = reaching()
    sid = w.sim.text(ANN, COMPANY, media=[("image/png", PICTURE)])
    (medium,) = twilio.messages(sid).media.list()
    w.sim.faults.force(fault, path="/Media/ME")

    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media/{medium.sid}"
    answer = w.sim.rest("GET", path, [], [], authorization())

    assert (answer.headers["Content-Length"], len(answer.body)) == (str(promised), came)


def test_the_record_of_requests_names_the_message():
    w, twilio = reaching()
    message = send(twilio)
    message.fetch()

    assert w.sim.snapshot()["exchanges"][-1]["call_sid"] == message.sid
