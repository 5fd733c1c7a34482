"""The form fields that every voice webhook carries."""

import json
from datetime import datetime

from simulator.legs import Event, Leg, rfc2822
from simulator.numbers import geography, is_e164


def leg_fields(account_sid: str, leg: Leg) -> dict[str, str]:
    """Return Twilio's standard parameters for one leg; geographic ones are empty strings where nothing is known."""
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "CallStatus": leg.status,
        "Called": leg.to,
        "Caller": leg.from_,
        "Direction": leg.direction,
        "From": leg.from_,
        "To": leg.to,
    }
    for prefix, address in (("From", leg.from_), ("Caller", leg.from_), ("To", leg.to), ("Called", leg.to)):
        fields |= geography(prefix, address)
    if leg.parent is not None:
        fields["ParentCallSid"] = leg.parent.sid
    if leg.direction == "inbound" and is_e164(leg.from_):
        fields["CallToken"] = json.dumps({"parentCallInfoToken": leg.sid[2:]})
        fields["StirVerstat"] = "TN-Validation-Passed-A"
    if leg.direction == "inbound" and leg.to.startswith("sip:"):
        fields |= _sip_fields(leg)
    return fields | dict(leg.parameters)


def status_fields(account_sid: str, leg: Leg, event: Event, sequence: int, now: datetime) -> dict[str, str]:
    """Return the fields of a status callback; the last one has lengths, `Duration` in billed minutes."""
    fields = leg_fields(account_sid, leg) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        "Timestamp": rfc2822(now),
    }
    if event == "initiated":
        fields["CallStatus"] = "initiated"
    if event == "completed":
        fields |= {"CallDuration": str(leg.duration), "Duration": str(-(-leg.duration // 60))}
        fields |= leg.recording_fields
        if leg.answered_by:
            fields["AnsweredBy"] = leg.answered_by
        if leg.sip_code is not None and leg.direction != "inbound":
            fields["SipResponseCode"] = str(leg.sip_code)
    return fields


def _sip_fields(leg: Leg) -> dict[str, str]:
    user, _, host = leg.to.removeprefix("sip:").partition("@")
    return {
        "SipCallId": leg.sid[2:18],
        "SipDomain": host.partition(";")[0],
        "SipSourceIp": "127.0.0.1",
        "SipUsername": user,
    }
