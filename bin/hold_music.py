"""Writes static/audio/hold.wav, what people on hold hear: sixteen seconds of plucked chords, without a seam."""

import math
import struct
import wave
from pathlib import Path

RATE = 8000
BEAT = 0.5  # seconds
CHORDS = ((57, 60, 64, 69), (53, 57, 60, 65), (48, 52, 55, 60), (55, 59, 62, 67))  # Am F C G, as MIDI notes
ORDER = (0, 1, 2, 3, 2, 1, 2, 3)


def main() -> None:
    notes = [CHORDS[bar][index] for bar in range(4) for index in ORDER]
    length = int(RATE * BEAT) * len(notes)
    sound = [0.0] * length
    for place, note in enumerate(notes):
        pluck(sound, start=int(place * RATE * BEAT), frequency=440 * 2 ** ((note - 69) / 12))
    loudest = max(map(abs, sound))
    target = Path(__file__).parent.parent / "static" / "audio" / "hold.wav"
    target.parent.mkdir(exist_ok=True)
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", int(9000 * value / loudest)) for value in sound))


def pluck(sound: list[float], *, start: int, frequency: float) -> None:
    """Add one note, which fades over two seconds and goes on at the beginning where the end is reached."""
    for step in range(2 * RATE):
        time = step / RATE
        wave_ = math.sin(math.tau * frequency * time) + 0.3 * math.sin(2 * math.tau * frequency * time)
        sound[(start + step) % len(sound)] += wave_ * min(1, step / 80) * math.exp(-2.2 * time)


if __name__ == "__main__":
    main()
