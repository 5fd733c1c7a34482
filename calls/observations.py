"""What Twilio says of a leg, in one form, whether it told us or we asked. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from telephony.payloads import StatusCallback, VoiceRequest


@dataclass(frozen=True, slots=True)
class Observation:
    """What Twilio says of one leg, by a request or an answer. An empty field says nothing."""

    sid: str
    status: str = ""
    account_sid: str = ""
    parent_sid: str = ""
    direction: str = ""
    from_number: str = ""
    to_number: str = ""
    forwarded_from: str = ""
    caller_name: str = ""
    answered_by: str = ""
    sip_response_code: str = ""
    seconds: int | None = None
    sequence: int | None = None
    reported_at: datetime | None = None  # when it came to be so, by Twilio's clock
    started_at: datetime | None = None


def of_request(request: VoiceRequest) -> Observation:
    """Read what every request about a call says of it."""
    return Observation(
        sid=request.call_sid,
        status=request.status,
        account_sid=request.account_sid,
        parent_sid=request.parent_call_sid,
        direction=request.direction,
        from_number=request.from_number,
        to_number=request.to_number,
        forwarded_from=request.forwarded_from,
        caller_name=request.caller_name,
    )


def of_callback(callback: StatusCallback) -> Observation:
    return replace(
        of_request(callback.call),
        status=callback.status,
        answered_by=callback.answered_by,
        sip_response_code=callback.sip_response_code,
        seconds=callback.seconds,
        sequence=callback.sequence,
        reported_at=callback.reported_at,
    )
