"""News of calls, recordings and conferences. Pure."""

from dataclasses import dataclass
from datetime import datetime

from telephony.payloads.reading import Form, moment, recording_sid, sid, truth, whole
from telephony.payloads.voice import VoiceRequest, voice_request


@dataclass(frozen=True, slots=True)
class StatusCallback:
    """News of a call. `seconds` is talk time (`CallDuration`); Twilio's `Duration` counts started minutes."""

    call: VoiceRequest
    status: str = ""
    sequence: int | None = None
    reported_at: datetime | None = None
    seconds: int | None = None
    minutes: int | None = None
    answered_by: str = ""
    sip_response_code: str = ""
    recording_sid: str = ""
    recording_url: str = ""
    recording_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class RecordingCallback:
    """News of a recording. Of a conference's recording no call is named."""

    sid: str = ""
    call_sid: str = ""
    conference_sid: str = ""
    account_sid: str = ""
    url: str = ""
    status: str = ""
    seconds: int | None = None
    channels: int | None = None
    started_at: datetime | None = None
    source: str = ""
    track: str = ""
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class ConferenceEvent:
    """News of a conference or of somebody in it; flags are None where the event tells none.

    `left_because` has Twilio's underscores, `ended_because` its hyphens. `name` is the conference's friendly name.
    """

    event: str = ""
    sid: str = ""
    name: str = ""
    account_sid: str = ""
    sequence: int | None = None
    reported_at: datetime | None = None
    call_sid: str = ""
    label: str = ""
    muted: bool | None = None
    held: bool | None = None
    coaching: bool | None = None
    left_because: str = ""
    call_status: str = ""
    ended_because: str = ""
    announcement_failed_because: str = ""


@dataclass(frozen=True, slots=True)
class MachineDetection:
    """Who answered, when that is told apart from the call's own news."""

    call_sid: str = ""
    account_sid: str = ""
    answered_by: str = ""
    milliseconds: int | None = None


def status_callback(form: Form) -> StatusCallback:
    return StatusCallback(
        call=voice_request(form),
        status=form.get("CallStatus", ""),
        sequence=whole(form.get("SequenceNumber", "")),
        reported_at=moment(form.get("Timestamp", "")),
        seconds=whole(form.get("CallDuration", "")),
        minutes=whole(form.get("Duration", "")),
        answered_by=form.get("AnsweredBy", ""),
        sip_response_code=form.get("SipResponseCode", ""),
        recording_sid=recording_sid(form),
        recording_url=form.get("RecordingUrl", ""),
        recording_seconds=whole(form.get("RecordingDuration", "")),
    )


def recording_callback(form: Form) -> RecordingCallback:
    return RecordingCallback(
        sid=recording_sid(form),
        call_sid=sid(form, "CallSid"),
        conference_sid=sid(form, "ConferenceSid"),
        account_sid=sid(form, "AccountSid"),
        url=form.get("RecordingUrl", ""),
        status=form.get("RecordingStatus", ""),
        seconds=whole(form.get("RecordingDuration", "")),
        channels=whole(form.get("RecordingChannels", "")),
        started_at=moment(form.get("RecordingStartTime", "")),
        source=form.get("RecordingSource", ""),
        track=form.get("RecordingTrack", ""),
        error_code=form.get("ErrorCode", ""),
    )


def conference_event(form: Form) -> ConferenceEvent:
    return ConferenceEvent(
        event=form.get("StatusCallbackEvent", ""),
        sid=sid(form, "ConferenceSid"),
        name=form.get("FriendlyName", ""),
        account_sid=sid(form, "AccountSid"),
        sequence=whole(form.get("SequenceNumber", "")),
        reported_at=moment(form.get("Timestamp", "")),
        call_sid=sid(form, "CallSid"),
        label=form.get("ParticipantLabel", ""),
        muted=_told(form, "Muted", "participant-mute", "participant-unmute"),
        held=_told(form, "Hold", "participant-hold", "participant-unhold"),
        coaching=truth(form.get("Coaching", "")),
        left_because=form.get("ReasonParticipantLeft", ""),
        call_status=form.get("ParticipantCallStatus", ""),
        ended_because=form.get("ReasonConferenceEnded", ""),
        announcement_failed_because=form.get("ReasonAnnouncementFailed", ""),
    )


def _told(form: Form, name: str, yes: str, no: str) -> bool | None:
    """Read a flag from its field, and where that is missing from the event's name."""
    found = truth(form.get(name, ""))
    return found if found is not None else {yes: True, no: False}.get(form.get("StatusCallbackEvent", ""))


def machine_detection(form: Form) -> MachineDetection:
    return MachineDetection(
        call_sid=sid(form, "CallSid"),
        account_sid=sid(form, "AccountSid"),
        answered_by=form.get("AnsweredBy", ""),
        milliseconds=whole(form.get("MachineDetectionDuration", "")),
    )
