"""Recordings: what was said becomes real 8 kHz audio, announced to the application some time later."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from simulator.audio_tracks import RATE, lay_out, loud_part, mix, wav
from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.legs import NO_CALLBACK, Callback, Leg, Utterance, rfc2822

RecordingStatus = Literal["in-progress", "processing", "completed", "absent", "deleted"]
RecordingSource = Literal["RecordVerb", "DialVerb", "OutboundAPI", "Conference"]
Track = Literal["both", "inbound", "outbound"]

TOO_SHORT_SECONDS = 0.5
TOO_SHORT, SILENT = 16101, 16102
METADATA_KEPT = timedelta(days=40)


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
    track: Track = "both"
    trim: bool = False
    callback: Callback = NO_CALLBACK


@dataclass(slots=True, eq=False)
class Recording:
    """One recording; its call is always the parent leg."""

    sid: str
    leg: Leg
    wish: Wish
    started: datetime
    created: datetime
    updated: datetime
    other: Leg | None = None
    """The dialled party, once there is one."""
    conference_sid: str = ""
    voices: dict[str, list[Utterance]] = field(default_factory=dict)
    """What each call said into a conference."""
    status: RecordingStatus = "in-progress"
    ended: datetime | None = None
    tracks: tuple[bytes, ...] = ()
    error_code: int | None = None
    deleted: datetime | None = None

    @property
    def seconds(self) -> float:
        """How long was recorded, before trimming."""
        return (self.ended - self.started).total_seconds() if self.ended else 0.0

    @property
    def duration(self) -> int | None:
        """Whole seconds of the finished audio."""
        return max(1, round(len(self.tracks[0]) / 2 / RATE)) if self.tracks else None

    def wav(self, channels: int | None = None) -> bytes:
        """Return the audio; `channels=1` mixes two channels into one."""
        return wav([mix(self.tracks)] if channels == 1 else self.tracks)


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
    ) -> None:
        self.recordings: dict[str, Recording] = {}
        self.voice = voice
        self._account_sid = account_sid
        self._clock = clock
        self._callbacks = callbacks
        self._new_sid = new_sid
        self._base_url = base_url.rstrip("/")
        self._delay = delay
        self._wishes: dict[str, Wish] = {}
        self._whole_calls: dict[str, Recording] = {}

    def url(self, recording: Recording) -> str:
        """Return where the recording's media can be fetched (without an extension)."""
        return f"{self._base_url}/2010-04-01/Accounts/{self._account_sid}/Recordings/{recording.sid}"

    def start(self, leg: Leg, wish: Wish, *, other: Leg | None = None, conference_sid: str = "") -> Recording:
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
        )
        self.recordings[recording.sid] = recording
        self._announce(recording, "in-progress")
        return recording

    def finish(self, recording: Recording) -> None:
        """Stop recording; the audio is there, and announced, after a delay."""
        if recording.ended is not None:
            return
        recording.ended = recording.updated = self._clock.now()
        recording.status = "processing"
        self._clock.call_later(self._delay, lambda: self._process(recording))

    def delete(self, recording: Recording) -> None:
        """Delete the audio at once and for good; the metadata stays for a while."""
        recording.status, recording.tracks = "deleted", ()
        recording.deleted = recording.updated = self._clock.now()

    def is_forgotten(self, recording: Recording) -> bool:
        """Return whether even the metadata of a deleted recording has gone."""
        return recording.deleted is not None and self._clock.now() - recording.deleted > METADATA_KEPT

    # A whole call, asked for by REST

    def record_call(self, leg: Leg, wish: Wish) -> None:
        """Record a leg from its answer to its end."""
        self._wishes[leg.sid] = wish

    def leg_answered(self, leg: Leg) -> None:
        """Begin the recording asked for, if any."""
        wish = self._wishes.pop(leg.sid, None)
        if wish is not None:
            self._whole_calls[leg.sid] = self.start(leg, wish)

    def leg_ended(self, leg: Leg) -> None:
        """End the recording asked for, and name it in the leg's last callback."""
        recording = self._whole_calls.pop(leg.sid, None)
        if recording is not None:
            self.finish(recording)
            leg.recording_fields = self.verb_fields(recording)

    def note_played(self, leg: Leg, text: str) -> None:
        """Let Twilio's own voice be in the recording of a whole call."""
        if leg.sid in self._whole_calls:
            leg.played.append(Utterance(self._clock.now(), self.voice.speech(text)))

    def note_heard(self, leg: Leg, utterance: Utterance) -> None:
        """Let the other party's voice be in the recording of a whole call."""
        if leg.sid in self._whole_calls:
            leg.played.append(utterance)

    # Fields

    def verb_fields(self, recording: Recording) -> dict[str, str]:
        """Return the fields that a verb's action or a call's last callback carries; the duration is untrimmed."""
        return {
            "RecordingDuration": str(round(recording.seconds)),
            "RecordingSid": recording.sid,
            "RecordingUrl": self.url(recording),
        }

    def _process(self, recording: Recording) -> None:
        recording.updated = self._clock.now()
        if recording.status == "deleted" or recording.ended is None:
            return
        tracks = self._tracks(recording, recording.started, recording.ended)
        first, last = loud_part(tracks)
        if recording.seconds < TOO_SHORT_SECONDS:
            recording.status, recording.error_code = "absent", TOO_SHORT
        elif recording.wish.trim and not last:
            # Trimmed, silence leaves nothing; untrimmed, an account keeps it.
            recording.status, recording.error_code = "absent", SILENT
        else:
            recording.status = "completed"
            recording.tracks = tuple(t[first * 2 : last * 2] for t in tracks) if recording.wish.trim else tracks
        self._announce(recording, recording.status)

    @staticmethod
    def _tracks(recording: Recording, start: datetime, end: datetime) -> tuple[bytes, ...]:
        wish, other = recording.wish, recording.other
        far = other.said if other is not None else recording.leg.played
        sides = {"inbound": [recording.leg.said], "outbound": [far], "both": [recording.leg.said, far]}[wish.track]
        if wish.source == "RecordVerb":
            sides = [recording.leg.said]
        elif wish.source == "Conference":
            sides = list(recording.voices.values()) or [[]]
        tracks = [lay_out(side, start, end) for side in sides]
        return tuple(tracks) if wish.channels == len(tracks) else (mix(tracks),) * wish.channels

    def _announce(self, recording: Recording, status: RecordingStatus) -> None:
        callback = recording.wish.callback
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
