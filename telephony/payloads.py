"""Twilio's form fields as frozen dataclasses. Pure.

A parser never raises: an absent field is empty or None, a number or date that does not parse is None, and a word that
we do not know stays the word it is. What callers key in and say is left out of every `repr`, because those end in logs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TypeAlias

Form: TypeAlias = Mapping[str, str]

# What is neither stored nor logged: keys pressed and words said, everything of a payment, and tokens that open doors.
PRIVATE_FIELDS = frozenset(
    {
        *("Digits", "FinishedOnKey", "SpeechResult", "UnstableSpeechResult", "StableSpeechResult"),
        *("TranscriptionText", "TranscriptionData"),
        *("PaymentCardNumber", "ExpirationDate", "SecurityCode", "PaymentCardPostalCode", "PaymentToken", "ProfileId"),
        *("PaymentConfirmationCode", "BankAccountNumber", "BankRoutingNumber"),
        *("CallToken", "StirPassportToken"),
    }
)

SID_LIMIT = 64  # they have 34 characters
_RECORDING_SID = re.compile(r"RE[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where Twilio believes a number to be; empty outside a few countries."""

    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """What comes with every request about a call. An end is E.164, `client:`, `sip:`, or a word where withheld."""

    call_sid: str = ""
    account_sid: str = ""
    parent_call_sid: str = ""
    from_number: str = ""
    to_number: str = ""
    direction: str = ""
    status: str = ""
    forwarded_from: str = ""
    caller_name: str = ""
    application_sid: str = ""
    call_token: str = field(default="", repr=False)
    stir_verification: str = ""
    stir_passport: str = field(default="", repr=False)
    from_place: Place = Place()
    to_place: Place = Place()
    sip_domain: str = ""
    sip_domain_sid: str = ""
    sip_username: str = ""
    sip_call_id: str = ""
    sip_source_ip: str = ""
    sip_headers: Form = field(default_factory=dict)
    api_version: str = ""
    error_code: str = ""  # only at a fallback URL: why the first document failed,
    error_url: str = ""  # and which
    parameters: Form = field(default_factory=dict, repr=False)  # fields of no known name: a browser phone's own


@dataclass(frozen=True, slots=True)
class GatherResult:
    """What `<Gather>` heard. Nothing at all where it was told to report silence."""

    call: VoiceRequest
    digits: str = field(default="", repr=False)
    finished_on_key: str = field(default="", repr=False)
    speech: str = field(default="", repr=False)
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class DialResult:
    """How `<Dial>` ended. `bridged` is None where Twilio does not say; only it tells a refused whisper from a talk."""

    call: VoiceRequest
    status: str = ""
    sid: str = ""
    seconds: int | None = None
    bridged: bool | None = None
    recording_sid: str = ""
    recording_url: str = ""
    sip_response_code: str = ""


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What `<Record>` took. The audio may not be ready yet: the recording's own callback tells."""

    call: VoiceRequest
    sid: str = ""
    url: str = ""
    seconds: int | None = None
    hung_up: bool = False
    finished_on_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class QueueResult:
    """How `<Enqueue>` ended: `result` is a word of the table on Twilio's page "TwiML Voice: <Enqueue>"."""

    call: VoiceRequest
    result: str = ""
    sid: str = ""
    seconds: int | None = None


ActionResult: TypeAlias = VoiceRequest | GatherResult | DialResult | RecordResult | QueueResult


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


_ENDS = ("From", "To", "Caller", "Called")
# Every name that is Twilio's, so that what is left are a browser phone's own.
KNOWN_FIELDS = {
    *(end + part for end in _ENDS for part in ("", "City", "State", "Zip", "Country")),
    *(
        "CallSid",
        "AccountSid",
        "ParentCallSid",
        "ApplicationSid",
        "ApiVersion",
        "Direction",
        "CallStatus",
        "CallerName",
    ),
    *("ForwardedFrom", "CalledVia", "StirVerstat", "StirStatus", "ErrorCode", "ErrorUrl", "Timestamp", "AnsweredBy"),
    *("SipDomain", "SipDomainSid", "SipUsername", "SipCallId", "SipSourceIp", "SipResponseCode"),
    *("Confidence", "msg", "CallDuration", "Duration", "SequenceNumber", "CallbackSource"),
    *("DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged", "DialSipCallId", "DialSipResponseCode"),
    *("RecordingUrl", "RecordingSid", "RecordingDuration"),
    *("QueueResult", "QueueSid", "QueueTime", "QueuePosition", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize"),
    *PRIVATE_FIELDS,
}


def voice_request(form: Form) -> VoiceRequest:
    get = form.get
    others = form.keys() - KNOWN_FIELDS
    return VoiceRequest(
        call_sid=_sid(form, "CallSid"),
        account_sid=_sid(form, "AccountSid"),
        parent_call_sid=_sid(form, "ParentCallSid"),
        from_number=get("From") or get("Caller", ""),
        to_number=get("To") or get("Called", ""),
        direction=get("Direction", ""),
        status=get("CallStatus", ""),
        forwarded_from=get("ForwardedFrom") or get("CalledVia", ""),
        caller_name=get("CallerName", ""),
        application_sid=_sid(form, "ApplicationSid"),
        call_token=get("CallToken", ""),
        stir_verification=get("StirVerstat", ""),
        stir_passport=get("StirPassportToken", ""),
        from_place=_place(form, "From"),
        to_place=_place(form, "To"),
        sip_domain=get("SipDomain", ""),
        sip_domain_sid=get("SipDomainSid", ""),
        sip_username=get("SipUsername", ""),
        sip_call_id=get("SipCallId", ""),
        sip_source_ip=get("SipSourceIp", ""),
        sip_headers=_part(form, {name for name in others if name.startswith("SipHeader_")}, skip=len("SipHeader_")),
        api_version=get("ApiVersion", ""),
        error_code=get("ErrorCode", ""),
        error_url=get("ErrorUrl", ""),
        parameters=_part(form, {name for name in others if not name.startswith("SipHeader_")}),
    )


def gather_result(form: Form) -> GatherResult:
    return GatherResult(
        call=voice_request(form),
        digits=form.get("Digits", ""),
        finished_on_key=form.get("FinishedOnKey", ""),
        speech=form.get("SpeechResult", ""),
        confidence=decimal(form.get("Confidence", "")),
    )


def dial_result(form: Form) -> DialResult:
    return DialResult(
        call=voice_request(form),
        status=form.get("DialCallStatus", ""),
        sid=_sid(form, "DialCallSid"),
        seconds=whole(form.get("DialCallDuration", "")),
        bridged=truth(form.get("DialBridged", "")),
        recording_sid=_recording_sid(form),
        recording_url=form.get("RecordingUrl", ""),
        sip_response_code=form.get("DialSipResponseCode", ""),
    )


def record_result(form: Form) -> RecordResult:
    key = form.get("Digits", "")
    return RecordResult(
        call=voice_request(form),
        sid=_recording_sid(form),
        url=form.get("RecordingUrl", ""),
        seconds=whole(form.get("RecordingDuration", "")),
        hung_up=key == "hangup",
        finished_on_key="" if key == "hangup" else key,
    )


def action_result(form: Form) -> ActionResult:
    """Read what an `action` URL is told by the fields that are there; the plain request when no verb left a result."""
    if "DialCallStatus" in form:
        return dial_result(form)
    if "QueueResult" in form:
        return QueueResult(
            call=voice_request(form),
            result=form["QueueResult"],
            sid=_sid(form, "QueueSid"),
            seconds=whole(form.get("QueueTime", "")),
        )
    if "RecordingUrl" in form or "RecordingSid" in form:
        return record_result(form)
    if "Digits" in form or "SpeechResult" in form or "FinishedOnKey" in form:
        return gather_result(form)
    return voice_request(form)


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
        recording_sid=_recording_sid(form),
        recording_url=form.get("RecordingUrl", ""),
        recording_seconds=whole(form.get("RecordingDuration", "")),
    )


def recording_callback(form: Form) -> RecordingCallback:
    return RecordingCallback(
        sid=_recording_sid(form),
        call_sid=_sid(form, "CallSid"),
        conference_sid=_sid(form, "ConferenceSid"),
        account_sid=_sid(form, "AccountSid"),
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
        sid=_sid(form, "ConferenceSid"),
        name=form.get("FriendlyName", ""),
        account_sid=_sid(form, "AccountSid"),
        sequence=whole(form.get("SequenceNumber", "")),
        reported_at=moment(form.get("Timestamp", "")),
        call_sid=_sid(form, "CallSid"),
        label=form.get("ParticipantLabel", ""),
        muted=truth(form.get("Muted", "")),
        held=truth(form.get("Hold", "")),
        coaching=truth(form.get("Coaching", "")),
        left_because=form.get("ReasonParticipantLeft", ""),
        call_status=form.get("ParticipantCallStatus", ""),
        ended_because=form.get("ReasonConferenceEnded", ""),
        announcement_failed_because=form.get("ReasonAnnouncementFailed", ""),
    )


def machine_detection(form: Form) -> MachineDetection:
    return MachineDetection(
        call_sid=_sid(form, "CallSid"),
        account_sid=_sid(form, "AccountSid"),
        answered_by=form.get("AnsweredBy", ""),
        milliseconds=whole(form.get("MachineDetectionDuration", "")),
    )


def whole(text: str) -> int | None:
    """Read a count: digits of ASCII alone, and no more than a database column holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def decimal(text: str) -> float | None:
    """Read a share between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def moment(text: str) -> datetime | None:
    """Read a date as voice callbacks write it (RFC 2822), or as streams and transcriptions do (ISO 8601)."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _place(form: Form, end: str) -> Place:
    get = form.get
    return Place(get(end + "City", ""), get(end + "State", ""), get(end + "Zip", ""), get(end + "Country", ""))


def _part(form: Form, names: set[str], *, skip: int = 0) -> Form:
    return MappingProxyType({name[skip:]: form[name] for name in sorted(names)})


def _sid(form: Form, name: str) -> str:
    """Give an id; what is too long to be one is none."""
    sid = form.get(name, "")
    return sid if len(sid) <= SID_LIMIT else ""


def _recording_sid(form: Form) -> str:
    """Give the recording's SID; an older `action` names it only at the end of the URL."""
    if sid := _sid(form, "RecordingSid"):
        return sid
    found = _RECORDING_SID.search(form.get("RecordingUrl", ""))
    return found.group() if found else ""
