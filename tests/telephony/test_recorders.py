"""What we ask of a live call's recordings."""

import pytest

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
