"""Recordings that nobody spoke, for those who measure: of any length and number, with sound that costs nothing."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from simulator.audio_tracks import RATE, WIDTH
from simulator.legs import NO_CALLBACK, Callback, Leg
from simulator.recordings import Recording, Wish
from simulator.switchboard import Switchboard

TURN_SECONDS = 5
"""How long each side hums before it is the other one's turn."""
TONES = 16
LOUDNESS = 8000
SOMEBODY, SOMEWHERE = "+14155550199", "+15005550100"


@dataclass(frozen=True, slots=True)
class Humming:
    """A track that repeats a turn of humming and a turn of silence; the same every time it is read."""

    samples: int
    tone: int
    begin: int
    """Where in the pattern it begins."""

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on."""
        pattern = _pattern(self.tone)
        start = (self.begin + first) * WIDTH % len(pattern)
        times = (start + count * WIDTH) // len(pattern) + 1
        return (pattern * times)[start : start + count * WIDTH]


@lru_cache(maxsize=TONES)
def _pattern(tone: int) -> bytes:
    moments = np.arange(TURN_SECONDS * RATE) / RATE
    hum = np.sin(2 * np.pi * (200 + 25 * tone) * moments) * LOUDNESS
    return bytes(np.concatenate([hum, np.zeros_like(hum)]).astype(np.int16).tobytes())


def plant(
    board: Switchboard, *, seconds: float, channels: int, count: int, from_: str, to: str, callback: str
) -> list[str]:
    """Add finished recordings, each of a finished call of its own, and tell the callback of them; return their sids."""
    wish = Wish(
        source="StartCallRecordingAPI", channels=channels, callback=Callback(callback) if callback else NO_CALLBACK
    )
    made = [_planted(board, wish, seconds, from_ or SOMEBODY, to) for _ in range(count)]
    for recording in made:
        board.recorder.announce(recording)
    board.changed()
    return [recording.sid for recording in made]


def _planted(board: Switchboard, wish: Wish, seconds: float, from_: str, to: str) -> Recording:
    end = board.clock.now()
    start = end - timedelta(seconds=seconds)
    number = board.number(to) or next(iter(board.numbers.values()), None)
    leg = Leg(
        sid=board.new_sid("CA"),
        from_=from_,
        to=to or (number.number if number else SOMEWHERE),
        direction="inbound",
        created=start,
        number=number,
        status="completed",
        updated=end,
        started=start,
        answered=start,
        ended=end,
    )
    sid, samples = board.new_sid("RE"), round(seconds * RATE)
    # By its sid each sounds a little different, so that none is taken for another.
    tone, begin = int(sid[2:10], 16) % TONES, int(sid[10:18], 16)
    recording = Recording(
        sid=sid,
        leg=leg,
        wish=wish,
        started=start,
        created=start,
        updated=end,
        ended=end,
        status="completed",
        audio=tuple(Humming(samples, tone, begin + side * TURN_SECONDS * RATE) for side in range(wish.channels)),
        planted=True,
    )
    board.legs[leg.sid] = leg
    board.recordings[sid] = recording
    return recording
