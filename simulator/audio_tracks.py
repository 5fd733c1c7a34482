"""8 kHz PCM16 as tracks that are read piece by piece, however long they are, and the WAV files made of them."""

import io
import struct
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 8000
WIDTH = 2
FRAME = 160  # 20 ms
LOUD = 300
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
BLOCK = 64 * 1024
"""How many samples of each track are in memory at once."""

Samples = NDArray[np.int16]


class Track(Protocol):
    """One channel of sound."""

    @property
    def samples(self) -> int:
        """How many there are."""
        ...

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on; all of them must be there."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A track that is in memory."""

    pcm: bytes

    @property
    def samples(self) -> int:
        """How many there are."""
        return len(self.pcm) // WIDTH

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on."""
        return self.pcm[first * WIDTH : (first + count) * WIDTH]


@dataclass(frozen=True, slots=True)
class Mixed:
    """Tracks of equal length as one."""

    tracks: Sequence[Track]

    @property
    def samples(self) -> int:
        """How many there are."""
        return self.tracks[0].samples

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on."""
        return mix([track.read(first, count) for track in self.tracks])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a track."""

    track: Track
    begin: int
    samples: int

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on."""
        return self.track.read(self.begin + first, count)


def mix(tracks: Sequence[bytes]) -> bytes:
    """Return sounds of equal length as one."""
    # Most of a talk is one voice at a time: what is silent changes nothing.
    sounding = [track for track in tracks if track.count(0) != len(track)]
    if len(sounding) < 2:
        return sounding[0] if sounding else tracks[0]
    total = sum((np.frombuffer(track, np.int16).astype(np.int32) for track in sounding), start=np.int32(0))
    return bytes(np.clip(total, -32768, 32767).astype(np.int16).tobytes())


def loud_part(tracks: Sequence[Track]) -> tuple[int, int]:
    """Return the first and the last sample (exclusive) of what can be heard on any track; (0, 0) for silence."""
    first, last = None, 0
    block = BLOCK // FRAME * FRAME
    for track in tracks:
        for begin in range(0, track.samples, block):
            samples = np.frombuffer(track.read(begin, min(block, track.samples - begin)), np.int16).astype(np.int32)
            loud = np.flatnonzero(np.abs(samples) > LOUD) // FRAME
            if loud.size:
                here = begin + int(loud[0]) * FRAME
                first = here if first is None else min(first, here)
                last = max(last, min(begin + (int(loud[-1]) + 1) * FRAME, track.samples))
    return first or 0, last


def interleave(tracks: Sequence[bytes]) -> bytes:
    """Return the tracks as the channels of one stream."""
    if len(tracks) == 1:
        return tracks[0]
    return bytes(np.stack([np.frombuffer(track, np.int16) for track in tracks], axis=1).tobytes())


@dataclass(frozen=True, slots=True)
class WavFile:
    """A WAV file with one channel for each track, which never is in memory as a whole."""

    tracks: Sequence[Track]

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return HEADER.size + self.tracks[0].samples * self._frame

    def pieces(self, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes from `first` until just before `end`."""
        end = self.size if end is None else min(end, self.size)
        if first < min(end, HEADER.size):
            yield self._header()[first:end]
        at = max(first, HEADER.size)
        while at < end:
            frame, inside = divmod(at - HEADER.size, self._frame)
            count = min(BLOCK, self.tracks[0].samples - frame)
            piece = interleave([track.read(frame, count) for track in self.tracks])[inside : inside + end - at]
            yield piece
            at += len(piece)

    def whole(self) -> bytes:
        """Return the file."""
        return b"".join(self.pieces())

    @property
    def _frame(self) -> int:
        return len(self.tracks) * WIDTH

    def _header(self) -> bytes:
        channels, data = len(self.tracks), self.size - HEADER.size
        return HEADER.pack(
            b"RIFF", self.size - 8, b"WAVE", b"fmt ", 16, 1, channels, RATE, RATE * self._frame, self._frame, 16,
            b"data", data,
        )  # fmt: skip


def wav(tracks: Sequence[bytes]) -> bytes:
    """Return short tracks as a WAV file."""
    return WavFile([Held(track) for track in tracks]).whole()


def read_wav(data: bytes) -> bytes:
    """Return the samples of an 8 kHz mono 16-bit WAV file; raise `ValueError` for any other."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, WIDTH, RATE):
                raise ValueError("The WAV file must be 8 kHz, mono, 16 bit.")
            return bytes(file.readframes(file.getnframes()))
    except (wave.Error, EOFError) as error:
        raise ValueError("This is no WAV file.") from error
