from array import array
from io import BytesIO
from wave import open as open_wav

import pytest

from simulator.audio_tracks import BLOCK, Held, Mixed, Part, WavFile, interleave, loud_part, mix, read_wav


def pcm(*samples: int) -> bytes:
    return array("h", samples).tobytes()


def tone(seconds: float, level: int = 5000) -> bytes:
    return pcm(level) * round(seconds * 8000)


def test_two_voices_are_added_and_never_overflow():
    assert mix([pcm(1, -2, 30000, -30000), pcm(1, 5, 30000, -30000)]) == pcm(2, 3, 32767, -32768)


def test_a_whisper_of_noise_is_silence():
    assert loud_part([Held(tone(1, level=200))]) == (0, 0)


@pytest.mark.parametrize(("silence", "sound"), [(0.5, 2), (0, 1), (9, 0.02), (20.5, 3)])
def test_what_can_be_heard_is_found_however_late_it_comes(silence, sound):
    track = Held(bytes(round(silence * 16_000)) + tone(sound) + bytes(16_000))

    assert tuple(place / 8000 for place in loud_part([track, Held(bytes(16_000))])) == (silence, silence + sound)


def test_a_sound_that_ends_with_the_track_is_heard_to_its_end():
    assert loud_part([Held(bytes(320) + pcm(9000))]) == (160, 161)


def test_tracks_become_the_channels_of_a_file():
    assert interleave([pcm(1, 2), pcm(8, 9)]) == pcm(1, 8, 2, 9)
    assert WavFile([Held(pcm(1, 2)), Held(pcm(8, 9))]).whole().endswith(pcm(1, 8, 2, 9))


@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_is_what_every_player_reads(channels):
    file = WavFile([Held(tone(0.5, level)) for level in range(1, channels + 1)])

    with open_wav(BytesIO(file.whole())) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (channels, 2, 8000)
        assert read.getnframes() == 4000
        assert read.readframes(4000) == pcm(*range(1, channels + 1)) * 4000
    assert file.size == len(file.whole())


@pytest.mark.parametrize(
    ("first", "end"), [(0, 44), (0, 10), (40, 60), (44, 45), (45, 48), (100_001, 300_003), (-1, None), (50, 10**9)]
)
def test_a_range_of_a_file_is_that_part_of_it(first, end):
    file = WavFile([Held(tone(20)), Held(bytes(320_000))])
    whole = file.whole()
    first = len(whole) - 1 if first < 0 else first

    assert b"".join(file.pieces(first, end)) == whole[first:end]


def test_no_piece_is_longer_than_a_block_of_each_channel():
    file = WavFile([Held(tone(60)), Held(tone(60))])

    assert max(len(piece) for piece in file.pieces()) == BLOCK * 4


def test_parts_and_mixtures_are_read_as_they_are_needed():
    track = Mixed([Part(Held(pcm(1, 2, 3, 4)), 1, 2), Held(pcm(10, 20))])

    assert track.samples == 2
    assert track.read(0, 2) == pcm(12, 23)
    assert track.read(1, 1) == pcm(23)


def test_a_wav_file_is_read_back():
    assert read_wav(WavFile([Held(tone(0.1))]).whole()) == tone(0.1)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"x" * 100])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="no WAV"):
        read_wav(data)
