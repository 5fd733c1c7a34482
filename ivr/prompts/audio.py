"""From an uploaded sound to telephone audio: one channel, 8 kHz, levelled to one loudness, as a WAV file."""

import hashlib
import io
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import av
import av.error
import av.filter
from av.audio.frame import AudioFrame

RATE = 8000
MAX_BYTES = 30 * 1024 * 1024
MAX_SECONDS = 15 * 60
# A file may be a playlist that names other files or addresses: only containers that hold their own sound are opened.
FORMATS = "wav,mp3,ogg,flac,aac,mov,mp4,m4a,3gp,3g2,mj2,aiff,matroska,webm,amr,au,w64,caf"
LOUDNESS = -18.0
# Below this many seconds loudnorm hears too little to find the level: it is measured once more.
SHORT = 3
PEAK = 32767 * 10 ** (-2 / 20)
# Speech at -18 LUFS survives the telephone's narrow band without clipping; prompts from many sources then sound alike.
CHAIN = (
    ("loudnorm", f"I={LOUDNESS}:TP=-2:LRA=11"),
    ("aresample", f"{RATE}"),
    ("aformat", "sample_fmts=s16:channel_layouts=mono"),
)
METER = (("ebur128", "metadata=1"),)


class NotUsable(Exception):
    """The upload cannot be made into telephone audio; the message says why, for the person who uploaded it."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Telephone audio, named by the hash of its bytes."""

    wav: bytes
    sha256: str
    seconds: float


def telephone(upload: IO[bytes]) -> Sound:
    """Turn an uploaded sound of any usual format into telephone audio. Raises `NotUsable`."""
    if upload.seek(0, io.SEEK_END) > MAX_BYTES:
        raise NotUsable(f"This file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    upload.seek(0)
    try:
        samples = b"".join(_samples(upload))
    except (av.error.FFmpegError, ValueError, IndexError, MemoryError) as error:
        raise NotUsable("This file could not be read as sound. Use MP3, WAV, M4A, OGG or FLAC.") from error
    if not any(samples):
        raise NotUsable("There is nothing to hear in this file.")
    if len(samples) < 2 * RATE * SHORT:
        samples = _levelled(samples)
    sound = _wav(samples)
    return Sound(sound, hashlib.sha256(sound).hexdigest(), len(samples) / 2 / RATE)


def kept(content: bytes) -> Sound:
    """Take telephone audio as it is, such as we have made it before, so that its hash stays. Raises `NotUsable`."""
    if len(content) > MAX_BYTES:
        raise NotUsable(f"This file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    try:
        with wave.open(io.BytesIO(content)) as reader:
            made = (reader.getnchannels(), reader.getsampwidth(), reader.getframerate(), reader.getcomptype())
            frames = reader.readframes(reader.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotUsable("This is no WAV file.") from error
    if made != (1, 2, RATE, "NONE"):
        raise NotUsable(f"This is no telephone audio: one channel, 16 bit, {RATE} per second.")
    seconds = len(frames) / 2 / RATE
    if not frames or seconds > MAX_SECONDS:
        raise NotUsable(f"A sound lasts up to {MAX_SECONDS // 60} minutes, and this one {round(seconds)} seconds.")
    return Sound(content, hashlib.sha256(content).hexdigest(), seconds)


def _samples(upload: IO[bytes]) -> Iterator[bytes]:
    with av.open(upload, "r", options={"format_whitelist": FORMATS, "protocol_whitelist": ""}) as container:
        if not container.streams.audio:
            raise NotUsable("There is no sound in this file.")
        graph: av.filter.Graph | None = None
        for frame in container.decode(container.streams.audio[0]):
            if frame.time is not None and frame.time > MAX_SECONDS:
                raise NotUsable(f"This sound is longer than {MAX_SECONDS // 60} minutes.")
            graph = graph or _graph(frame)
            graph.push(frame)
            yield from _pulled(graph)
        if graph is not None:
            graph.push(None)
            yield from _pulled(graph)


def _levelled(samples: bytes) -> bytes:
    """Bring a short sound to the level of all others. Repeated it is long enough for a meter to hear."""
    heard = _loudness(samples * (2 * RATE * SHORT // len(samples) + 1))
    values = array("h", samples)
    loudest = max(max(values), -min(values), 1)
    gain = min(10 ** ((LOUDNESS - heard) / 20), PEAK / loudest)
    return array("h", (round(value * gain) for value in values)).tobytes()


def _loudness(samples: bytes) -> float:
    """Measure by EBU R 128, in LUFS."""
    heard = LOUDNESS
    graph: av.filter.Graph | None = None
    with av.open(io.BytesIO(_wav(samples)), "r") as container:
        for frame in container.decode(container.streams.audio[0]):
            graph = graph or _graph(frame, METER)
            graph.push(frame)
            for one in _frames(graph):
                heard = float(one.metadata.get("lavfi.r128.I", heard))
    return heard


def _graph(frame: AudioFrame, chain: Sequence[tuple[str, str]] = CHAIN) -> av.filter.Graph:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name, time_base=frame.time_base
    )
    graph.link_nodes(
        source, *(graph.add(name, options) for name, options in chain), graph.add("abuffersink")
    ).configure()
    return graph


def _pulled(graph: av.filter.Graph) -> Iterator[bytes]:
    for frame in _frames(graph):
        yield bytes(frame.planes[0])[: frame.samples * 2]  # a plane may be padded beyond its samples


def _frames(graph: av.filter.Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield frame


def _wav(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples)
    return file.getvalue()
