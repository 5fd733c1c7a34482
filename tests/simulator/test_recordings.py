"""Whose voice is in which recording."""

from array import array

import pytest

from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BASE, COMPANY, world


def loudness(track: bytes) -> list[bool]:
    """Whether each second of a track holds sound."""
    samples = array("h", track)
    return [max(samples[i : i + 8000]) > 300 for i in range(0, len(samples) - 4000, 8000)]


def bridged(record: str, extra: str = ""):
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial record='{record}' {extra}>{ANN}</Dial>")
    w.sim.advance(2.5)
    w.sim.speak(leg.sid, "x" * 15)
    w.sim.advance(2)
    w.sim.speak(leg.bridged.sid, "y" * 15)
    w.sim.advance(2)
    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()
    return w.sim.recordings[0]


def test_two_channels_hold_the_caller_and_the_called():
    caller, called = bridged("record-from-answer-dual").tracks

    assert loudness(caller) == [True, False, False, False]
    assert loudness(called) == [False, False, True, False]


def test_one_channel_holds_both():
    (both,) = bridged("record-from-answer").tracks

    assert loudness(both) == [True, False, True, False]


@pytest.mark.parametrize(
    ("track", "expected"), [("inbound", [True, False, False, False]), ("outbound", [False, False, True, False])]
)
def test_one_party_alone(track, expected):
    (one,) = bridged("record-from-answer", f"recordingTrack='{track}'").tracks

    assert loudness(one) == expected


def test_a_recording_from_ringing_begins_before_the_answer():
    recording = bridged("record-from-ringing")

    assert recording.seconds == 6.5
    assert loudness(recording.tracks[0])[0] is False


def test_a_trimmed_one_begins_and_ends_with_a_voice():
    assert bridged("record-from-answer", "trim='trim-silence'").duration == 3


def test_a_whole_call_holds_twilios_voice_and_the_persons():
    w = world()
    w.phone(ANN, "answers")
    w.page("/hello", f"<Pause/><Say>{'x' * 15}</Say><Pause length='3'/>")
    made = client(w.sim).calls.create(
        to=ANN, from_=COMPANY, url=f"{BASE}/hello", record=True, recording_channels="dual", trim="do-not-trim"
    )
    w.sim.advance(2.5 + 3)
    w.sim.speak(made.sid, "y" * 15)
    w.sim.run_until_idle()

    person, twilio = w.sim.recordings[0].tracks
    assert loudness(person) == [False, False, False, True, False]
    assert loudness(twilio) == [False, True, False, False, False]


def test_something_said_before_the_beep_is_not_in_a_voicemail():
    w = world()
    w.page("/done", "")
    leg = w.call(f"<Say>{'x' * 60}</Say><Record action='/done' trim='do-not-trim' timeout='2'/>")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "too early")
    w.sim.run_until_idle()

    assert True not in loudness(w.sim.recordings[0].tracks[0])
