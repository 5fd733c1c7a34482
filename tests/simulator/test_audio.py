import io
import math
import struct
import wave
from itertools import pairwise

import av
import pytest

from simulator.audio import AudioError, SpokenVoice, mp3, telephone
from simulator.audio_tracks import RATE, read_wav


def tone(*, rate: int = RATE, channels: int = 1, length: float = 1.0, pitch: float = 440) -> bytes:
    """A WAV with a sine in it, in any format."""
    samples = (int(12000 * math.sin(2 * math.pi * pitch * n / rate)) for n in range(int(rate * length)))
    out = io.BytesIO()
    with wave.open(out, "wb") as container:
        container.setnchannels(channels)
        container.setsampwidth(2)
        container.setframerate(rate)
        container.writeframes(b"".join(struct.pack("<h", sample) * channels for sample in samples))
    return out.getvalue()


def crossings(samples: bytes) -> int:
    values = struct.unpack(f"<{len(samples) // 2}h", samples)
    return sum(1 for a, b in pairwise(values) if a < 0 <= b)


def seconds(samples: bytes) -> float:
    return len(samples) / 2 / RATE


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (48000, 1), (16000, 2)])
def test_any_sound_becomes_telephone_audio_of_the_same_length_and_pitch(rate, channels):
    samples = read_wav(telephone(tone(rate=rate, channels=channels)))

    assert seconds(samples) == pytest.approx(1.0, abs=0.02)
    assert crossings(samples) == pytest.approx(440, abs=12)


def test_an_mp3_sounds_as_long_as_the_wav_it_was_made_from():
    encoded = mp3(tone(length=2.0))

    with av.open(io.BytesIO(encoded), "r") as container:
        assert container.format.name == "mp3"
        assert container.streams.audio[0].rate == RATE
    assert seconds(read_wav(telephone(encoded))) == pytest.approx(2.0, abs=0.1)


def test_a_recording_of_two_channels_becomes_an_mp3_of_two_channels():
    with av.open(io.BytesIO(mp3(tone(channels=2))), "r") as container:
        assert container.streams.audio[0].channels == 2


@pytest.mark.parametrize("data", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVE", tone(length=0)])
def test_what_holds_no_sound_is_refused(data):
    with pytest.raises(AudioError):
        telephone(data)


def test_a_shipped_sentence_is_spoken_whatever_its_punctuation():
    voice = SpokenVoice(programs=())

    assert voice.speech("yes PLEASE!") == voice.speech("Yes, please.")
    assert voice.speech("Yes, please.") != voice.speech("No, thank you.")


def test_other_words_are_spoken_by_a_shipped_sentence_where_there_is_no_synthesizer():
    samples = SpokenVoice(programs=()).speech("Something that nobody recorded")

    assert seconds(samples) > 2
    assert max(struct.unpack(f"<{len(samples) // 2}h", samples)) > 3000


def test_a_synthesizer_gets_the_words_from_a_file_and_its_sound_becomes_telephone_audio(tmp_path, monkeypatch):
    (tmp_path / "sound.wav").write_bytes(tone(rate=22050))
    program = tmp_path / "flite"
    program.write_text(f'#!/bin/sh\ncp "$4" {tmp_path}/heard\ncp {tmp_path}/sound.wav "$6"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    samples = SpokenVoice().speech("-o /etc/passwd")

    assert (tmp_path / "heard").read_text() == "-o /etc/passwd\n"
    assert seconds(samples) == pytest.approx(1.0, abs=0.02)


def test_a_synthesizer_that_fails_is_replaced_by_a_shipped_sentence(tmp_path, monkeypatch):
    program = tmp_path / "flite"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert seconds(SpokenVoice().speech("Something that nobody recorded")) > 2
