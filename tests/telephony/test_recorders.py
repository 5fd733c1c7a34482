"""What we ask of a live call's recordings."""

import pytest

from simulator.simulator import Faults, HttpReply, NoAnswer, Simulator, VirtualClock
from telephony import client, recorders
from telephony.client import Refused, Unreachable
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen
from tests.telephony.signing import sid

pytestmark = pytest.mark.django_db

CALL, RECORDING = sid(), sid("RE")
RUNNING = Canned(201, {"sid": RECORDING, "call_sid": CALL, "status": "in-progress", "channels": 2})
BUSY, BROKEN = Canned(429, {"code": 20429, "status": 429}), Canned(500, {})


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))


def test_a_recording_is_started_with_all_that_we_want_said_at_once():
    twilio = Canteen(RUNNING)
    with reached(twilio):
        begun = recorders.start(CALL, channels=2, callback="https://app.example.com/webhooks/recording")

    ((method, path, _, form),) = twilio.asked
    assert (begun.sid, begun.call_sid, begun.status, begun.channels) == (RECORDING, CALL, "in-progress", 2)
    assert (method, path.rpartition("/Calls/")[2]) == ("POST", f"{CALL}/Recordings.json")
    assert sorted(form) == [
        ("RecordingChannels", "dual"),
        ("RecordingStatusCallback", "https://app.example.com/webhooks/recording"),
        ("RecordingStatusCallbackEvent", "absent"),
        ("RecordingStatusCallbackEvent", "completed"),
        ("RecordingStatusCallbackEvent", "in-progress"),
        ("RecordingStatusCallbackMethod", "POST"),
        ("RecordingTrack", "both"),
        ("Trim", "do-not-trim"),
    ]


def test_one_channel_is_asked_for_in_twilios_word():
    twilio = Canteen(RUNNING)
    with reached(twilio):
        recorders.start(CALL, channels=1, callback="https://app.example.com/r")

    assert ("RecordingChannels", "mono") in twilio.asked[0][3]


def test_a_recording_is_never_started_twice():
    twilio = Canteen(BROKEN, RUNNING)
    with reached(twilio), pytest.raises(Unreachable) as silence:
        recorders.start(CALL, channels=2, callback="https://app.example.com/r")

    assert silence.value.maybe_done
    assert len(twilio.asked) == 1


def test_a_recording_that_twilio_had_no_time_for_is_started_after_all():
    twilio = Canteen(BUSY, RUNNING)
    with reached(twilio):
        assert recorders.start(CALL, channels=2, callback="https://app.example.com/r").sid == RECORDING


def test_a_call_that_is_not_live_cannot_be_recorded():
    twilio = Canteen(Canned(400, {"code": 21220, "message": "not in-progress", "status": 400}))
    with reached(twilio), pytest.raises(Refused) as refusal:
        recorders.start(CALL, channels=2, callback="https://app.example.com/r")

    assert refusal.value.code == client.NOT_IN_PROGRESS


@pytest.mark.parametrize(
    ("status", "skip", "said"),
    [
        ("paused", False, [("PauseBehavior", "silence"), ("Status", "paused")]),
        ("paused", True, [("PauseBehavior", "skip"), ("Status", "paused")]),
        ("in-progress", False, [("Status", "in-progress")]),
        ("stopped", True, [("Status", "stopped")]),
    ],
)
def test_a_recording_is_paused_resumed_and_stopped(status, skip, said):
    twilio = Canteen(Canned(200, {"sid": RECORDING, "call_sid": CALL, "status": status}))
    with reached(twilio):
        assert recorders.change(CALL, RECORDING, status, skip=skip).status == status

    ((method, path, _, form),) = twilio.asked
    assert (method, path.rpartition("/Calls/")[2]) == ("POST", f"{CALL}/Recordings/{RECORDING}.json")
    assert sorted(form) == said


def test_a_pause_is_asked_for_again_after_an_unclear_answer():
    twilio = Canteen(BROKEN, Canned(200, {"sid": RECORDING, "status": "paused"}))
    with reached(twilio):
        assert recorders.change(CALL, RECORDING, "paused").status == "paused"

    assert len(twilio.asked) == 2


def test_the_recordings_of_a_call_are_listed():
    listed = [{"sid": sid("RE"), "call_sid": CALL, "status": status} for status in ("in-progress", "completed")]
    twilio = Canteen(Canned(200, {"recordings": listed, "next_page_uri": None}))
    with reached(twilio):
        found = recorders.list_of_call(CALL)

    assert [one.sid for one in found] == [one["sid"] for one in listed]
    assert [one.status for one in found] == ["in-progress", "completed"]


# The same against the simulator

COMPANY, CALLER = "+14155550100", "+14155550199"


class Waiting:
    """An application that lets everybody wait."""

    def send(self, request, timeout):
        text = "<Response><Say>Hello</Say><Pause length='600'/></Response>"
        return HttpReply(200, (("Content-Type", "text/xml"),), text.encode())


class Hum:
    def speech(self, text):
        return b"\x10\x20" * 800 * len(text)

    def mp3(self, wav):
        return wav


@pytest.fixture
def line(settings):
    """A call that is live, and the simulator it is on."""
    made = Simulator(
        account_sid=settings.TWILIO_ACCOUNT_SID, auth_token=settings.TWILIO_AUTH_TOKEN, transport=Waiting(),
        clock=VirtualClock(), voice=Hum(), faults=Faults(),
    )  # fmt: skip
    made.add_number(COMPANY, voice_url="https://app.example.com/voice")
    call = made.dial(CALLER, COMPANY)
    made.advance(1)
    with reached(made, NoAnswer):
        yield made, call


def begin(call):
    return recorders.start(call, channels=2, callback="https://app.example.com/webhooks/recording")


def test_a_talk_is_recorded_but_for_a_pause(line):
    simulator, call = line
    begun = begin(call)
    simulator.advance(10)
    assert recorders.change(call, begun.sid, "paused", skip=True).status == "paused"
    simulator.advance(30)
    assert recorders.change(call, begun.sid, "in-progress").status == "in-progress"
    simulator.advance(10)
    assert recorders.change(call, begun.sid, "stopped").status == "stopped"
    simulator.advance(10)

    (kept,) = recorders.list_of_call(call)
    assert (kept.status, kept.seconds, kept.channels, kept.source) == ("completed", 20, 2, "StartCallRecordingAPI")
    assert client.fetch_call(call).status == "in-progress"


def test_a_recording_whose_answer_was_lost_is_found_at_its_call(line):
    simulator, call = line
    simulator.faults.force("lost", path=call, method="POST")
    with pytest.raises(Unreachable) as silence:
        begin(call)

    assert silence.value.maybe_done
    assert [found.status for found in recorders.list_of_call(call)] == ["in-progress"]


def test_a_stop_whose_answer_was_lost_is_refused_the_second_time(line):
    simulator, call = line
    begun = begin(call)
    simulator.faults.force("lost", path=begun.sid, method="POST")

    with pytest.raises(Refused) as refusal:
        recorders.change(call, begun.sid, "stopped")

    assert refusal.value.code == client.NOT_IN_PROGRESS
    assert recorders.list_of_call(call)[0].status == "stopped"


def test_a_pause_whose_answer_was_lost_is_a_pause(line):
    simulator, call = line
    begun = begin(call)
    simulator.faults.force("lost", path=begun.sid, method="POST")

    assert recorders.change(call, begun.sid, "paused").status == "paused"


def test_a_call_that_is_over_is_not_recorded(line):
    simulator, call = line
    simulator.hang_up(call)

    with pytest.raises(Refused) as refusal:
        begin(call)
    assert refusal.value.code == client.NOT_IN_PROGRESS
