import io
import tracemalloc
import wave
from collections.abc import Iterator

import av
import numpy as np
import pytest

from recordings import flow
from recordings.audio import NotSound
from recordings.flow import Form
from tests.recordings.factories import wav


def made(samples: "np.ndarray", rate: int = 8000) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[place : place + size] for place in range(0, len(data), size))


def tone(seconds: float, *, channels: int = 1, rate: int = 8000) -> "np.ndarray":
    moments = np.arange(int(seconds * rate)) / rate
    return np.column_stack([np.sin(moments * 2764) * 12_000 / (channel + 1) for channel in range(channels)])


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("size", [1, 3, 4097, 1_000_000])
def test_samples_are_the_same_whatever_the_pieces(channels: int, size: int) -> None:
    samples = tone(0.2, channels=channels).astype(np.int16)

    form, blocks = flow.split(in_pieces(made(samples), size))

    assert form == Form(8000, channels, 44, 1600)
    assert np.array_equal(np.concatenate(list(blocks)), samples)


def test_what_comes_after_the_sound_is_no_sound() -> None:
    _form, blocks = flow.split([wav(1) + b"LIST" + bytes(100)])

    assert sum(len(block) for block in blocks) == 8000


@pytest.mark.parametrize("data", [b"", b"rubbish", wav(1)[:30]])
def test_what_is_no_wav_file_is_no_sound(data: bytes) -> None:
    with pytest.raises(NotSound):
        flow.split([data])


def test_sound_of_other_widths_is_none_of_ours() -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(100))

    with pytest.raises(NotSound, match="8 bits"):
        flow.split([buffer.getvalue()])


def test_a_wave_form_tells_how_loud_each_channel_gets() -> None:
    samples = np.zeros((8000, 2))
    samples[4000:, 0], samples[:2000, 1] = -32_768, 16_384

    first, second = flow.wave_form(*flow.split([made(samples)]), bars=4)

    assert (first, second) == ([0, 0, 100, 100], [50, 0, 0, 0])


@pytest.mark.parametrize("frames", [0, 1, 3])
def test_a_very_short_sound_has_a_wave_form_too(frames: int) -> None:
    (bars,) = flow.wave_form(*flow.split([made(np.full((frames, 1), 32_767))]))

    assert (len(bars), max(bars)) == (600, 100 if frames else 0)


@pytest.mark.parametrize("channels", [1, 2])
def test_an_mp3_file_has_the_same_sound_and_a_comment(channels: int) -> None:
    data = made(tone(2, channels=channels))

    mp3 = b"".join(flow.mp3(*flow.split(in_pieces(data, 5000)), comment="taken by Zoë"))

    with av.open(io.BytesIO(mp3)) as read:
        assert read.metadata["comment"] == "taken by Zoë"
        frames = [frame.to_ndarray() for frame in read.decode(audio=0)]
    heard = np.concatenate(frames, axis=1)
    assert heard.shape[0] == channels
    assert 2.0 <= heard.shape[1] / 8000 < 2.3
    loudness = np.sqrt(np.mean(heard**2, axis=1))
    assert loudness == pytest.approx([12_000 / 32_768 / 2**0.5 / (n + 1) for n in range(channels)], rel=0.12)


def test_an_mp3_file_flows_and_takes_little_memory() -> None:
    data = wav(600)

    tracemalloc.start()
    first = next(pieces := flow.mp3(*flow.split(in_pieces(data, 65_536)), comment="x"))
    size = len(first) + sum(map(len, pieces))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(first) < 100_000
    assert size == pytest.approx(600 * 4000, rel=0.02)
    assert peak < 3_000_000


def test_an_mp3_file_of_nothing_is_a_file_all_the_same() -> None:
    assert b"".join(flow.mp3(*flow.split([made(np.zeros((0, 1)))]), comment="nothing")).startswith(b"ID3")
