"""Arithmetic on 8 kHz PCM16: tracks laid out in time, mixed, trimmed, and put into WAV files."""

import io
import wave
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime

from simulator.legs import Utterance

RATE = 8000
FRAME = 160  # 20 ms
LOUD = 300


def lay_out(utterances: Iterable[Utterance], start: datetime, end: datetime) -> bytes:
    """Return one track from start to end: the utterances at their times, silence between."""
    length = max(0, round((end - start).total_seconds() * RATE))
    track = bytearray(length * 2)
    for utterance in utterances:
        begin = round((utterance.at - start).total_seconds() * RATE)
        pcm = utterance.pcm[max(0, -begin) * 2 : max(0, length - begin) * 2]
        offset = max(0, begin) * 2
        track[offset : offset + len(pcm)] = pcm
    return bytes(track)


def mix(tracks: Sequence[bytes]) -> bytes:
    """Return tracks of equal length as one."""
    if len(tracks) == 1:
        return tracks[0]
    channels = [array("h", track) for track in tracks]
    return array("h", (max(-32768, min(32767, sum(samples))) for samples in zip(*channels, strict=True))).tobytes()


def loud_part(tracks: Sequence[bytes]) -> tuple[int, int]:
    """Return the first and the last sample (exclusive) of what can be heard on any track; (0, 0) for silence."""
    first, last = None, 0
    for track in tracks:
        samples = array("h", track)
        for begin in range(0, len(samples), FRAME):
            frame = samples[begin : begin + FRAME]
            if max(frame) > LOUD or min(frame) < -LOUD:
                first = begin if first is None else min(first, begin)
                last = max(last, begin + len(frame))
    return first or 0, last


def wav(tracks: Sequence[bytes]) -> bytes:
    """Return a WAV file with one channel for each track."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(len(tracks))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(interleave(tracks))
    return out.getvalue()


def interleave(tracks: Sequence[bytes]) -> bytes:
    """Return the tracks as the channels of one stream."""
    if len(tracks) == 1:
        return tracks[0]
    stream = array("h", bytes(sum(len(track) for track in tracks)))
    for index, track in enumerate(tracks):
        stream[index :: len(tracks)] = array("h", track)
    return stream.tobytes()


def read_wav(data: bytes) -> bytes:
    """Return the samples of an 8 kHz mono 16-bit WAV file; raise `ValueError` for any other."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                raise ValueError("The WAV file must be 8 kHz, mono, 16 bit.")
            return bytes(file.readframes(file.getnframes()))
    except (wave.Error, EOFError) as error:
        raise ValueError("This is no WAV file.") from error
