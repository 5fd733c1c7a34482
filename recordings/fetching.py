"""From Twilio's stream to a file on this machine: as much as was promised, sound of the told length, and its hash."""

import hashlib
import tempfile
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from telephony import client

CHUNK = 256 * 1024
# Twilio counts in whole seconds and rounds as it likes.
SLACK_SECONDS = 2


class Unusable(Exception):
    """What came is not the recording that was told of. The message is for a person."""


class Stopped(Exception):
    """Somebody else has taken over the work."""


@dataclass(frozen=True, slots=True)
class Fetched:
    file: IO[bytes]
    size: int
    sha256: str
    seconds: float


@contextmanager
def fetched(sid: str, *, told_seconds: int | None, goes_on: Callable[[], bool]) -> Iterator[Fetched]:
    """Bring a recording's audio into a temporary file, whatever its length in little memory.

    Asks `goes_on` between the pieces and raises Stopped when it says no; raises Unusable, and what the client raises.
    """
    with tempfile.TemporaryFile() as file:
        digest, size = hashlib.sha256(), 0
        with client.stream_recording(sid, chunk_size=CHUNK) as media:
            for chunk in media.chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                if not goes_on():
                    raise Stopped
        if media.length is not None and size != media.length:
            raise Unusable(f"{size} bytes came of the {media.length} that were announced")
        seconds = length_of(file, size)
        if told_seconds is not None and abs(seconds - told_seconds) > SLACK_SECONDS + told_seconds * 0.02:
            raise Unusable(f"the audio lasts {seconds:.0f} seconds, Twilio told of {told_seconds}")
        file.seek(0)
        yield Fetched(file, size, digest.hexdigest(), seconds)


def length_of(file: IO[bytes], size: int) -> float:
    """Measure a WAV file in seconds. Raises Unusable where it is none, or ends before its own header says."""
    file.seek(0)
    try:
        with wave.open(file, "rb") as sound:
            header = file.tell()
            frame = sound.getnchannels() * sound.getsampwidth()
            frames, rate = sound.getnframes(), max(sound.getframerate(), 1)
    except (wave.Error, EOFError) as error:
        raise Unusable(f"what came is no WAV audio: {str(error) or 'it is too short'}") from error
    there = (size - header) // frame
    if frames > there:
        raise Unusable(f"the audio breaks off after {there / rate:.0f} of {frames / rate:.0f} seconds")
    return frames / rate
