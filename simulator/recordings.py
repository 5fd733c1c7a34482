"""Recordings: what was said becomes real 8 kHz audio, announced to the application some time later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from simulator.audio_tracks import RATE, Mixed, Part, Track, WavFile, loud_part
from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.legs import NO_CALLBACK, Callback, Leg, rfc2822
from simulator.sounds import Sound, Stretch, lay_out

RecordingStatus = Literal["in-progress", "paused", "stopped", "processing", "completed", "absent", "deleted"]
RecordingSource = Literal[
    "RecordVerb", "DialVerb", "OutboundAPI", "Conference", "StartCallRecordingAPI", "StartCallRecordingTwiML"
]
RecordedTrack = Literal["both", "inbound", "outbound"]

TOO_SHORT_SECONDS = 0.5
TOO_SHORT, SILENT = 16101, 16102
METADATA_KEPT = timedelta(days=40)
OF_LEGS: frozenset[RecordingSource] = frozenset({"OutboundAPI", "StartCallRecordingAPI", "StartCallRecordingTwiML"})
"""Sources whose recordings last as long as their leg, whatever documents it is given."""
RUNNING: frozenset[RecordingStatus] = frozenset({"in-progress", "paused"})


class Voice(Protocol):
    """What the simulator needs from a speech synthesizer and an encoder."""

    def speech(self, text: str) -> bytes:
        """Return a sentence as PCM16 at 8 kHz, mono, without a header."""
        ...

    def mp3(self, wav: bytes) -> bytes:
        """Return a WAV file as MP3."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """How something is to be recorded."""

    source: RecordingSource
    channels: int = 1
    track: RecordedTrack = "both"
    trim: bool = False
    callback: Callback = NO_CALLBACK


@dataclass(slots=True)
class Pause:
    """A time that is not recorded: silence in its place, or nothing."""

    since: datetime
    skip: bool
    until: datetime | None = None


@dataclass(slots=True, eq=False)
class Recording:
    """One recording; its call is the recorded leg, of a Dial the parent's."""

    sid: str
    leg: Leg
    wish: Wish
    started: datetime
    created: datetime
    updated: datetime
    other: Leg | None = None
    """The dialled party, once there is one."""
    conference_sid: str = ""
    name: str = ""
    """What Start called it, for Stop."""
    heard: list[Sound] = field(default_factory=list)
    """What was said in a conference, as far as the room hears it."""
    status: RecordingStatus = "in-progress"
    pauses: list[Pause] = field(default_factory=list)
    ended: datetime | None = None
    audio: Sequence[Track] = ()
    """One track for each channel, when there is something to hear."""
    error_code: int | None = None
    deleted: datetime | None = None
    planted: bool = False
    """Made for a measurement: nobody wants it to outlive the simulator."""

    @property
    def running(self) -> bool:
        """Whether it has not ended; it may be paused."""
        return self.status in RUNNING

    @property
    def seconds(self) -> float:
        """How long was recorded, before trimming; silence in place of a pause counts, a skipped pause does not."""
        return self._stretches()[1]

    @property
    def duration(self) -> int | None:
        """Whole seconds of the finished audio."""
        return max(1, round(self.audio[0].samples / RATE)) if self.status == "completed" else None

    @property
    def tracks(self) -> tuple[bytes, ...]:
        """The channels' samples; for short recordings."""
        return tuple(track.read(0, track.samples) for track in self.audio)

    def file(self, channels: int | None = None) -> WavFile:
        """Return the audio; `channels=1` mixes two channels into one."""
        return WavFile([Mixed(self.audio)] if channels == 1 and len(self.audio) > 1 else self.audio)

    def wav(self) -> bytes:
        """Return the audio as a whole; for short recordings."""
        return self.file().whole()

    def lay_out(self) -> None:
        """Make the tracks of what was said and played, once it has ended."""
        stretches, seconds = self._stretches()
        tracks = [lay_out(side, stretches, seconds) for side in self._sides()]
        channels = self.wish.channels
        self.audio = tuple(tracks) if channels == len(tracks) else (Mixed(tracks),) * channels

    def _sides(self) -> list[list[Sound]]:
        if self.wish.source == "Conference":
            return [self.heard]
        near = [said.sound() for said in self.leg.said]
        if self.wish.source == "RecordVerb":
            return [near]
        far = [said.sound() for said in self.other.said] if self.other is not None else self.leg.played
        # On the wire the track of a Start is told, and what is recorded is both.
        track = "both" if self.wish.source == "StartCallRecordingTwiML" else self.wish.track
        return {"inbound": [near], "outbound": [far], "both": [near, far]}[track]

    def _stretches(self) -> tuple[list[Stretch], float]:
        """Return what was recorded between the pauses, and how long it is with the silence in their place."""
        if self.ended is None:
            return [], 0.0
        stretches, start, place = [], self.started, 0.0
        for pause in self.pauses:
            stretches.append(Stretch(start, pause.since, place))
            start = pause.until or self.ended
            place += stretches[-1].seconds + (0.0 if pause.skip else (start - pause.since).total_seconds())
        stretches.append(Stretch(start, self.ended, place))
        return stretches, place + stretches[-1].seconds


class Recorder:
    """Starts, finishes, processes and announces recordings."""

    def __init__(
        self,
        *,
        account_sid: str,
        clock: Clock,
        callbacks: Callbacks,
        voice: Voice,
        new_sid: Callable[[str], str],
        base_url: str,
        delay: float,
        changed: Callable[[], None],
    ) -> None:
        self.recordings: dict[str, Recording] = {}
        self.voice = voice
        self._account_sid = account_sid
        self._clock = clock
        self._callbacks = callbacks
        self._new_sid = new_sid
        self._base_url = base_url.rstrip("/")
        self._delay = delay
        self._changed = changed
        self._wishes: dict[str, list[tuple[Wish, str]]] = {}
        self._of_legs: dict[str, list[Recording]] = {}

    def url(self, recording: Recording) -> str:
        """Return where the recording's media can be fetched (without an extension)."""
        return f"{self._base_url}/2010-04-01/Accounts/{self._account_sid}/Recordings/{recording.sid}"

    def start(
        self, leg: Leg, wish: Wish, *, other: Leg | None = None, conference_sid: str = "", name: str = ""
    ) -> Recording:
        """Begin to record a leg, or the conference that it began."""
        now = self._clock.now()
        recording = Recording(
            sid=self._new_sid("RE"),
            leg=leg,
            wish=wish,
            started=now,
            created=now,
            updated=now,
            other=other,
            conference_sid=conference_sid,
            name=name,
        )
        self.recordings[recording.sid] = recording
        if wish.source in OF_LEGS:
            self._of_legs.setdefault(leg.sid, []).append(recording)
        self.announce(recording)
        self._changed()
        return recording

    def pause(self, recording: Recording, *, skip: bool) -> None:
        """Record nothing until it goes on."""
        self.resume(recording)
        recording.status, recording.updated = "paused", self._clock.now()
        recording.pauses.append(Pause(recording.updated, skip))
        self._changed()

    def resume(self, recording: Recording) -> None:
        """Go on after a pause."""
        if recording.status == "paused":
            recording.status, recording.updated = "in-progress", self._clock.now()
            recording.pauses[-1].until = recording.updated
            self._changed()

    def finish(self, recording: Recording, status: RecordingStatus = "processing") -> None:
        """End a recording; the audio is there, and announced, after a delay."""
        if recording.ended is not None:
            return
        recording.ended = recording.updated = self._clock.now()
        recording.status = status
        recording.lay_out()
        running = self._of_legs.get(recording.leg.sid, [])
        if recording in running:
            running.remove(recording)
        self._clock.call_later(self._delay, lambda: self._process(recording))
        self._changed()

    def delete(self, recording: Recording) -> None:
        """Delete the audio at once and for good; the metadata stays for a while."""
        recording.status, recording.audio = "deleted", ()
        recording.deleted = recording.updated = self._clock.now()
        self._changed()

    def is_forgotten(self, recording: Recording) -> bool:
        """Return whether even the metadata of a deleted recording has gone."""
        return recording.deleted is not None and self._clock.now() - recording.deleted > METADATA_KEPT

    # A whole leg

    def of_leg(self, leg: Leg, source: RecordingSource) -> Recording | None:
        """Return the recording that runs on a leg from this source."""
        return next((each for each in self._of_legs.get(leg.sid, ()) if each.wish.source == source), None)

    def named(self, leg: Leg, name: str) -> Recording | None:
        """Return the recording that a document began on a leg under this name; its sid is a name too."""
        own = (each for each in self._of_legs.get(leg.sid, ()) if each.wish.source == "StartCallRecordingTwiML")
        return next((each for each in own if name and name in (each.name, each.sid)), None)

    def record_call(self, leg: Leg, wish: Wish, name: str = "") -> None:
        """Record a leg from its answer to its end."""
        self._wishes.setdefault(leg.sid, []).append((wish, name))

    def leg_answered(self, leg: Leg) -> None:
        """Begin the recordings asked for, if any."""
        for wish, name in self._wishes.pop(leg.sid, ()):
            self.start(leg, wish, name=name)

    def leg_ended(self, leg: Leg) -> None:
        """End a leg's recordings, and name the one asked for with the call in the leg's last callback."""
        for recording in tuple(self._of_legs.get(leg.sid, ())):
            self.finish(recording)
            if recording.wish.source == "OutboundAPI":
                leg.recording_fields = self.verb_fields(recording)
        self._of_legs.pop(leg.sid, None)
        self._wishes.pop(leg.sid, None)
        leg.played.clear()

    def note(self, leg: Leg, sound: Sound) -> None:
        """Keep what begins to sound on a leg: while the leg is recorded, or until it is over."""
        if not self._of_legs.get(leg.sid):
            leg.played[:] = [played for played in leg.played if played.end > sound.at]
        leg.played.append(sound)

    # How it is told

    def as_json(self, recording: Recording) -> dict[str, Any]:
        """Return a recording for the page."""
        return {
            "sid": recording.sid,
            "call_sid": recording.leg.sid,
            "conference_sid": recording.conference_sid or None,
            "status": recording.status,
            "duration": recording.duration,
            "channels": recording.wish.channels,
            "source": recording.wish.source,
            "at": recording.started.isoformat(),
            "url": self.url(recording),
        }

    def verb_fields(self, recording: Recording) -> dict[str, str]:
        """Return the fields that a verb's action or a call's last callback carries; the duration is untrimmed."""
        return {
            "RecordingDuration": str(round(recording.seconds)),
            "RecordingSid": recording.sid,
            "RecordingUrl": self.url(recording),
        }

    def announce(self, recording: Recording) -> None:
        """Tell the application how a recording stands, if it asked for that."""
        callback, status = recording.wish.callback, recording.status
        if not callback.wants(status):
            return
        fields = {
            "AccountSid": self._account_sid,
            "CallSid": recording.leg.sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self.url(recording),
            "RecordingStatus": status,
            "RecordingChannels": str(recording.wish.channels),
            "RecordingStartTime": rfc2822(recording.started),
            "RecordingSource": recording.wish.source,
            "RecordingTrack": recording.wish.track,
            "ErrorCode": str(recording.error_code or 0),
        }
        if recording.conference_sid:
            fields["ConferenceSid"] = recording.conference_sid
        if status == "completed":
            fields["RecordingDuration"] = str(recording.duration)
        self._callbacks.send(recording.leg, url=callback.url, method=callback.method, fields=fields)

    def _process(self, recording: Recording) -> None:
        recording.updated = self._clock.now()
        if recording.status == "deleted":
            return
        # Trimmed, silence leaves nothing; untrimmed, an account keeps it.
        first, last = loud_part(recording.audio) if recording.wish.trim else (0, 1)
        if recording.seconds < TOO_SHORT_SECONDS or not last:
            recording.status, recording.audio = "absent", ()
            recording.error_code = TOO_SHORT if recording.seconds < TOO_SHORT_SECONDS else SILENT
        else:
            recording.status = "completed"
            if recording.wish.trim:
                recording.audio = tuple(Part(track, first, last - first) for track in recording.audio)
        self.announce(recording)
        self._changed()
