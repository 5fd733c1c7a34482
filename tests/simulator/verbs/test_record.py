"""Record: what ends it, what its action gets, what is in the audio, and what is announced."""

import wave
from io import BytesIO

import pytest

from simulator.audio_tracks import loud_part, wav
from tests.simulator.world import pick, world

TOLD = ("RecordingDuration", "Digits")


def record(attributes: str = ""):
    w = world()
    w.page("/done", "<Say>Bye</Say>")
    leg = w.call(
        f"<Record action='/done' recordingStatusCallback='/rec' "
        f"recordingStatusCallbackEvent='in-progress completed absent' {attributes}/><Say>Never</Say>"
    )
    w.sim.advance(0.5)  # the beep
    return w, leg


def test_silence_after_speech_ends_it():
    w, leg = record("timeout='3'")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "x" * 30)

    w.sim.advance(4.9)
    assert w.app.asked("/done") == []
    w.sim.advance(0.2)

    assert pick(w.app.asked("/done")[0], *TOLD) == {"RecordingDuration": "6", "Digits": ""}
    assert leg.heard[1].kind == "beep"


@pytest.mark.parametrize(
    ("attributes", "key", "ends"),
    [
        ("", "5", True),
        ("", "*", True),
        ("finishOnKey='#'", "5", False),
        ("finishOnKey='#'", "#", True),
        ("finishOnKey=''", "#", False),
    ],
)
def test_a_finishing_key_ends_it(attributes, key, ends):
    w, leg = record(f"timeout='0' {attributes}")
    w.sim.speak(leg.sid, "Hello there")
    w.sim.advance(2)

    w.sim.press(leg.sid, key)

    assert [entry["Digits"] for entry in w.app.asked("/done")] == ([key] if ends else [])
    assert ("Bye" in leg.heard_text) is ends


def test_it_is_never_longer_than_its_limit():
    w, leg = record("maxLength='4'")
    w.sim.speak(leg.sid, "x" * 300)
    w.sim.run_until_idle()

    assert pick(w.app.asked("/done")[0], *TOLD) == {"RecordingDuration": "4", "Digits": ""}
    assert w.sim.recordings[0].duration == 4


def test_silence_of_zero_seconds_switches_the_silence_off():
    w, leg = record("timeout='0' maxLength='60'")
    w.sim.advance(59)
    assert leg.doing == "recording"

    w.sim.advance(2)

    assert len(w.app.asked("/done")) == 1


def test_a_hang_up_is_told_too_and_the_answer_does_not_run():
    w, leg = record()
    w.sim.speak(leg.sid, "Please call me back")
    w.sim.advance(2)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/done")
    assert pick(fields, *TOLD, "CallStatus") == {
        "RecordingDuration": "2",
        "Digits": "hangup",
        "CallStatus": "completed",
    }
    assert fields["RecordingSid"] == w.sim.recordings[0].sid
    assert "Bye" not in leg.heard_text
    assert w.sim.recordings[0].status == "completed"


def test_a_hang_up_in_the_beep_leaves_a_recording_that_is_absent():
    w = world()
    w.page("/done", "")
    leg = w.call("<Record action='/done'/>")
    w.sim.advance(0.1)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    assert pick(w.app.asked("/done")[0], *TOLD) == {"RecordingDuration": "0", "Digits": "hangup"}
    assert (w.sim.recordings[0].status, w.sim.recordings[0].error_code) == ("absent", 16101)


def test_without_an_action_the_same_document_is_asked_again():
    w = world()
    w.page("/voice", "<Record maxLength='2'/>", "<Say>Again</Say>")
    leg = w.call()
    w.sim.run_until_idle()

    assert "RecordingUrl" in w.app.asked("/voice")[1]
    assert leg.heard_text == "Again"


def test_its_callbacks_come_later_and_once_each():
    w, leg = record()
    w.sim.speak(leg.sid, "x" * 45)
    w.sim.advance(9)
    assert [entry["RecordingStatus"] for entry in w.app.asked("/rec")] == ["in-progress"]

    w.sim.run_until_idle()

    begun, done = w.app.asked("/rec")
    assert pick(done, "RecordingStatus", "RecordingDuration", "RecordingChannels", "RecordingSource", "ErrorCode") == {
        "RecordingStatus": "completed",
        "RecordingDuration": "3",
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        "ErrorCode": "0",
    }
    assert done["RecordingStartTime"] == "Mon, 05 Jan 2026 15:00:00 +0000"
    assert done["CallSid"] == leg.sid
    assert "From" not in done
    assert "RecordingDuration" not in begun


def test_by_default_only_a_completed_recording_is_announced():
    w = world()
    w.page("/done", "")
    w.call("<Record action='/done' recordingStatusCallback='/rec'/>")
    w.sim.run_until_idle()

    assert w.sim.recordings[0].status == "absent"
    assert w.app.asked("/rec") == []


@pytest.mark.parametrize(
    ("attributes", "status"), [("trim='trim-silence'", "absent"), ("", "absent"), ("trim='do-not-trim'", "completed")]
)
def test_silence_is_absent_unless_it_is_not_trimmed(attributes, status):
    w, _ = record(attributes)
    w.sim.run_until_idle()

    last = w.app.asked("/rec")[-1]
    assert last["RecordingStatus"] == status
    assert last["ErrorCode"] == ("16102" if status == "absent" else "0")


def test_the_audio_holds_what_was_said_when_it_was_said():
    w, leg = record("trim='do-not-trim' timeout='2'")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "x" * 15)
    w.sim.run_until_idle()

    (recording,) = w.sim.recordings
    first, last = loud_part(recording.audio)
    assert len(recording.tracks[0]) == 2 * 8000 * 4
    assert (round(first / 8000, 1), round(last / 8000, 1)) == (1.0, 2.0)
    with wave.open(BytesIO(recording.wav())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 8000, 2)


def test_trimmed_audio_is_only_what_was_said():
    w, leg = record("timeout='2'")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "x" * 30)
    w.sim.run_until_idle()

    assert w.sim.recordings[0].duration == 2
    assert w.app.asked("/done")[0]["RecordingDuration"] == "5"


def test_speech_is_cut_where_the_recording_ends():
    w, leg = record()
    w.sim.speak(leg.sid, "x" * 150)
    w.sim.advance(3)
    w.sim.press(leg.sid, "#")
    w.sim.run_until_idle()

    assert w.sim.recordings[0].duration == 3


def test_a_microphone_is_recorded_as_it_is():
    w, leg = record("timeout='2' trim='do-not-trim'")
    samples = b"\x10\x27" * 8000

    w.sim.speak_audio(leg.sid, wav([samples]))
    w.sim.run_until_idle()

    assert w.sim.recordings[0].tracks[0].startswith(samples)
    assert w.sim.recordings[0].tracks[0].endswith(b"\0\0" * 8000)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [("finishOnKey='abc'", 13613), ("maxLength='0'", 13612), ("maxLength='99999'", 13612), ("playBeep='x'", 13616)],
)
def test_a_wrong_value_is_a_warning(attributes, code):
    w, leg = record(attributes)
    w.sim.speak(leg.sid, "hello")
    w.sim.run_until_idle()

    assert w.codes() == [code]
    assert len(w.app.asked("/done")) == 1


def test_transcription_is_not_executed_and_that_is_said():
    w, _ = record("transcribe='true'")

    assert "not executed by this simulator yet" in w.sim.violations[0].text
