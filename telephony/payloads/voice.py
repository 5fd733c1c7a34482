"""Requests about a call: what each of them carries, and what a verb reports to its `action`. Pure."""

from dataclasses import dataclass, field
from typing import TypeAlias

from telephony.payloads.reading import (
    NOWHERE,
    PRIVATE_FIELDS,
    Form,
    Place,
    decimal,
    part,
    place,
    recording_sid,
    sid,
    truth,
    whole,
)


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
    from_place: Place = NOWHERE
    to_place: Place = NOWHERE
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


@dataclass(frozen=True, slots=True)
class ReferResult:
    """How `<Refer>` ended: `status` is of the new call, absent where nobody told; the codes are SIP's."""

    call: VoiceRequest
    status: str = ""
    code: str = ""
    last_code: str = ""


ActionResult: TypeAlias = VoiceRequest | GatherResult | DialResult | RecordResult | QueueResult | ReferResult

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
    *("ReferCallStatus", "ReferSipResponseCode", "NotifySipResponseCode"),
    *PRIVATE_FIELDS,
}


def voice_request(form: Form) -> VoiceRequest:
    get = form.get
    others = form.keys() - KNOWN_FIELDS
    return VoiceRequest(
        call_sid=sid(form, "CallSid"),
        account_sid=sid(form, "AccountSid"),
        parent_call_sid=sid(form, "ParentCallSid"),
        from_number=get("From") or get("Caller", ""),
        to_number=get("To") or get("Called", ""),
        direction=get("Direction", ""),
        status=get("CallStatus", ""),
        forwarded_from=get("ForwardedFrom") or get("CalledVia", ""),
        caller_name=get("CallerName", ""),
        application_sid=sid(form, "ApplicationSid"),
        call_token=get("CallToken", ""),
        stir_verification=get("StirVerstat", ""),
        stir_passport=get("StirPassportToken", ""),
        from_place=place(form, "From"),
        to_place=place(form, "To"),
        sip_domain=get("SipDomain", ""),
        sip_domain_sid=get("SipDomainSid", ""),
        sip_username=get("SipUsername", ""),
        sip_call_id=get("SipCallId", ""),
        sip_source_ip=get("SipSourceIp", ""),
        sip_headers=part(form, {name for name in others if name.startswith("SipHeader_")}, skip=len("SipHeader_")),
        api_version=get("ApiVersion", ""),
        error_code=get("ErrorCode", ""),
        error_url=get("ErrorUrl", ""),
        parameters=part(form, {name for name in others if not name.startswith("SipHeader_")}),
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
        sid=sid(form, "DialCallSid"),
        seconds=whole(form.get("DialCallDuration", "")),
        bridged=truth(form.get("DialBridged", "")),
        recording_sid=recording_sid(form),
        recording_url=form.get("RecordingUrl", ""),
        sip_response_code=form.get("DialSipResponseCode", ""),
    )


def record_result(form: Form) -> RecordResult:
    key = form.get("Digits", "")
    return RecordResult(
        call=voice_request(form),
        sid=recording_sid(form),
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
            sid=sid(form, "QueueSid"),
            seconds=whole(form.get("QueueTime", "")),
        )
    if "ReferSipResponseCode" in form or "ReferCallStatus" in form:
        return ReferResult(
            call=voice_request(form),
            status=form.get("ReferCallStatus", ""),
            code=form.get("ReferSipResponseCode", ""),
            last_code=form.get("NotifySipResponseCode", ""),
        )
    if "RecordingUrl" in form or "RecordingSid" in form:
        return record_result(form)
    if "Digits" in form or "SpeechResult" in form or "FinishedOnKey" in form:
        return gather_result(form)
    return voice_request(form)
