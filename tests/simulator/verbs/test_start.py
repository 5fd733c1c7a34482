"""Start and Stop of a recording in a document."""

import pytest

from tests.simulator.rest.sdk import client
from tests.simulator.world import BASE, pick, world


def ended(w, leg):
    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()
    return w.sim.recordings


def test_a_recording_runs_beside_the_document_and_through_later_ones():
    w = world()
    w.page("/next", f"<Say>{'x' * 30}</Say><Pause length='60'/>")
    leg = w.call(
        f"<Say>{'x' * 15}</Say><Start><Recording recordingStatusCallback='{BASE}/recorded' "
        "recordingStatusCallbackEvent='in-progress completed' trim='do-not-trim'/></Start><Redirect>/next</Redirect>"
    )
    w.sim.advance(1 + 10)

    (recording,) = ended(w, leg)
    assert (recording.duration, recording.wish.channels) == (10, 2)
    began, over = w.app.asked("/recorded")
    assert pick(began, "RecordingStatus", "RecordingSource", "RecordingChannels") == {
        "RecordingStatus": "in-progress",
        "RecordingSource": "StartCallRecordingTwiML",
        "RecordingChannels": "2",
    }
    assert pick(over, "RecordingStatus", "RecordingDuration") == {
        "RecordingStatus": "completed",
        "RecordingDuration": "10",
    }
    assert w.codes() == []


def test_it_begins_with_the_answer_when_the_call_is_not_answered_yet():
    w = world()
    started = "<Start><Recording trim='do-not-trim' channels='mono'/></Start>"
    leg = w.call(f"{started}<Pause length='3'/><Say>Hello</Say><Pause length='9'/>")
    w.sim.advance(3)
    begun = leg.answered
    w.sim.advance(5)

    (recording,) = ended(w, leg)
    assert recording.started == begun
    assert recording.wish.channels == 1


def test_silence_is_trimmed_unless_it_is_asked_for():
    w = world()
    leg = w.call(f"<Start><Recording/></Start><Say>{'x' * 30}</Say><Pause length='60'/>")
    w.sim.advance(20)

    assert ended(w, leg)[0].duration == 2


def test_a_track_is_told_but_both_are_recorded():
    w = world()
    leg = w.call(
        f"<Start><Recording track='inbound' trim='do-not-trim' recordingStatusCallback='{BASE}/recorded'/></Start>"
        f"<Say>{'x' * 30}</Say><Pause length='60'/>"
    )
    w.sim.advance(3)

    (recording,) = ended(w, leg)
    assert w.app.asked("/recorded")[0]["RecordingTrack"] == "inbound"
    assert [any(track) for track in recording.tracks] == [False, True]


def test_a_named_one_is_stopped_by_its_name_and_the_call_goes_on():
    w = world()
    leg = w.call(
        "<Say>Hello</Say><Start><Recording name='talk' trim='do-not-trim'/></Start><Pause length='5'/>"
        "<Stop><Recording name='other'/></Stop><Stop><Recording/></Stop><Stop><Recording name='talk'/></Stop>"
        "<Pause length='60'/>"
    )
    w.sim.advance(20)

    assert leg.status == "in-progress"
    assert [item.duration for item in w.sim.recordings] == [5]
    assert [found.text.rpartition("name ")[2] for found in w.sim.violations] == ['"other"', '""']


def test_a_name_is_there_once_and_is_free_again():
    w = world()
    one = "<Start><Recording name='talk' trim='do-not-trim'/></Start><Pause length='2'/>"
    leg = w.call(f"<Say>Hello</Say>{one}{one}<Stop><Recording name='talk'/></Stop>{one}<Pause length='60'/>")
    w.sim.advance(20)

    assert len(ended(w, leg)) == 2
    assert len(w.sim.violations) == 1


def test_it_is_steered_by_rest_beside_one_of_rests_own():
    w = world()
    leg = w.call("<Say>Hello</Say><Start><Recording name='talk' trim='do-not-trim'/></Start><Pause length='60'/>")
    w.sim.advance(1)
    twilio = client(w.sim)
    twilio.calls(leg.sid).recordings.create()
    by_document = next(item for item in twilio.calls(leg.sid).recordings.list() if item.channels == 2)

    assert by_document.source == "StartCallRecordingTwiML"
    assert by_document.update(status="paused").status == "paused"
    assert len(w.sim.recordings) == 2


def test_its_callback_must_be_absolute():
    w = world()
    leg = w.call("<Say>Hello</Say><Start><Recording recordingStatusCallback='/recorded'/></Start><Pause length='60'/>")
    w.sim.advance(5)

    assert len(ended(w, leg)) == 1
    assert w.codes() == [11200]
    assert w.app.asked("/recorded") == []


@pytest.mark.parametrize(
    "nouns", ["<Stream url='wss://example.com/s'/>", "<Siprec connectorName='x'/>", "<Transcription/>"]
)
def test_other_nouns_are_not_executed(nouns):
    w = world()
    leg = w.call(f"<Start>{nouns}</Start><Say>Afterwards</Say>")
    w.sim.run_until_idle()

    assert leg.heard_text == "Afterwards"
    assert "is not executed by this simulator yet" in w.sim.violations[0].text
