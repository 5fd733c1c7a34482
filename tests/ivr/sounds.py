"""Sounds for tests: short, and telephone audio already."""

import hashlib
import io
import math
import struct
import wave

from ivr.prompts import audio


def tone(*, frequency: int = 440, seconds: float = 0.2, rate: int = audio.RATE, channels: int = 1) -> audio.Sound:
    """Give a tone as a sound that is kept as it is, whatever its rate."""
    file = io.BytesIO()
    count = int(seconds * rate)
    samples = [int(8000 * math.sin(2 * math.pi * frequency * index / rate)) for index in range(count)]
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(b"".join(struct.pack("<h", sample) * channels for sample in samples))
    content = file.getvalue()
    return audio.Sound(content, hashlib.sha256(content).hexdigest(), seconds)
