from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from compliance.states import Access
from recordings import files
from recordings.actions import Listener
from recordings.models import Copy, Recording
from recordings.ranges import Part
from recordings.states import CopyKind
from recordings.views import sending
from tests.recordings.factories import make_stored, make_user, wav
from tests.recordings.listening import end, logged

pytestmark = pytest.mark.django_db

SOUND = wav(2)
SIZE = len(SOUND)


@pytest.fixture
def recording() -> Recording:
    return make_stored(SOUND, seconds=2)


@pytest.fixture
def listener() -> Listener:
    return Listener(make_user("ann"), "192.0.2.7")


def ask(recording: Recording, listener: Listener, method: str = "get", **headers: str) -> Any:
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return sending.sound(request, recording, copy_of(recording), listener)


def copy_of(recording: Recording) -> Copy:
    return recording.copies.get(kind=CopyKind.ORIGINAL)


def content(response: Any) -> bytes:
    sent = b"".join(response.streaming_content)
    end(response)
    return sent


def test_the_whole_is_sent_where_no_part_is_asked_for(recording: Recording, listener: Listener) -> None:
    response = ask(recording, listener)

    assert (response.status_code, content(response)) == (200, SOUND)
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "audio/wav"


@pytest.mark.parametrize(
    ("header", "part", "told"),
    [
        ("bytes=0-", SOUND, f"bytes 0-{SIZE - 1}/{SIZE}"),
        ("bytes=100-199", SOUND[100:200], f"bytes 100-199/{SIZE}"),
        ("bytes=-50", SOUND[-50:], f"bytes {SIZE - 50}-{SIZE - 1}/{SIZE}"),
        ("bytes=16000-999999", SOUND[16000:], f"bytes 16000-{SIZE - 1}/{SIZE}"),
    ],
)
def test_a_part_is_sent_as_it_is_asked_for(
    recording: Recording, listener: Listener, header: str, part: bytes, told: str
) -> None:
    response = ask(recording, listener, Range=header)

    assert (response.status_code, content(response), response["Content-Range"]) == (206, part, told)
    assert response["Content-Length"] == str(len(part))


def test_a_part_beyond_the_end_is_refused(recording: Recording, listener: Listener) -> None:
    response = ask(recording, listener, Range=f"bytes={SIZE}-")

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert logged() == []


def test_a_part_of_another_file_is_not_sent(recording: Recording, listener: Listener) -> None:
    response = ask(recording, listener, **{"Range": "bytes=1-2", "If-Range": '"other"'})

    assert (response.status_code, content(response)) == (200, SOUND)


def test_several_parts_at_once_are_not_given_and_all_of_it_is_logged(recording: Recording, listener: Listener) -> None:
    assert content(ask(recording, listener, Range="bytes=0-1,5-6")) == SOUND

    assert [detail["bytes"] for detail in logged("detail")] == [[0, SIZE], [0, SIZE]]


def test_head_tells_and_sends_nothing(recording: Recording, listener: Listener) -> None:
    response = ask(recording, listener, "head", Range="bytes=0-9")

    assert (response.status_code, response["Content-Length"], response.content) == (206, "10", b"")
    assert logged() == []


def test_what_is_asked_for_is_logged_before_the_first_byte_and_what_was_sent_after_the_last(
    recording: Recording, listener: Listener
) -> None:
    response = ask(recording, listener, Range="bytes=16044-")
    before = logged()
    content(response)

    assert before == [Access.PLAYED]
    told = {"copy": "original", "bytes": [16_044, SIZE], "size": SIZE, "seconds": [1, 2], "of": 2}
    assert logged("action", "detail", "who", "address") == [
        ("played", told | {"seconds": [1, 2]}, "ann", "192.0.2.7"),
        ("heard", told, "ann", "192.0.2.7"),
    ]


def test_who_breaks_off_has_heard_what_was_sent_until_then(listener: Listener) -> None:
    recording = make_stored(wav(60), seconds=60)
    response = ask(recording, listener)

    first = next(iter(response.streaming_content))
    end(response)

    (asked_for, heard) = logged("detail")
    assert asked_for["bytes"] == [0, 60 * 16_000 + 44]
    assert heard["bytes"] == [0, len(first)]
    assert heard["seconds"][1] < 60


def test_who_hears_nothing_leaves_an_entry_and_no_file_open(recording: Recording, listener: Listener) -> None:
    end(ask(recording, listener))

    assert [detail["bytes"] for detail in logged("detail")] == [[0, SIZE], [0, 0]]


def test_what_cannot_be_logged_is_not_sent(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="appear"):
        ask(recording, Listener(make_user("ann"), "no address"))

    assert logged() == []


def test_sound_that_is_out_ends_well_also_where_the_log_fails_afterwards(
    recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    copy = copy_of(recording)
    unspeakable = Listener(None, "192.0.2.7", reason="\0")  # which no database takes

    pieces = sending.Sent(files.open_range(copy), recording, copy, Part(0, SIZE), unspeakable)

    assert b"".join(pieces) == SOUND
    assert "could not be logged" in caplog.text


def test_audio_that_the_storage_has_lost_is_not_found(recording: Recording, listener: Listener) -> None:
    files.delete(copy_of(recording))

    with pytest.raises(Http404):
        ask(recording, listener)
    assert logged() == []
