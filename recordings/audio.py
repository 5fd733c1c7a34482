"""Sound in a file: its shape, its samples, and parts of it silenced. Never the whole of it in memory."""

import io
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

Sound = Path | IO[bytes]
Samples = NDArray[np.int16]  # a row for each moment, a column for each channel

_BLOCK_SECONDS = 10.0
# Times of words are true to about a tenth of a second.
_PADDING_SECONDS = 0.2


class NotSound(Exception):
    """The file is no WAV file with samples of 16 bits. The message says why."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a WAV file holds, by its header."""

    channels: int
    rate: int
    frames: int

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def shape_of(sound: Sound) -> Shape:
    """Measure a WAV file. Raises NotSound."""
    with _reading(sound) as reader:
        return _shape(reader)


def blocks(sound: Sound, *, seconds: float = _BLOCK_SECONDS) -> Iterator[Samples]:
    """Give the samples of a WAV file in pieces of so many seconds. Raises NotSound."""
    with _reading(sound) as reader:
        shape = _shape(reader)
        width = 2 * shape.channels
        while piece := reader.readframes(max(int(seconds * shape.rate), 1)):
            whole = len(piece) - len(piece) % width  # a file may break off within a frame
            yield np.frombuffer(piece[:whole], dtype="<i2").astype(np.int16, copy=False).reshape(-1, shape.channels)


def silence(sound: Sound, target: Sound, spans: Mapping[int, Sequence[tuple[float, float]]]) -> None:
    """Write a copy of a WAV file in which the spans, in seconds and by channel, are silent, and a little around them.

    Raises NotSound, and ValueError for a channel that the file does not have: what was to be silent would be heard.
    """
    shape = shape_of(sound)
    if missing := set(spans) - set(range(shape.channels)):
        raise ValueError(f"The sound has {shape.channels} channels, and channel {max(missing)} was to be silenced.")
    with _opened(target, "wb") as file, wave.open(file, "wb") as writer:
        writer.setnchannels(shape.channels)
        writer.setsampwidth(2)
        writer.setframerate(shape.rate)
        writer.setnframes(shape.frames)
        begin = 0
        for block in blocks(sound):
            samples = block.copy()
            for channel, of_channel in spans.items():
                for start, end in of_channel:
                    first = int((start - _PADDING_SECONDS) * shape.rate) - begin
                    last = int((end + _PADDING_SECONDS) * shape.rate) + 1 - begin
                    samples[max(first, 0) : max(last, 0), channel] = 0
            writer.writeframesraw(samples.astype("<i2").tobytes())
            begin += len(samples)


@contextmanager
def _reading(sound: Sound) -> Iterator[wave.Wave_read]:
    with _opened(sound, "rb") as file:
        try:
            reader = wave.open(file, "rb")  # noqa: SIM115  closed with what it reads
        except (wave.Error, EOFError) as error:
            raise NotSound(f"This is no WAV file: {str(error) or 'it is too short'}.") from error
        yield reader


def _shape(reader: wave.Wave_read) -> Shape:
    if reader.getsampwidth() != 2:
        raise NotSound(f"Its samples have {8 * reader.getsampwidth()} bits, not 16.")
    if reader.getframerate() < 1:
        raise NotSound("It has no sampling rate.")
    return Shape(reader.getnchannels(), reader.getframerate(), reader.getnframes())


def _opened(sound: Sound, mode: str) -> AbstractContextManager[IO[bytes]]:
    """Open a path, or go to the beginning of a file that is open already and stays so."""
    if isinstance(sound, Path):
        return sound.open(mode)
    if sound.seekable():
        sound.seek(0, io.SEEK_SET)
    return nullcontext(sound)
