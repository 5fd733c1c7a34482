"""Telephone audio out of any sound, MP3 out of WAV, and the voice that people on phones have."""

import io
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

import av

from simulator.audio_tracks import RATE, read_wav, wav

SPEECH = Path(__file__).parent / "speech"

Synthesizer = Callable[[str, Path], list[str]]


class AudioError(Exception):
    """The bytes are no sound that we can read."""


def telephone(data: bytes) -> bytes:
    """Turn any sound that FFmpeg reads (a browser's recording, an uploaded file) into a telephone WAV.

    Raises AudioError for what holds no sound.
    """
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    samples = bytearray()
    try:
        with av.open(io.BytesIO(data), "r") as container:
            if not container.streams.audio:
                raise AudioError("there is no sound in it")
            for frame in container.decode(container.streams.audio[0]):
                for piece in resampler.resample(frame):
                    samples += _samples(piece)
            for piece in resampler.resample(None):
                samples += _samples(piece)
    except (av.FFmpegError, ValueError) as error:
        raise AudioError("it cannot be read as sound") from error
    if not samples:
        raise AudioError("there is no sound in it")
    return wav([bytes(samples)])


def mp3(data: bytes) -> bytes:
    """Encode a WAV as Twilio serves it: MP3, 32 kbit/s."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="mp3") as target:
        sound = source.streams.audio[0]
        layout = "mono" if sound.channels == 1 else "stereo"
        # The encoder takes planar samples only.
        stream = target.add_stream("libmp3lame", rate=sound.rate, bit_rate=32_000, layout=layout, format="s16p")
        resampler = av.AudioResampler(format="s16p", layout=layout, rate=sound.rate)
        for frame in source.decode(sound):
            for piece in resampler.resample(frame):
                target.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return out.getvalue()


def _samples(frame: av.AudioFrame) -> bytes:
    # A plane may be padded beyond its samples.
    return bytes(frame.planes[0])[: frame.samples * 2]


# The text goes in through a file, never as an argument: what people type must not become an option.
SYNTHESIZERS: Mapping[str, Synthesizer] = {
    "flite": lambda program, folder: [program, "-voice", "slt", "-f", str(folder / "text"), "-o", str(folder / "wav")],
    "espeak-ng": lambda program, folder: [program, "-f", str(folder / "text"), "-w", str(folder / "wav")],
}


class SpokenVoice:
    """The voice of people on simulated phones.

    Speaks through the first synthesizer that the machine has (flite before espeak-ng: speech recognition understands it
    better), else with the shipped sentences. `programs` names those that may be used; none of them is needed.
    """

    def __init__(self, programs: tuple[str, ...] = tuple(SYNTHESIZERS)) -> None:
        found = ((name, shutil.which(name)) for name in programs)
        self.program: tuple[str, str] | None = next(((name, path) for name, path in found if path), None)
        self._spoken: dict[str, bytes] = {}

    def speech(self, text: str) -> bytes:
        """Speak the text as PCM; what is no shipped sentence and cannot be synthesized becomes the first of those."""
        text = " ".join(text.split())[:2000]
        if text not in self._spoken:
            if len(self._spoken) >= 64:
                self._spoken.clear()
            self._spoken[text] = self._shipped.get(_words(text)) or self._synthesize(text) or self._any
        return self._spoken[text]

    def mp3(self, wav: bytes) -> bytes:
        return mp3(wav)

    def _synthesize(self, text: str) -> bytes:
        if self.program is None or not _words(text):
            return b""
        name, path = self.program
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            (folder / "text").write_text(text + "\n", encoding="utf-8")
            try:
                subprocess.run(SYNTHESIZERS[name](path, folder), check=True, capture_output=True, timeout=30)
                return read_wav(telephone((folder / "wav").read_bytes()))
            except (subprocess.SubprocessError, OSError, AudioError):
                return b""

    @cached_property
    def _shipped(self) -> dict[str, bytes]:
        return {_words(entry["text"]): read_wav((SPEECH / entry["file"]).read_bytes()) for entry in _index()}

    @property
    def _any(self) -> bytes:
        return next(iter(self._shipped.values()))


def sentences() -> list[str]:
    """Return what can be said on every machine, because its sound is shipped."""
    return [entry["text"] for entry in _index()]


def _index() -> list[dict[str, str]]:
    index: list[dict[str, str]] = json.loads((SPEECH / "sentences.json").read_text(encoding="utf-8"))
    return index


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
