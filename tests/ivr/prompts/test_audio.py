"""Uploads of many kinds become telephone audio of one loudness."""

import array
import hashlib
import io
import math
import wave

import av
import pytest

from ivr.prompts import audio


def tone(*, seconds=2.0, volume=0.5, rate=44100, channels=2):
    """Give a WAV file with a sine tone."""
    samples = array.array(
        "h",
        (
            int(32767 * volume * math.sin(2 * math.pi * 440 * n / rate))
            for n in range(int(seconds * rate))
            for _ in range(channels)
        ),
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    file.seek(0)
    return file


def encoded(container, codec, *, seconds=2.0):
    """Give the tone as a compressed file."""
    file = io.BytesIO()
    with av.open(tone(seconds=seconds)) as source, av.open(file, "w", format=container) as target:
        stream = target.add_stream(codec, rate=48000, layout="stereo")
        for frame in source.decode(audio=0):
            frame.pts = None
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    file.seek(0)
    return file


def loudness(sound):
    """Give the root mean square of a sound in decibels below full scale."""
    with wave.open(io.BytesIO(sound.wav)) as reader:
        samples = array.array("h", reader.readframes(reader.getnframes()))
    return 20 * math.log10(math.sqrt(sum(value * value for value in samples) / len(samples)) / 32768)


@pytest.mark.parametrize(
    "upload",
    [
        tone(),
        tone(rate=8000, channels=1),
        encoded("mp3", "libmp3lame"),
        encoded("flac", "flac"),
        encoded("mp4", "aac"),
        encoded("ogg", "libopus"),
    ],
    ids=["wav", "telephone wav", "mp3", "flac", "m4a", "opus"],
)
def test_any_usual_format_becomes_8_khz_mono(upload):
    sound = audio.telephone(upload)

    with wave.open(io.BytesIO(sound.wav)) as reader:
        assert (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) == (8000, 1, 2)
    assert sound.seconds == pytest.approx(2.0, abs=0.15)
    assert sound.sha256 == hashlib.sha256(sound.wav).hexdigest()


def test_a_quiet_and_a_loud_upload_end_equally_loud():
    quiet, loud = (audio.telephone(tone(volume=volume, seconds=6)) for volume in (0.02, 0.9))

    assert loudness(quiet) == pytest.approx(loudness(loud), abs=2)


def speech(*, seconds, volume, before=0.0, rate=16000):
    """Give a WAV file with something like a voice: syllables of a buzzing tone, perhaps after a silence."""
    samples = array.array("h", bytes(2 * int(before * rate)))
    for n in range(int(seconds * rate)):
        at = n / rate
        buzz = sum(math.sin(2 * math.pi * 140 * part * at) / part for part in range(1, 12)) * 0.3
        syllable = max(0.0, math.sin(2 * math.pi * 3.1 * at)) ** 2
        samples.append(int(32767 * max(-1.0, min(1.0, volume * syllable * buzz))))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    file.seek(0)
    return file


def lufs(sound):
    """Give the loudness of a sound as EBU R 128 measures it. A meter needs 0.4 seconds: a shorter one is repeated."""
    with wave.open(io.BytesIO(sound.wav)) as reader:
        samples, rate = reader.readframes(reader.getnframes()), reader.getframerate()
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples * (1 + rate * 2 // len(samples)))
    file.seek(0)
    graph, last = None, 0.0
    with av.open(file) as container:
        for frame in container.decode(audio=0):
            if graph is None:
                graph = av.filter.Graph()
                source = graph.add_abuffer(
                    sample_rate=rate, format=frame.format.name, layout=frame.layout.name, time_base=frame.time_base
                )
                graph.link_nodes(source, graph.add("ebur128", "metadata=1"), graph.add("abuffersink")).configure()
            graph.push(frame)
            while True:
                try:
                    last = float(graph.pull().metadata["lavfi.r128.I"])
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
    return last


@pytest.mark.parametrize(
    ("seconds", "before"),
    [(0.3, 0.0), (0.5, 0.0), (1.0, 0.0), (2.0, 1.0), (6.0, 0.0), (6.0, 2.0)],
    ids=["a word", "two words", "a second", "a short one after a silence", "a sentence", "after a long silence"],
)
def test_a_whisper_and_a_shout_are_heard_equally_loud_however_short(seconds, before):
    quiet, loud = (
        lufs(audio.telephone(speech(seconds=seconds, volume=volume, before=before))) for volume in (0.015, 0.95)
    )

    assert quiet == pytest.approx(loud, abs=1)
    assert loud == pytest.approx(-18, abs=2)


def test_the_same_upload_gives_the_same_bytes():
    assert audio.telephone(tone()).sha256 == audio.telephone(tone()).sha256


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "could not be read"),
        (b"hello" * 1000, "could not be read"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "could not be read"),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", "could not be read"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "could not be read"),
        (tone(volume=0).getvalue(), "nothing to hear"),
    ],
    ids=["empty", "text", "torn", "playlist", "list of files", "silence"],
)
def test_what_is_not_sound_is_refused_with_a_sentence(content, why):
    with pytest.raises(audio.NotUsable, match=why):
        audio.telephone(io.BytesIO(content))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(audio, "MAX_BYTES", 1000)

    with pytest.raises(audio.NotUsable, match="larger than"):
        audio.telephone(tone())


def test_a_sound_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(audio, "MAX_SECONDS", 1)

    with pytest.raises(audio.NotUsable, match="longer than"):
        audio.telephone(tone(seconds=3))
