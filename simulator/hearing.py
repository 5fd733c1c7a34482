"""Who hears a voice while it lasts: who is muted, put on hold or gone in the middle of a sentence ends it there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from simulator.clock import Clock
from simulator.legs import Leg, Utterance
from simulator.sounds import Sound


class Recorder(Protocol):
    """What keeps the sounds."""

    def note(self, leg: Leg, sound: Sound) -> None:
        """Keep what is heard on a leg, for as long as a recording may need it."""
        ...


@dataclass(slots=True, eq=False)
class Voice:
    """What somebody is saying, and what those who hear it have heard so far."""

    leg: Leg
    utterance: Utterance
    heard: dict[str, Sound] = field(default_factory=dict)


class Hearing:
    """All voices that sound now."""

    def __init__(self, clock: Clock, recorder: Recorder) -> None:
        self._clock = clock
        self._recorder = recorder
        self._voices: list[Voice] = []

    def begin(self, leg: Leg, utterance: Utterance) -> None:
        """Let somebody be heard who has just begun to speak."""
        voice = Voice(leg, utterance)
        self._voices.append(voice)
        self._hear(voice, utterance.at)

    def follow(self) -> None:
        """Look again who hears whom; to be called after each change."""
        if not self._voices:
            return
        now = self._clock.now()
        self._voices = [voice for voice in self._voices if voice.utterance.sound().end > now]
        for voice in self._voices:
            self._hear(voice, now)

    def _hear(self, voice: Voice, since: datetime) -> None:
        ears = self._ears(voice.leg)
        for sid in [sid for sid in voice.heard if sid not in ears]:
            voice.heard.pop(sid).stop(since)
        for sid, keep in ears.items():
            if sid not in voice.heard:
                voice.heard[sid] = voice.utterance.sound(since)
                keep(voice.heard[sid])

    def _ears(self, leg: Leg) -> dict[str, Callable[[Sound], None]]:
        """Return who hears a leg, people and recordings of its conference, by sid."""
        ears: dict[str, Callable[[Sound], None]] = {}
        for other in leg.listeners:
            ears[other.sid] = lambda sound, other=other: self._recorder.note(other, sound)  # type: ignore[misc]
        recording = leg.place.recording_of(leg) if leg.place is not None else None
        if recording is not None:
            ears[recording.sid] = recording.heard.append
        return ears
