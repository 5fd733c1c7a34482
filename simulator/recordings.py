"""Recordings: what was said becomes real 8 kHz audio."""

from typing import Protocol


class Voice(Protocol):
    """What the simulator needs from a speech synthesizer and an encoder."""

    def speech(self, text: str) -> bytes:
        """Return a sentence as PCM16 at 8 kHz, mono, without a header."""
        ...

    def mp3(self, wav: bytes) -> bytes:
        """Return a WAV file as MP3."""
        ...
