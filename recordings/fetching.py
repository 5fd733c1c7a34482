"""One recording's sound between Twilio and this machine: fetched, looked at, and deleted there. The body of a task."""

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass

from recordings import files
from recordings.files import GoesOn, Sealed
from recordings.models import Copy, Recording
from recordings.states import CopyKind
from telephony import client

CHUNK = 256 * 1024
# Where the header of a WAV file ends at the latest; what comes after it is sound.
HEADER = 64 * 1024
NOT_TWO = 400  # Twilio's status where two channels are asked for of a recording that has one
# Twilio counts in whole seconds and rounds as it likes.
SLACK_SECONDS = 2


class Unusable(Exception):
    """What came is not the recording that was told of. The message is for a person."""


class StillThere(Exception):
    """Twilio has the audio still. The message is for a person."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a WAV file says of itself."""

    seconds: float
    channels: int


def fetch(recording: Recording, *, goes_on: GoesOn) -> Sealed:
    """Bring a recording's audio into the spool of this machine, whatever its length in little memory.

    Raises Stopped, Unusable, OSError, and what the client raises.
    """
    try:
        return _fetch(recording, recording.channels if recording.channels == 2 else None, goes_on)
    except client.Refused as refusal:
        if refusal.status != NOT_TWO:
            raise
    return _fetch(recording, None, goes_on)  # two channels were told of, and one is kept


def _fetch(recording: Recording, channels: int | None, goes_on: GoesOn) -> Sealed:
    with client.stream_recording(recording.sid, chunk_size=CHUNK, requested_channels=channels) as media:
        return files.write(recording, CopyKind.ORIGINAL, _whole(media), goes_on=goes_on)


def _whole(media: client.Media) -> Iterator[bytes]:
    size = 0
    for chunk in media.chunks:
        size += len(chunk)
        yield chunk
    if media.length is not None and size != media.length:
        raise Unusable(f"{size} bytes came of the {media.length} that were announced")


def verify(copy: Copy, *, told_seconds: int | None, goes_on: GoesOn) -> Sound:
    """Read back what was fetched: the same bytes, a whole WAV file, and of the told length.

    Raises Unusable, Damaged, spool.Lost and Stopped.
    """
    head = bytearray()
    for piece in files.read_back(copy, goes_on=goes_on):
        if len(head) < HEADER:
            head += piece
    sound = measured(bytes(head), copy.size)
    if told_seconds is not None and abs(sound.seconds - told_seconds) > SLACK_SECONDS + told_seconds * 0.02:
        raise Unusable(f"the audio lasts {sound.seconds:.0f} seconds, Twilio told of {told_seconds}")
    return sound


def measured(head: bytes, size: int) -> Sound:
    """Measure a WAV file by its beginning. Raises Unusable where it is none, or ends before its own header says."""
    file = io.BytesIO(head)
    try:
        with wave.open(file, "rb") as sound:
            header, channels = file.tell(), sound.getnchannels()
            frame = channels * sound.getsampwidth()
            frames, rate = sound.getnframes(), max(sound.getframerate(), 1)
    except (wave.Error, EOFError) as error:
        raise Unusable(f"what came is no WAV audio: {str(error) or 'it is too short'}") from error
    there = (size - header) // frame
    if frames > there:
        raise Unusable(f"the audio breaks off after {there / rate:.0f} of {frames / rate:.0f} seconds")
    return Sound(frames / rate, channels)


def clear(recording: Recording, copy: Copy, *, goes_on: GoesOn) -> None:
    """Delete the audio at Twilio, after a look at what will be the only copy, and see that it is gone.

    Raises Damaged and what else reading ours raises, StillThere, Stopped, and what the client raises.
    """
    files.check(copy, goes_on=goes_on)
    client.delete_recording(recording.sid)
    if not client.recording_is_gone(recording.sid):
        raise StillThere("Twilio has deleted the audio, and still tells of it")
