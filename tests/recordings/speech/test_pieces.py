import tracemalloc

import numpy as np
import pytest

from recordings.speech.pieces import RATE, Piece, pieces, quietest, shape_of
from recordings.speech.provider import Unusable
from tests.recordings.speech.factories import write_wav

NOISE = np.random.default_rng(1)


def noise(seconds, rate=8000):
    return NOISE.uniform(-0.5, 0.5, int(seconds * rate))


def quiet(seconds, rate=8000):
    return np.zeros(int(seconds * rate))


def test_a_channel_is_cut_where_it_is_quiet_and_nothing_is_lost(tmp_path):
    left = np.concatenate([noise(22.5), quiet(0.5), noise(26.0), quiet(1.0), noise(5.0)])
    path = write_wav(tmp_path / "a.wav", left, noise(55.0))

    found = list(pieces(path, channel=0, shortest=20.0, longest=30.0))

    assert [22.5 < found[1].start < 23.0, 49.0 < found[2].start < 50.0, len(found)] == [True, True, 3]
    assert (np.concatenate([piece.samples for piece in found]) == (left * 32767).astype(np.int16)).all()
    assert sum(piece.seconds for piece in found) == 55.0


def test_what_is_short_enough_stays_whole(tmp_path):
    assert len(list(pieces(write_wav(tmp_path / "a.wav", noise(30.0)), channel=0, shortest=20.0, longest=30.0))) == 1
    assert list(pieces(write_wav(tmp_path / "b.wav", quiet(0.0)), channel=0, shortest=20.0, longest=30.0)) == []


def test_the_quietest_place_is_the_middle_of_the_quiet():
    samples = np.concatenate([noise(2.0), quiet(0.4), noise(2.0)]).astype(np.float32)

    assert quietest(samples, 8000, 24000, width=3200) == pytest.approx(2.2 * 8000, abs=2)
    assert 100 <= quietest(samples, 100, 200, width=1600) <= 200


def test_resampling_keeps_the_sound_and_makes_up_none_above_the_old_band():
    at = np.arange(8000) / 8000
    piece = Piece(0.0, (10000 * np.sin(2 * np.pi * 1000 * at)).astype(np.int16), 8000)

    made = piece.resampled()

    spectrum = np.abs(np.fft.rfft(made))
    assert made.dtype == np.float32
    assert len(made) == pytest.approx(RATE, abs=64)
    assert np.abs(made).max() == pytest.approx(10000 / 32768, rel=0.05)
    assert np.argmax(spectrum) == pytest.approx(1000, abs=5)
    assert spectrum[4200:].max() < spectrum.max() / 300


def test_half_an_hour_is_cut_in_little_memory(tmp_path):
    path = write_wav(tmp_path / "a.wav", np.zeros(30 * 60 * 8000))
    tracemalloc.start()

    count = sum(1 for _piece in pieces(path, channel=0, shortest=20.0, longest=30.0))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 60
    assert peak < 8e6


def test_sound_with_other_channels_than_told_cannot_be_used(tmp_path):
    path = write_wav(tmp_path / "a.wav", noise(1.0))

    assert shape_of(path, channels=1).seconds == 1.0
    with pytest.raises(Unusable, match="has 1 channels; it should have 2"):
        shape_of(path, channels=2)
    (tmp_path / "b.wav").write_bytes(b"no sound")
    with pytest.raises(Unusable, match="no WAV file"):
        shape_of(tmp_path / "b.wav", channels=1)
