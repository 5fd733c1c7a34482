from array import array
from datetime import UTC, datetime, timedelta

import pytest

from simulator.audio_tracks import lay_out, loud_part, mix, read_wav
from simulator.audio_tracks import wav as wav_of
from simulator.legs import Utterance

START = datetime(2026, 1, 5, tzinfo=UTC)


def pcm(*samples: int) -> bytes:
    return array("h", samples).tobytes()


def tone(seconds: float, level: int = 5000) -> bytes:
    return pcm(level) * round(seconds * 8000)


def said(after: float, seconds: float) -> Utterance:
    return Utterance(START + timedelta(seconds=after), tone(seconds))


@pytest.mark.parametrize(
    ("utterances", "loud"),
    [
        ([], (0, 0)),
        ([said(1, 1)], (1, 2)),
        ([said(-1, 2)], (0, 1)),
        ([said(3, 5)], (3, 4)),
        ([said(-5, 1), said(9, 1)], (0, 0)),
        ([said(-1, 9)], (0, 4)),
        ([said(0.5, 0.5), said(3, 0.5)], (0.5, 3.5)),
    ],
)
def test_what_was_said_lies_at_its_time_and_inside_the_recording(utterances, loud):
    track = lay_out(utterances, START, START + timedelta(seconds=4))

    assert len(track) == 4 * 8000 * 2
    assert tuple(place / 8000 for place in loud_part([track])) == loud


def test_two_voices_are_added_and_never_overflow():
    assert mix([pcm(1, -2, 30000, -30000), pcm(1, 5, 30000, -30000)]) == pcm(2, 3, 32767, -32768)


def test_a_whisper_of_noise_is_silence():
    assert loud_part([tone(1, level=200)]) == (0, 0)


def test_two_tracks_become_the_two_channels_of_a_file():
    assert wav_of([pcm(1, 2), pcm(8, 9)]).endswith(pcm(1, 8, 2, 9))


def test_a_wav_file_is_read_back():
    assert read_wav(wav_of([tone(0.1)])) == tone(0.1)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"x" * 100])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="no WAV"):
        read_wav(data)
