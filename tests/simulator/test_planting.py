"""Recordings for measurements."""

import tracemalloc
import wave
from io import BytesIO

import pytest

from simulator.simulator import SimulatorError
from tests.simulator.rest.sdk import client, get
from tests.simulator.world import ANN, BASE, CALLER, COMPANY, world


def test_a_planted_recording_is_one_like_any_other():
    w = world()

    (sid,) = w.sim.plant(seconds=7200, from_=CALLER)

    twilio = client(w.sim)
    item = twilio.recordings(sid).fetch()
    assert (item.status, item.duration, item.channels) == ("completed", "7200", 2)
    assert item.source == "StartCallRecordingAPI"
    call = twilio.calls(item.call_sid).fetch()
    assert (call.status, call.duration, call._from, call.to) == ("completed", "7200", CALLER, COMPANY)
    assert [each.sid for each in twilio.calls(item.call_sid).recordings.list()] == [sid]
    assert twilio.recordings(sid).delete()
    assert get(w.sim, f"/Recordings/{sid}.wav").status == 404


def test_two_hours_in_two_channels_are_read_in_little_memory():
    w = world()
    (sid,) = w.sim.plant(seconds=7200)
    answer = get(w.sim, f"/Recordings/{sid}.wav")

    tracemalloc.start()
    size = sum(len(piece) for piece in answer.pieces())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size == answer.size == int(answer.headers["Content-Length"]) == 44 + 7200 * 8000 * 4
    assert peak < 5_000_000  # where the sound is 230 MB


def test_its_sound_is_the_same_each_time_and_another_one_for_each():
    w = world()
    first, second = w.sim.plant(seconds=12, count=2)

    def audio(sid, query=""):
        return get(w.sim, f"/Recordings/{sid}.wav{query}").body

    assert audio(first) == audio(first) != audio(second)
    with wave.open(BytesIO(audio(first))) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, 12 * 8000)
    with wave.open(BytesIO(audio(first, "?RequestedChannels=1"))) as file:
        assert file.getnchannels() == 1
        assert len(set(file.readframes(8000))) > 10


def test_one_side_hums_while_the_other_is_silent():
    w = world()
    w.sim.plant(seconds=10)

    for first, second in zip(
        *(zip(*[iter(track)] * 16_000, strict=True) for track in w.sim.recordings[0].tracks), strict=True
    ):
        assert any(first) or any(second)


def test_many_are_planted_at_once():
    w = world()

    sids = w.sim.plant(seconds=180, count=1000)

    assert len(set(sids)) == 1000
    assert [item.sid for item in client(w.sim).recordings.list(page_size=1000)] == sids[::-1]


def test_the_application_is_told_of_them():
    w = world()

    sids = w.sim.plant(seconds=30, count=3, channels=1, to=COMPANY, callback=f"{BASE}/recorded")
    w.sim.advance(1)

    told = w.app.asked("/recorded")
    assert [fields["RecordingSid"] for fields in told] == sids
    assert {(fields["RecordingStatus"], fields["RecordingDuration"]) for fields in told} == {("completed", "30")}
    assert {fields["RecordingChannels"] for fields in told} == {"1"}


@pytest.mark.parametrize(
    "wish", [{"seconds": 0}, {"seconds": 90_000}, {"seconds": 1, "channels": 3}, {"seconds": 1, "count": 0}]
)
def test_what_twilio_could_not_have_is_not_planted(wish):
    w = world()

    with pytest.raises(SimulatorError):
        w.sim.plant(**wish)
    assert w.sim.recordings == []


def test_without_numbers_they_are_of_somebodys_call():
    w = world()
    w.sim.plant(seconds=1, from_=ANN, to="+15005550177")

    assert (w.sim.legs()[0].from_, w.sim.legs()[0].to) == (ANN, "+15005550177")
