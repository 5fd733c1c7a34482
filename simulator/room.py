"""A conference as state: who is in it, how, and who hears whom. Its moves are in `conferences.py`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.legs import NO_CALLBACK, Callback, Leg, Source
from simulator.process import Inbox, Process
from simulator.recordings import Recording

Beep = Literal["true", "false", "onEnter", "onExit"]

MAX_PARTICIPANTS = 250
SILENCE = Source()
MUSIC = Source(twiml="music")
"""Stands for Twilio's own hold music; it is never parsed."""


@dataclass(frozen=True, slots=True)
class RoomWishes:
    """What only the first participant of a conference decides."""

    callback: Callback = NO_CALLBACK
    max_participants: int = MAX_PARTICIPANTS
    record: bool = False
    trim: bool = True
    recording_callback: Callback = NO_CALLBACK
    region: str = "us1"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a participant wants to be in a conference."""

    label: str = ""
    muted: bool = False
    starts: bool = True
    ends: bool = False
    beep: Beep = "true"
    coach: str = ""
    """The CallSid of the one who hears this participant, where the others do not."""
    wait: Source = MUSIC


@dataclass(slots=True, eq=False)
class Participant:
    """One leg in one conference, or on its way there."""

    leg: Leg
    room: "Conference"
    label: str
    muted: bool
    starts: bool
    ends: bool
    beep: Beep
    coach: str
    wait: Source
    created: datetime
    updated: datetime
    present: bool = False
    """Whether it is in; one that REST invited rings first."""
    held: bool = False
    hold: Source = MUSIC
    failed: bool = False
    """Its wait document could not be got: it never got in."""
    inbox: Inbox | None = None
    music: Process | None = None
    speaking_until: datetime | None = None
    announcements: list[Process] = field(default_factory=list)

    @property
    def sid(self) -> str:
        """Its CallSid."""
        return self.leg.sid

    @property
    def waiting(self) -> bool:
        """Whether it waits for the conference to start."""
        return self.present and self.room.status == "init"

    @property
    def status(self) -> str:
        """Return Twilio's word for how far it is."""
        if self.present:
            return "connected"
        if self.leg.status == "queued":
            return "connecting" if self.leg.started else "queued"
        return "ringing"


@dataclass(slots=True, eq=False)
class Conference:
    """One conference; `reason` and `ended_by` are known when it has ended."""

    sid: str
    friendly_name: str
    created: datetime
    updated: datetime
    first: Leg
    """The call that made it."""
    wishes: RoomWishes
    status: Literal["init", "in-progress", "completed"] = "init"
    participants: list[Participant] = field(default_factory=list)
    sequence: int = 0
    reason: str | None = None
    ended_by: str | None = None
    recording: Recording | None = None
    announcements: list[Process] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Whether it has not ended."""
        return self.status != "completed"

    def present(self) -> list[Participant]:
        """Return who is in, longest first."""
        return [one for one in self.participants if one.present]

    def is_heard(self, speaker: Participant) -> bool:
        """Return whether a participant's voice gets into the room at all."""
        return self.status == "in-progress" and speaker.present and not (speaker.held or speaker.muted)

    def hears(self, listener: Participant, speaker: Participant) -> bool:
        """Return whether one participant hears another: a coach is heard by the coached one alone."""
        return (
            listener is not speaker
            and listener.present
            and not listener.held
            and self.is_heard(speaker)
            and speaker.coach in ("", listener.sid)
        )

    def as_json(self) -> dict[str, Any]:
        """Return the conference for the page."""
        return {
            "sid": self.sid,
            "name": self.friendly_name,
            "status": self.status,
            "recording": self.recording.status if self.recording is not None else None,
            "participants": [self._participant_as_json(one) for one in self.participants],
        }

    def _participant_as_json(self, one: Participant) -> dict[str, Any]:
        return {
            "call_sid": one.sid,
            "label": one.label,
            "phone": one.leg.phone or one.leg.to,
            "status": one.status,
            "waiting": one.waiting,
            "muted": one.muted,
            "held": one.held,
            "coaching": one.coach or None,
            "hears": [other.sid for other in self.participants if self.hears(one, other)],
        }
