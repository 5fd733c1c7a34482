"""Lists of what Twilio keeps, over many pages, and what is deleted from them."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.simulator import Faults, HttpReply, NoAnswer, Simulator, VirtualClock
from telephony import archive, client
from telephony.client import Refused, Unreachable
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen
from tests.telephony.signing import sid

pytestmark = pytest.mark.django_db

COMPANY, ANN, BEN = "+14155550100", "+14155550111", "+14155550122"
BASE = "https://app.example.com"


class Mailbox:
    """An application that takes a voicemail from everybody."""

    def send(self, request, timeout):
        text = f'<Response><Record action="{BASE}/done" timeout="3"/></Response>'
        if request.url.endswith("/done"):
            text = "<Response><Hangup/></Response>"
        return HttpReply(200, (("Content-Type", "text/xml"),), text.encode())


class Hum:
    def speech(self, text):
        return b"\x10\x20" * 800 * len(text)

    def mp3(self, wav):
        return wav


class Twilio:
    """The simulator with a past, and how many requests reached it."""

    def __init__(self, account, token):
        self.faults = Faults()
        self.simulator = Simulator(
            account_sid=account, auth_token=token, transport=Mailbox(), clock=VirtualClock(), voice=Hum(),
            faults=self.faults,
        )  # fmt: skip
        self.simulator.add_number(COMPANY, voice_url=f"{BASE}/voice")
        self.asked = 0

    def rest(self, *request):
        self.asked += 1
        return self.simulator.rest(*request)

    def took_a_message_from(self, number):
        call = self.simulator.dial(number, COMPANY)
        self.simulator.advance(2)
        self.simulator.speak(call, "call me back")
        self.simulator.run_until_idle()
        return call

    @property
    def now(self):
        return self.simulator.clock.now()


@pytest.fixture
def twilio(settings, monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))
    monkeypatch.setattr(archive, "PAGE", 2)
    made = Twilio(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    with reached(made, NoAnswer):
        yield made


def test_the_calls_of_a_number_are_found_over_all_pages(twilio):
    hers = [twilio.took_a_message_from(ANN) for _ in range(5)]
    his = twilio.took_a_message_from(BEN)

    assert [call.sid for call in archive.list_calls(ANN)] == hers[::-1]
    assert {call.sid for call in archive.list_calls(COMPANY)} == {*hers, his}
    assert list(archive.list_calls("+14155550133")) == []


def test_calls_are_deleted_while_they_are_listed(twilio):
    calls = {twilio.took_a_message_from(ANN) for _ in range(7)}

    deleted = []
    for call in archive.list_calls(ANN):
        client.delete_call(call.sid)
        deleted.append(call.sid)

    assert set(deleted) == calls
    assert len(deleted) == 7
    assert list(archive.list_calls(ANN)) == []


def test_a_list_is_asked_for_as_it_is_read(twilio):
    for _ in range(9):
        twilio.took_a_message_from(ANN)

    next(archive.list_calls(ANN))

    assert twilio.asked == 2  # the page that is read, and the one after it


def test_a_page_that_twilio_had_no_time_for_is_asked_for_again(twilio):
    calls = [twilio.took_a_message_from(ANN) for _ in range(3)]
    twilio.faults.force("429", path="/Calls", times=2)

    assert len(list(archive.list_calls(ANN))) == len(calls)


def test_recordings_are_found_by_the_moment_they_were_made(twilio):
    twilio.took_a_message_from(ANN)
    twilio.simulator.advance(600)
    since = twilio.now
    twilio.simulator.advance(1)  # Twilio tells whole seconds
    for _ in range(4):
        twilio.took_a_message_from(ANN)
    until = twilio.now
    twilio.simulator.advance(600)
    twilio.took_a_message_from(BEN)

    found = list(archive.list_recordings(since=since, until=until))

    assert len(found) == 4
    assert all(since <= one.created_at < until for one in found)
    assert len(list(archive.list_recordings(since=since - timedelta(days=8), until=twilio.now))) == 6


def test_a_message_is_deleted_and_deleting_it_again_is_as_good(twilio):
    archive.delete_message(sid("SM"))

    assert twilio.asked == 1
    assert list(archive.list_messages(ANN)) == []


def test_a_message_that_twilio_will_not_delete_is_refused(twilio, settings):
    settings.TWILIO_AUTH_TOKEN = "another token"

    with pytest.raises(Refused) as refusal:
        archive.delete_message(sid("SM"))
    assert refusal.value.code == 20003


def test_a_message_is_listed_once_though_it_went_from_a_number_to_itself(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01,))
    hers = {"sid": sid("SM"), "from": ANN, "to": COMPANY, "status": "received", "direction": "inbound",
            "date_created": "Wed, 05 Nov 2025 10:00:00 +0000"}  # fmt: skip
    own = hers | {"sid": sid("SM"), "to": ANN}
    answer = hers | {"sid": sid("SM"), "from": COMPANY, "to": ANN, "direction": "outbound-reply"}
    api = Canteen(
        Canned(200, {"messages": [hers, own], "next_page_uri": None}),
        Canned(200, {"messages": [answer, own], "next_page_uri": None}),
    )
    with reached(api):
        found = list(archive.list_messages(ANN))

    assert [(message.from_number, message.to) for message in found] == [
        (ANN, COMPANY),
        (ANN, ANN),
        (COMPANY, ANN),
    ]
    assert found[0].created_at == datetime(2025, 11, 5, 10, tzinfo=UTC)
    assert [query.get("From", query.get("To")) for _, _, query, _ in api.asked] == [ANN, ANN]


def test_a_list_that_breaks_off_is_unreachable(twilio):
    for _ in range(5):
        twilio.took_a_message_from(ANN)
    calls = archive.list_calls(ANN)
    next(calls)
    next(calls)
    twilio.faults.force("500", path="/Calls", times=9)

    with pytest.raises(Unreachable):
        list(calls)
