"""What we ask of conferences, as the simulator takes it."""

import pytest

from simulator.simulator import Faults, Habit, HttpReply, NoAnswer, Simulator, VirtualClock
from telephony import client, conferencing
from telephony.client import Refused, Unreachable
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db

COMPANY, ANN, BEN = "+14155550100", "+14155550111", "+14155550122"
BASE = "https://app.example.com"
ROOM = "a/room with spaces"


class Company:
    """An application that brings everybody into one room, and has something to say."""

    def send(self, request, timeout):
        text = f'<Response><Dial><Conference beep="false">{ROOM}</Conference></Dial></Response>'
        if request.url.endswith("/says"):
            text = "<Response><Say>The shop closes soon.</Say></Response>"
        return HttpReply(200, (("Content-Type", "text/xml"),), text.encode())


class Hum:
    def speech(self, text):
        return b"\x10\x20" * 400 * len(text)

    def mp3(self, wav):
        return wav


class Room:
    """Two people who are on a line in a conference."""

    def __init__(self, account, token):
        self.faults = Faults()
        self.simulator = Simulator(
            account_sid=account, auth_token=token, transport=Company(), clock=VirtualClock(), voice=Hum(),
            faults=self.faults,
        )  # fmt: skip
        self.simulator.add_number(COMPANY, voice_url=f"{BASE}/voice")
        for number in (ANN, BEN):
            self.simulator.add_phone(number, habit=Habit(answers="answers", after=1))
        self.requests = []

    def rest(self, method, path, query, form, authorization):
        self.requests.append((method, path))
        return self.simulator.rest(method, path, query, form, authorization)

    def fill(self):
        self.calls = [
            client.create_call(to=number, from_number=COMPANY, url=f"{BASE}/voice").sid for number in (ANN, BEN)
        ]
        self.simulator.advance(8)
        return conferencing.find_conferences(ROOM)[0]


@pytest.fixture
def room(settings, monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))
    settings.TWILIO_CALLS_PER_SECOND = 1000
    made = Room(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    with reached(made, NoAnswer):
        yield made


def people(sid):
    return {one.call_sid: one for one in conferencing.list_participants(sid)}


def test_a_conference_is_found_by_its_name_with_the_people_in_it(room):
    found = room.fill()

    assert (found.name, found.status, found.ended_because) == (ROOM, "in-progress", "")
    assert set(people(found.sid)) == set(room.calls)
    assert {one.status for one in people(found.sid).values()} == {"connected"}


def test_somebody_is_put_on_hold_and_muted(room):
    sid = room.fill().sid
    first, second = room.calls

    asked = conferencing.update_participant(sid, first, hold=True, hold_url=f"{BASE}/says", hold_method="POST")
    conferencing.update_participant(sid, second, muted=True)
    room.simulator.advance(1)

    assert asked.call_sid == first
    assert (people(sid)[first].held, people(sid)[second].muted) == (True, True)
    assert "The shop closes soon." in room.simulator.leg(first).heard_text


def test_somebody_coaches_somebody(room):
    sid = room.fill().sid
    coach, coached = room.calls

    conferencing.update_participant(sid, coach, coaching=True, call_sid_to_coach=coached)
    room.simulator.advance(1)

    assert people(sid)[coach].coaching


def test_somebody_is_sent_out_and_is_not_there_any_more(room):
    sid = room.fill().sid
    first, second = room.calls

    conferencing.remove_participant(sid, first)
    room.simulator.advance(1)
    conferencing.remove_participant(sid, first)

    assert set(people(sid)) == {second}
    with pytest.raises(Refused) as refusal:
        conferencing.update_participant(sid, first, muted=True)
    assert refusal.value.status == client.GONE


def test_a_conference_is_ended_and_ending_it_again_is_as_good(room):
    sid = room.fill().sid

    conferencing.end_conference(sid)
    room.simulator.advance(1)
    conferencing.end_conference(sid)

    ended = conferencing.find_conferences(ROOM)[0]
    assert (ended.status, ended.ended_because) == ("completed", "conference-ended-via-api")
    assert people(sid) == {}


def test_ending_a_conference_that_twilio_does_not_know_is_as_good(room):
    conferencing.end_conference("CF" + "0" * 32)

    assert len(room.requests) == 1


def test_all_hear_an_announcement(room):
    sid = room.fill().sid

    conferencing.announce(sid, f"{BASE}/says")
    room.simulator.advance(1)

    assert all("The shop closes soon." in room.simulator.leg(one).heard_text for one in room.calls)


def test_an_announcement_is_not_repeated_after_an_unclear_answer(room):
    sid = room.fill().sid
    before = len(room.requests)
    room.faults.rest_lost = 1.0

    with pytest.raises(Unreachable) as silence:
        conferencing.announce(sid, f"{BASE}/says")

    assert silence.value.maybe_done
    assert len(room.requests) == before + 1
