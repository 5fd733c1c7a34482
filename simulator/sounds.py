"""What sounds on a line, from when to when, and how the sounds of a talk become a track."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.audio_tracks import RATE, WIDTH, mix


@dataclass(slots=True, eq=False)
class Sound:
    """Something that is heard from a moment on; its samples are made when a recording of it is first asked for.

    Who came to it late, or went before its end, heard what lies between `since` and `until`.
    """

    at: datetime
    make: Callable[[], bytes]
    seconds: float
    """How long it lasts, or about so."""
    since: datetime | None = None
    until: datetime | None = None
    _pcm: bytes | None = field(default=None, repr=False)

    @property
    def pcm(self) -> bytes:
        """All its samples, heard or not."""
        if self._pcm is None:
            self._pcm = self.make()
        return self._pcm

    @property
    def end(self) -> datetime:
        """When nobody hears it any more, or about then."""
        return self.until or self.at + timedelta(seconds=self.seconds)

    def stop(self, at: datetime) -> None:
        """Let it end here, unless it already has."""
        if self.until is None:
            self.until = at


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time that is recorded without a pause, and where on the track it begins, in seconds."""

    start: datetime
    end: datetime
    place: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Piece:
    """A sound on a track: where its first sample would lie, and from where to where it is heard."""

    sound: Sound
    begin: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Laid:
    """A track of sounds, with silence between them."""

    samples: int
    pieces: Sequence[Piece] = ()

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on; what sounds at once is mixed."""
        track = bytearray(count * WIDTH)
        for piece in self.pieces:
            if piece.first >= first + count or piece.last <= first:
                continue
            pcm = piece.sound.pcm
            begin = max(first, piece.first, piece.begin)
            end = min(first + count, piece.last, piece.begin + len(pcm) // WIDTH)
            if begin < end:
                place = slice((begin - first) * WIDTH, (end - first) * WIDTH)
                heard = pcm[(begin - piece.begin) * WIDTH : (end - piece.begin) * WIDTH]
                track[place] = mix([bytes(track[place]), heard])
        return bytes(track)


def lay_out(sounds: Iterable[Sound], stretches: Sequence[Stretch], seconds: float) -> Laid:
    """Return one track of so many seconds: of the sounds, what falls into the stretches."""
    pieces = [piece for sound in sounds for stretch in stretches if (piece := _piece(sound, stretch)) is not None]
    return Laid(max(0, round(seconds * RATE)), tuple(pieces))


def _piece(sound: Sound, stretch: Stretch) -> Piece | None:
    def place(moment: datetime) -> int:
        return round((moment - stretch.start).total_seconds() * RATE) + round(stretch.place * RATE)

    first = max(stretch.start, sound.since or sound.at)
    last = min(stretch.end, sound.until) if sound.until else stretch.end
    return Piece(sound, place(sound.at), place(first), place(last)) if first < last else None
