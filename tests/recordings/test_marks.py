import io
import wave
from datetime import UTC, datetime
from uuid import UUID

import av
import pytest

from recordings import marks
from recordings.marks import Mark
from tests.recordings.factories import wav

MARK = Mark(UUID("5d1c0000-0000-4000-8000-000000000001"), "jörg/..", datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC), 77)


def with_chunk_before_the_format(sound: bytes) -> bytes:
    more = b"JUNK" + (5).to_bytes(4, "little") + b"abcde\0"
    return b"RIFF" + (len(sound) + len(more) - 8).to_bytes(4, "little") + b"WAVE" + more + sound[12:]


def test_the_mark_says_who_when_and_which_entry() -> None:
    assert MARK.text == (
        "Recording 5d1c0000-0000-4000-8000-000000000001, taken by jörg/.. at 2026-03-02 15:04:05 UTC, "
        "access log entry 77"
    )


def test_the_name_of_the_file_is_one_that_every_machine_takes() -> None:
    assert MARK.name("mp3") == "recording-5d1c0000-j_rg___-20260302T150405Z-log77.mp3"


@pytest.mark.parametrize(
    "made", [lambda sound: sound, with_chunk_before_the_format], ids=["plain", "with a chunk more"]
)
@pytest.mark.parametrize("size", [1, 7, 4096, 1_000_000])
@pytest.mark.parametrize("text", ["even", "odd", "jörg"])
def test_a_marked_file_has_the_comment_and_the_same_sound(made: object, size: int, text: str) -> None:
    sound = made(wav(1, channels=2))  # type: ignore[operator]
    pieces = [sound[place : place + size] for place in range(0, len(sound), size)]

    length, flow = marks.marked(pieces, size=len(sound), text=text)
    data = b"".join(flow)

    assert len(data) == length
    assert int.from_bytes(data[4:8], "little") == length - 8
    with wave.open(io.BytesIO(data)) as marked, wave.open(io.BytesIO(sound)) as plain:
        assert marked.getparams() == plain.getparams()
        assert marked.readframes(99_999) == plain.readframes(99_999)
    with av.open(io.BytesIO(data)) as read:
        assert read.metadata["comment"] == text


@pytest.mark.parametrize(
    "sound", [b"", b"rubbish", b"RIFF\0\0\0\0AVI ", wav(1)[:20], wav(1)[:12] + b"data" + bytes(40), b"RIFF" * 2000]
)
def test_what_is_no_wav_file_gets_no_mark(sound: bytes) -> None:
    with pytest.raises(marks.NoWave):
        marks.marked([sound], size=len(sound), text="x")
