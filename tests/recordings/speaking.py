"""Recordings in which something was said, and what a provider of speech to text answers."""

from pathlib import Path
from typing import Any

import numpy as np

from recordings import tasks
from recordings.models import Recording, Transcript
from tests.recordings.factories import make_stored
from tests.recordings.speech.factories import write_wav

CARD = "4111 1111 1111 1111"


def words(text: str, *, start: float) -> list[dict[str, Any]]:
    return [
        {"word": word, "start": start + n * 0.25, "end": start + (n + 1) * 0.25, "confidence": 0.9}
        for n, word in enumerate(text.split())
    ]


def utterance(text: str, *, start: float, channel: int) -> dict[str, Any]:
    said = words(text, start=start)
    return {
        "start": start, "end": said[-1]["end"], "confidence": 0.9, "channel": channel, "transcript": text,
        "words": said,
    }  # fmt: skip


def answer(*utterances: dict[str, Any], language: str = "en") -> dict[str, Any]:
    return {
        "metadata": {"duration": 60.0, "model_info": {"m": {"version": "1", "arch": "nova-3"}}},
        "results": {"channels": [{"alternatives": [], "detected_language": language}], "utterances": list(utterances)},
    }


HARMLESS = answer(utterance("Where is my order", start=0, channel=0), utterance("It is coming", start=3, channel=1))
TELLING = answer(
    utterance("What is your card number", start=0, channel=1), utterance(f"It is {CARD}", start=2, channel=0)
)


def loud(folder: Path, *, seconds: float = 6, channels: int = 2) -> bytes:
    noise = np.random.default_rng(5).uniform(0.2, 0.5, int(8000 * seconds))
    return write_wav(folder / "loud.wav", *[noise] * channels).read_bytes()


def waiting(folder: Path, *, channels: int = 2, **fields: Any) -> Recording:
    """Make a recording that waits for its text."""
    defaults = {"transcribes": True, "channels": channels, "speakers": ["customer", "Ann"][:channels], "seconds": 6}
    return make_stored(loud(folder, channels=channels), **(defaults | fields))


def work(recording: Recording) -> Recording:
    tasks.work(str(recording.pk))
    recording.refresh_from_db()
    return recording


def current(recording: Recording) -> Transcript:
    return Transcript.objects.get(recording=recording, is_current=True)
