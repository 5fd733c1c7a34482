"""Recordings by REST: metadata, audio, deletion."""

import json
import wave
from io import BytesIO

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import authorization, client, get
from tests.simulator.world import ANN, world


def recorded(sentences: int = 1):
    """A world with voicemails."""
    w = world()
    w.page("/done", "")
    for _ in range(sentences):
        leg = w.call("<Record action='/done' timeout='2'/>")
        w.sim.advance(1)
        w.sim.speak(leg.sid, "Please call me back")
        w.sim.run_until_idle()
    return w, client(w.sim)


def test_recordings_are_listed_for_the_account_and_for_a_call():
    w, twilio = recorded(3)
    leg = w.sim.legs()[1]

    assert [item.sid for item in twilio.recordings.list()] == [item.sid for item in reversed(w.sim.recordings)]
    (of_call,) = twilio.calls(leg.sid).recordings.list()
    assert of_call.sid == w.sim.recordings[1].sid
    assert of_call.track == "both"
    assert [item.sid for item in twilio.recordings.list(call_sid=leg.sid)] == [of_call.sid]


def test_a_recording_has_every_field():
    w, twilio = recorded()

    item = twilio.recordings(w.sim.recordings[0].sid).fetch()

    assert item.status == "completed"
    assert item.source == "RecordVerb"
    assert item.duration == "1"
    assert item.channels == 1
    assert item.error_code is None
    assert item.media_url == f"https://api.twilio.com/2010-04-01/Accounts/{item.account_sid}/Recordings/{item.sid}"
    assert set(item.subresource_uris) == {"add_on_results", "transcriptions"}


@pytest.mark.parametrize("base", ["/Recordings", "/Calls/{call}/Recordings"])
@pytest.mark.parametrize(
    ("extension", "kind", "begins"),
    [("", "audio/x-wav", b"RIFF"), (".wav", "audio/x-wav", b"RIFF"), (".mp3", "audio/mpeg", b"ID3")],
)
def test_audio_comes_as_wav_and_mp3(base, extension, kind, begins):
    w, _ = recorded()
    recording = w.sim.recordings[0]

    response = get(w.sim, f"{base.format(call=recording.leg.sid)}/{recording.sid}{extension}")

    assert response.status == 200
    assert response.headers["Content-Type"] == kind
    assert response.body.startswith(begins)


def dual():
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial record='record-from-answer-dual'>{ANN}</Dial>")
    w.sim.advance(3)
    w.sim.speak(leg.sid, "Hello there")
    w.sim.advance(3)
    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()
    return w


@pytest.mark.parametrize(("wanted", "channels"), [("", 2), ("?RequestedChannels=2", 2), ("?RequestedChannels=1", 1)])
def test_two_channels_can_be_had_as_one(wanted, channels):
    w = dual()

    response = get(w.sim, f"/Recordings/{w.sim.recordings[0].sid}.wav{wanted}")

    with wave.open(BytesIO(response.body)) as file:
        assert file.getnchannels() == channels
        assert file.getnframes() == len(w.sim.recordings[0].tracks[0]) // 2


def test_one_channel_cannot_be_had_as_two():
    w, _ = recorded()

    response = get(w.sim, f"/Recordings/{w.sim.recordings[0].sid}.wav?RequestedChannels=2")

    assert response.status == 400
    assert b"16113" in response.body


def test_audio_is_not_there_before_it_is_processed():
    w = world()
    w.page("/done", "")
    leg = w.call("<Record action='/done'/>")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "Hello")
    w.sim.advance(2)
    twilio, recording = client(w.sim), w.sim.recordings[0]

    assert get(w.sim, f"/Recordings/{recording.sid}.wav").status == 404
    with pytest.raises(TwilioRestException) as refused:
        twilio.recordings(recording.sid).delete()
    assert refused.value.code == 20009


def test_a_deleted_recording_is_gone_but_its_metadata_stays_forty_days():
    w, twilio = recorded(2)
    sid = w.sim.recordings[0].sid

    assert twilio.recordings(sid).delete()

    assert get(w.sim, f"/Recordings/{sid}.wav").status == 404
    assert [item.sid for item in twilio.recordings.list()] == [w.sim.recordings[1].sid]
    for attempt in (twilio.recordings(sid).fetch, twilio.recordings(sid).delete):
        with pytest.raises(TwilioRestException) as gone:
            attempt()
        assert (gone.value.status, gone.value.code) == (404, 20404)
    assert twilio.recordings(sid).fetch(include_soft_deleted=True).status == "deleted"
    assert len(twilio.recordings.list(include_soft_deleted=True)) == 2

    w.sim.advance(41 * 86_400)

    assert get(w.sim, f"/Recordings/{sid}.json?IncludeSoftDeleted=true").status == 404


def test_all_can_be_deleted_while_they_are_listed_in_pages():
    w, twilio = recorded(5)

    for item in twilio.recordings.stream(page_size=2):
        item.delete()

    assert twilio.recordings.list() == []
    assert {item.status for item in w.sim.recordings} == {"deleted"}


def test_audio_is_public_unless_wrong_credentials_are_shown():
    w, _ = recorded()
    path = f"/Recordings/{w.sim.recordings[0].sid}"

    assert get(w.sim, path, login="").status == 200
    assert get(w.sim, path, login=authorization(secret="wrong")).status == 401
    assert get(w.sim, f"{path}.json", login="").status == 401


@pytest.mark.parametrize(("fault", "status", "code"), [("404", 404, 20404), ("429", 429, 20429), ("500", 500, 20500)])
def test_audio_can_be_kept_back(fault, status, code):
    w, _ = recorded()
    path = f"/Recordings/{w.sim.recordings[0].sid}.wav"
    w.sim.faults.force(fault, path="/Recordings/")

    refused = get(w.sim, path)

    assert (refused.status, json.loads(refused.body)["code"]) == (status, code)
    assert get(w.sim, path).status == 200
    assert w.sim.violations == []


@pytest.mark.parametrize(("fault", "promised"), [("cut", 1.0), ("short", 0.5)])
def test_audio_can_come_by_half(fault, promised):
    w, _ = recorded()
    path = f"/Recordings/{w.sim.recordings[0].sid}.wav"
    whole = get(w.sim, path)
    w.sim.faults.force(fault)

    half = get(w.sim, path)

    assert int(whole.headers["Content-Length"]) == len(whole.body)
    assert half.status == 200
    assert half.body == whole.body[: len(whole.body) // 2]
    assert int(half.headers["Content-Length"]) == int(len(whole.body) * promised)


def test_faults_of_audio_befall_nothing_else():
    w, twilio = recorded()
    faults = w.sim.faults
    faults.media_404 = faults.media_cut = 1.0

    assert twilio.recordings(w.sim.recordings[0].sid).fetch().status == "completed"
    assert twilio.recordings.list()


def test_a_finished_recording_may_be_held_for_a_while():
    w, twilio = recorded()
    sid = w.sim.recordings[0].sid
    w.sim.faults.rest_held, w.sim.faults.held_seconds = 1.0, 3600

    with pytest.raises(TwilioRestException) as held:
        twilio.recordings(sid).delete()
    w.sim.advance(3600)

    assert (held.value.status, held.value.code) == (400, 20009)
    assert twilio.recordings(sid).delete()
