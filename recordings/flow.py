"""Stored sound as it flows out of the storage, unsealed: its wave form, and the same sound as MP3."""

import io
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from recordings.audio import NotSound, Samples
from recordings.marks import HEAD

BARS = 600
LOUDEST = 32_767
BITS_A_CHANNEL = 32_000  # a second; of telephone sound nobody hears a difference to more


@dataclass(frozen=True, slots=True)
class Form:
    """How a file's sound is written, and where in the file it begins."""

    rate: int
    channels: int
    begins: int
    frames: int


def split(pieces: Iterable[bytes]) -> tuple[Form, Iterator[Samples]]:
    """Read how the sound is written, and give its samples, a row for each moment and a column for each channel.

    Raises NotSound.
    """
    flow = iter(pieces)
    head = b""
    while len(head) < HEAD and (piece := next(flow, b"")):
        head += piece
    form = _form(head)
    return form, _samples(form, chain([head[form.begins :]], flow))


def _form(head: bytes) -> Form:
    file = io.BytesIO(head)
    try:
        with wave.open(file, "rb") as sound:
            form = Form(sound.getframerate(), sound.getnchannels(), file.tell(), sound.getnframes())
            width = sound.getsampwidth()
    except (wave.Error, EOFError) as error:
        raise NotSound(str(error)) from error
    if width != 2 or form.channels not in (1, 2):
        raise NotSound(f"{form.channels} channels of {8 * width} bits")
    return form


def _samples(form: Form, pieces: Iterable[bytes]) -> Iterator[Samples]:
    left, frame, rest = form.frames * form.channels * 2, form.channels * 2, b""
    for piece in pieces:
        data = (rest + piece)[:left]
        whole = len(data) - len(data) % frame
        rest, left = data[whole:], left - whole
        if whole:
            yield np.frombuffer(data[:whole], dtype="<i2").astype(np.int16).reshape(-1, form.channels)


def wave_form(form: Form, samples: Iterable[Samples], *, bars: int = BARS) -> list[list[int]]:
    """Tell for each channel how loud it gets, in hundredths, from the beginning to the end."""
    loudest = np.zeros((bars, form.channels), dtype=np.int32)
    place = 0
    for block in samples:
        moments = np.arange(place, place + len(block), dtype=np.int64) * bars // max(form.frames, 1)
        np.maximum.at(loudest, moments, np.abs(block.astype(np.int32)))
        place += len(block)
    hundredths: list[list[int]] = np.minimum(loudest * 100 // LOUDEST, 100).T.tolist()
    return hundredths


def mp3(form: Form, samples: Iterable[Samples], *, comment: str) -> Iterator[bytes]:
    """Give the same sound as an MP3 file that carries a comment, as it is made."""
    outlet = _Outlet()
    # without a summary at the front, for which the beginning would have to be written again at the end
    with av.open(outlet, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "3"}) as container:
        container.metadata["comment"] = comment
        stream = container.add_stream("libmp3lame", rate=form.rate)
        assert isinstance(stream, AudioStream)
        stream.layout = _layout(form)
        stream.bit_rate = BITS_A_CHANNEL * form.channels
        stream.codec_context.options = {"compression_level": "7"}  # half the work, and nobody hears it on a telephone
        container.start_encoding()  # writes the comment, also where there is no sound
        place = 0
        for block in samples:
            frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=_layout(form))
            frame.sample_rate, frame.pts = form.rate, place
            place += len(block)
            container.mux(stream.encode(frame))
            yield outlet.taken()
        container.mux(stream.encode(None))
    yield outlet.taken()


def _layout(form: Form) -> str:
    return "stereo" if form.channels == 2 else "mono"


@dataclass(slots=True)
class _Outlet:
    """A file that is written once and read piece by piece at the same time."""

    buffer: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int:
        self.buffer += data
        return len(data)

    def taken(self) -> bytes:
        taken = bytes(self.buffer)
        self.buffer.clear()
        return taken
