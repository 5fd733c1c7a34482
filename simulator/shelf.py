"""A folder in which recordings outlive the simulator: one WAV and one JSON file for each."""

import json
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from simulator.audio_tracks import Track
from simulator.legs import Leg
from simulator.recordings import Recording, Wish
from simulator.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Shelved:
    """One channel of a WAV file, read from there as it is needed."""

    path: Path
    channel: int
    samples: int

    def read(self, first: int, count: int) -> bytes:
        """Return so many samples from one on."""
        with wave.open(str(self.path)) as file:
            file.setpos(first)
            frames = np.frombuffer(file.readframes(count), np.int16)
            return bytes(frames[self.channel :: file.getnchannels()].tobytes())


class Shelf:
    """Puts finished recordings into a folder, and back into a new simulator."""

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        self.folder = folder
        self.simulator = simulator
        self._kept: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def restore(self) -> None:
        """Give the simulator what the folder holds; a file that somebody spoiled is left alone."""
        found = []
        for path in self.folder.glob("RE*.json"):
            try:
                found.append(_read(path))
            except (ValueError, KeyError, TypeError, OSError, wave.Error, EOFError):
                continue
        for recording in sorted(found, key=lambda each: each.started):
            self._kept[recording.sid] = recording.status
            self.simulator.restore(recording)

    def keep(self) -> None:
        """Write what has finished, and drop the sound of what was deleted; to be called after each change."""
        for recording in self.simulator.recordings:
            if recording.planted:
                continue
            if recording.status in ("completed", "deleted") and self._kept.get(recording.sid) != recording.status:
                self._kept[recording.sid] = recording.status
                self._write(recording)

    def _write(self, recording: Recording) -> None:
        sound = self.folder / f"{recording.sid}.wav"
        if recording.audio:
            with sound.open("wb") as file:
                file.writelines(recording.file().pieces())
        else:
            sound.unlink(missing_ok=True)
        # The description comes last: a recording that is described is complete.
        description = self.folder / f"{recording.sid}.json"
        unfinished = description.with_suffix(".part")
        unfinished.write_text(json.dumps(_description(recording)), encoding="utf-8")
        unfinished.replace(description)


def _description(recording: Recording) -> dict[str, Any]:
    moments = ("started", "ended", "created", "updated", "deleted")
    return {
        "sid": recording.sid,
        "status": recording.status,
        "source": recording.wish.source,
        "channels": recording.wish.channels,
        "track": recording.wish.track,
        "call_sid": recording.leg.sid,
        "conference_sid": recording.conference_sid,
        "from": recording.leg.from_,
        "to": recording.leg.to,
        "direction": recording.leg.direction,
    } | {name: moment.isoformat() for name in moments if (moment := getattr(recording, name))}


def _read(path: Path) -> Recording:
    told = json.loads(path.read_text(encoding="utf-8"))
    moments = {
        name: datetime.fromisoformat(told[name]) if name in told else None
        for name in ("ended", "created", "updated", "deleted")
    }
    started = datetime.fromisoformat(told["started"])
    leg = Leg(
        sid=told["call_sid"],
        from_=told["from"],
        to=told["to"],
        direction=told["direction"],
        created=started,
        status="completed",
        ended=moments["ended"],
    )
    return Recording(
        sid=told["sid"],
        leg=leg,
        conference_sid=told.get("conference_sid", ""),
        wish=Wish(source=told["source"], channels=told["channels"], track=told["track"]),
        started=started,
        created=moments["created"] or started,
        updated=moments["updated"] or started,
        ended=moments["ended"],
        deleted=moments["deleted"],
        status=told["status"],
        audio=() if told["status"] == "deleted" else _tracks(path.with_suffix(".wav")),
    )


def _tracks(path: Path) -> Sequence[Track]:
    with wave.open(str(path)) as sound:
        return [Shelved(path, channel, sound.getnframes()) for channel in range(sound.getnchannels())]
