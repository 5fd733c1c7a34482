import io
import tracemalloc
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.audio import NotSound, blocks, shape_of, silence
from tests.recordings.speech.factories import write_wav

RATE = 8000
HALF_AN_HOUR = 30 * 60


def tone(seconds, loud=0.5):
    return loud * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE)) / RATE)


def samples(sound):
    return np.concatenate(list(blocks(sound)))


@pytest.fixture(scope="module")
def long_sound(tmp_path_factory):
    """Half an hour of two channels: 57 MB, written in pieces."""
    path = tmp_path_factory.mktemp("sound") / "long.wav"
    minute = (np.stack([tone(60), tone(60, 0.25)], axis=1) * 32767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _minute in range(HALF_AN_HOUR // 60):
            file.writeframesraw(minute)
    return path


@pytest.fixture
def memory():
    """Give a function that tells how many megabytes were held at most since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()


def test_the_shape_is_that_of_the_header(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(1.5), tone(1.5))

    shape = shape_of(path)

    assert (shape.channels, shape.rate, shape.frames, shape.seconds) == (2, 8000, 12000, 1.5)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"<html></html>", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_is_no_sound_is_named_so(data):
    for use in (shape_of, lambda file: list(blocks(file))):
        with pytest.raises(NotSound, match="no WAV file"):
            use(io.BytesIO(data))


def test_samples_of_another_width_are_refused():
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(3)
        writer.setframerate(8000)
        writer.writeframes(bytes(300))

    with pytest.raises(NotSound, match="24 bits"):
        shape_of(file)


def test_a_span_is_silent_on_its_channel_alone_and_a_little_around(tmp_path):
    path, target = write_wav(tmp_path / "a.wav", tone(30), tone(30, 0.2)), tmp_path / "b.wav"

    silence(path, target, {0: [(5.0, 6.0), (19.9, 20.5)], 1: []})

    before, after = samples(path), samples(target)
    assert shape_of(target) == shape_of(path)
    assert not after[int(4.81 * RATE) : int(6.19 * RATE), 0].any()
    assert not after[int(19.71 * RATE) : int(20.69 * RATE), 0].any()
    assert (after[: int(4.79 * RATE)] == before[: int(4.79 * RATE)]).all()
    assert (after[int(6.21 * RATE) : int(19.69 * RATE)] == before[int(6.21 * RATE) : int(19.69 * RATE)]).all()
    assert (after[:, 1] == before[:, 1]).all()


@given(st.lists(st.tuples(st.floats(-2, 5), st.floats(-2, 5)), max_size=4))
def test_any_spans_silence_what_lies_within_them_and_nothing_far_from_them(spans):
    path = io.BytesIO()
    with wave.open(path, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(100)
        writer.writeframes(np.full(300, 1000, "<i2").tobytes())
    target = io.BytesIO()
    spans = [(min(span), max(span)) for span in spans]

    silence(path, target, {0: spans})

    after = samples(target)[:, 0]
    for index, sample in enumerate(after):
        at = index / 100
        if any(start <= at <= end for start, end in spans):
            assert sample == 0
        if all(at < start - 0.25 or at > end + 0.25 for start, end in spans):
            assert sample == 1000


def test_a_channel_that_is_not_there_is_not_silenced_in_silence(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(1))

    with pytest.raises(ValueError, match="channel 1 was to be silenced"):
        silence(path, tmp_path / "b.wav", {1: [(0.0, 1.0)]})

    assert not (tmp_path / "b.wav").exists()


def test_a_file_that_breaks_off_is_copied_as_far_as_it_goes(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(2), tone(2))
    path.write_bytes(path.read_bytes()[:-1001])

    silence(path, tmp_path / "b.wav", {0: [(0.0, 0.5)]})

    assert shape_of(tmp_path / "b.wav").frames == 2 * RATE - 251


def test_half_an_hour_is_worked_on_in_little_memory(long_sound, tmp_path, memory):
    silence(long_sound, tmp_path / "b.wav", {0: [(at, at + 1.0) for at in range(0, HALF_AN_HOUR, 20)], 1: [(7.0, 9.0)]})
    assert memory() < 5
