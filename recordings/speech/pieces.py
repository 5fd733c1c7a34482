"""One channel of a recording in pieces that begin and end where it is quiet, so that no word is cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from recordings import audio
from recordings.speech.provider import Unusable

RATE = 16_000  # what the models were trained with
_QUIET_SECONDS = 0.2
_SILENT = 100  # of 32768: what a line rustles with nobody on it

Wave = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples of one channel, and the second at which they begin."""

    start: float
    samples: NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def is_silent(self) -> bool:
        return not len(self.samples) or int(np.abs(self.samples.astype(np.int32)).max()) < _SILENT

    def resampled(self) -> Wave:
        """Give the samples at the rate of the models, from -1 to 1, with nothing above the old band made up."""
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(self.samples).reshape(1, -1), "s16", "mono")
        frame.sample_rate = self.rate
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        made = [part.to_ndarray().reshape(-1) for part in (*resampler.resample(frame), *resampler.resample(None))]
        return np.concatenate(made).astype(np.float32, copy=False) if made else np.zeros(0, np.float32)


def shape_of(sound: Path, *, channels: int) -> audio.Shape:
    """Measure a recording that should have so many channels. Raises Unusable."""
    try:
        shape = audio.shape_of(sound)
    except audio.NotSound as error:
        raise Unusable(str(error)) from error
    if shape.channels != channels:
        raise Unusable(f"The sound has {shape.channels} channels; it should have {channels}.")
    return shape


def pieces(sound: Path, *, channel: int, shortest: float, longest: float) -> Iterator[Piece]:
    """Cut a channel where it is quietest, into pieces between so many seconds; the last may be shorter."""
    rate = audio.shape_of(sound).rate
    kept, begin = np.zeros(0, np.int16), 0
    for block in audio.blocks(sound):
        kept = np.concatenate([kept, block[:, channel]])
        while len(kept) > longest * rate:
            cut = quietest(kept, int(shortest * rate), int(longest * rate), width=int(_QUIET_SECONDS * rate))
            yield Piece(begin / rate, kept[:cut], rate)
            kept, begin = kept[cut:], begin + cut
    if len(kept):
        yield Piece(begin / rate, kept, rate)


def quietest(samples: NDArray[np.int16] | Wave, after: int, before: int, *, width: int) -> int:
    """Return the middle of the quietest stretch of so many samples between two places."""
    loudness = np.cumsum(np.square(samples[after:before].astype(np.float64)))
    stretches = loudness[width:] - loudness[:-width] if len(loudness) > width else loudness[-1:]
    return after + int(np.argmin(stretches)) + min(width, before - after) // 2
