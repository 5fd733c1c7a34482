"""Transcripts and sound for tests."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recordings.speech.transcript import Segment, Transcript, Word, joined


def segment(text: str, *, start: float = 0.0, end: float | None = None, speaker: str = "customer") -> Segment:
    return Segment(start, start + 2.0 if end is None else end, speaker, text)


def worded(text: str, *, start: float = 0.0, speaker: str = "customer", each: float = 0.5) -> Segment:
    """Give a segment whose words last `each` seconds, one after the other."""
    words = tuple(
        Word(word, start + index * each, start + (index + 1) * each) for index, word in enumerate(text.split())
    )
    return Segment(start, start + len(words) * each, speaker, joined(words), words=words)


def transcript(*segments: Segment | str, language: str = "en") -> Transcript:
    """Give a transcript; a text alone becomes the customer's segment, two seconds after the one before."""
    whole = [
        segment(entry, start=index * 2.0) if isinstance(entry, str) else entry for index, entry in enumerate(segments)
    ]
    return Transcript(tuple(whole), language, "test", "1")


def write_wav(path: Path, *channels: NDArray[np.float64], rate: int = 8000) -> Path:
    """Write sound from -1 to 1, one array for each channel of the same length."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.stack(channels, axis=1) * 32767).astype("<i2").tobytes())
    return path
