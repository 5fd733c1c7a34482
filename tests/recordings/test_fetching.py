from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from recordings import fetching, files, spool
from recordings.fetching import Sound, StillThere, Unusable
from recordings.files import Stopped
from recordings.states import State
from telephony import client
from telephony.transport import session
from tests.recordings.factories import make_copy, make_recording, make_stored, wav
from tests.scripted import Scripted, twilio

pytestmark = pytest.mark.django_db  # the cap on requests to Twilio is kept in the database


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    with twilio() as script:
        yield script


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def always() -> bool:
    return True


def test_audio_comes_into_the_spool_sealed_with_its_hash(script: Scripted) -> None:
    recording, sound = make_recording(state=State.READY), wav(3)
    script.answer(f"/Recordings/{recording.sid}.wav", 200, sound)

    file = fetching.fetch(recording, goes_on=always)

    assert (file.size, len(file.sha256), file.key_id) == (len(sound), 64, "tests")
    assert b"".join(files.read_back(file, goes_on=always)) == sound
    (spooled,) = spool.folder().iterdir()
    assert sound[100:200] not in spooled.read_bytes()
    assert script.requests[0][1].startswith("Basic ")


@pytest.mark.parametrize(("told", "asked"), [(1, ""), (2, "RequestedChannels=2"), (None, "")])
def test_two_channels_are_asked_for_where_there_are_two(script: Scripted, told: int | None, asked: str) -> None:
    script.answer(".wav", 200, wav(3))

    fetching.fetch(make_recording(state=State.READY, channels=told), goes_on=always)

    assert [query for query in script.queries if query] == ([asked] if asked else [])


def test_one_connection_serves_one_recording_after_the_other(settings: Any) -> None:
    callers = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            callers.add(self.client_address)
            self.send_response(200)
            self.send_header("Content-Length", str(len(wav(3))))
            self.end_headers()
            self.wfile.write(wav(3))

        def log_message(self, *_arguments: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        settings.TWILIO_API_BASE_URL = f"http://127.0.0.1:{server.server_port}"
        try:
            for _ in range(3):
                fetching.fetch(make_recording(state=State.READY), goes_on=always)
        finally:
            session().close()  # the server waits for whoever is connected
            server.shutdown()

    assert len(callers) == 1


def test_where_twilio_has_kept_but_one_channel_it_is_taken(script: Scripted) -> None:
    script.answer(".wav?RequestedChannels=2", 400, {"code": 16113, "message": "no dual channel", "status": 400})
    script.answer(".wav", 200, wav(3))

    file = fetching.fetch(make_recording(state=State.READY, channels=2), goes_on=always)

    assert file.size == len(wav(3))


@pytest.mark.parametrize(
    ("sound", "claimed", "words"), [(wav(3)[:-1000], len(wav(3)), "broke off"), (b"", len(wav(3)), "broke off")]
)
def test_half_a_file_is_refused_and_nothing_of_it_is_left(
    script: Scripted, sound: bytes, claimed: int, words: str
) -> None:
    script.answer(".wav", 200, sound, claimed_length=claimed)

    with pytest.raises((Unusable, client.Unreachable), match=words):
        fetching.fetch(make_recording(state=State.READY), goes_on=always)

    assert list(spool.folder().iterdir()) == []


def test_a_worker_that_has_lost_its_claim_stops_and_leaves_nothing(script: Scripted) -> None:
    script.answer(".wav", 200, wav(3))

    with pytest.raises(Stopped):
        fetching.fetch(make_recording(state=State.READY), goes_on=lambda: False)

    assert list(spool.folder().iterdir()) == []


def test_audio_that_is_gone_is_refused(script: Scripted) -> None:
    script.refuse(".wav")

    with pytest.raises(client.Refused):
        fetching.fetch(make_recording(state=State.READY), goes_on=always)


@pytest.mark.parametrize(
    ("sound", "told", "words"),
    [
        (wav(30)[:100_000], 30, "breaks off after 6 of 30 seconds"),
        (wav(3), 30, "lasts 3 seconds, Twilio told of 30"),
        (b"<html>Not what you wanted</html>", 3, "no WAV audio"),
        (b"", 3, "no WAV audio"),
    ],
)
def test_what_is_not_the_recording_is_not_verified(sound: bytes, told: int, words: str) -> None:
    copy = make_copy(make_recording(state=State.FETCHED), sound)

    with pytest.raises(Unusable, match=words):
        fetching.verify(copy, told_seconds=told, goes_on=always)


@pytest.mark.parametrize("told", [2, 3, 4, None])
def test_a_length_that_is_about_right_is_right(told: int | None) -> None:
    copy = make_copy(make_recording(state=State.FETCHED), wav(3))

    assert fetching.verify(copy, told_seconds=told, goes_on=always) == Sound(3, 1)


def test_what_lies_in_the_spool_is_compared_with_what_came(settings: Any) -> None:
    settings.RECORDINGS_KEYS = ""  # a sealed one is not even opened
    copy = make_copy(make_recording(state=State.FETCHED), wav(3))
    (spooled,) = spool.folder().iterdir()
    spooled.write_bytes(wav(3).replace(b"\x01\x02", b"\x02\x01"))

    with pytest.raises(files.Damaged):
        fetching.verify(copy, told_seconds=3, goes_on=always)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("channels", [1, 2])
def test_length_is_measured_by_the_files_own_header(rate: int, channels: int) -> None:
    sound = wav(2, rate=rate, channels=channels)

    assert fetching.measured(sound[:1000], len(sound)) == Sound(2, channels)


def test_at_twilio_it_is_deleted_only_after_ours_was_read_from_end_to_end(script: Scripted) -> None:
    recording = make_stored(wav(3), clears=True)
    copy = recording.copies.get()
    script.answer("DELETE .json", 204, b"")
    script.refuse(".json")

    fetching.clear(recording, copy, goes_on=always)
    assert [method for method, _path in script.asked] == ["DELETE", "GET"]

    script.asked.clear()
    files.delete(copy)
    with pytest.raises(files.Missing):
        fetching.clear(recording, copy, goes_on=always)
    assert script.asked == []


def test_what_twilio_still_tells_of_is_not_gone(script: Scripted) -> None:
    recording = make_stored(wav(3), clears=True)
    script.answer("DELETE .json", 204, b"")
    script.answer(".json", 200, {"sid": recording.sid, "status": "completed"})

    with pytest.raises(StillThere, match="still tells of it"):
        fetching.clear(recording, recording.copies.get(), goes_on=always)
