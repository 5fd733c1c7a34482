"""Somebody who has called a line with a small flow."""

from datetime import timedelta
from itertools import count
from typing import Any

from ivr import actions
from ivr.models import Visit
from recordings.models import Mailbox
from telephony.payloads import VoiceRequest
from tests.ivr.rows import AT
from tests.scenarios import flows
from tests.scenarios.flows import Choice
from tests.telephony.schema import violations

LINE, ANN = "+15005550100", "+14155550111"
SECOND = timedelta(seconds=1)
_numbers = count(1)


def request(sid: str = "", **fields: Any) -> VoiceRequest:
    defaults = {"from_number": "+14155550123", "to_number": LINE, "direction": "inbound", "status": "in-progress"}
    return VoiceRequest(call_sid=sid or f"CA{next(_numbers):032x}", **defaults | fields)


def menu() -> flows.Steps:
    return {
        "Menu": flows.menu("Press 1.", {"Bye": Choice("Bye", "1")}, no_input="Bye", wrong_input="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }


def ringing() -> flows.Steps:
    return {
        "Desk": flows.ring(ANN, answered="Bye", nobody="Bye", whisper="Press 1.", screening=True),
        "Bye": flows.hang_up("Goodbye."),
    }


def voicemail() -> flows.Steps:
    mailbox, _ = Mailbox.objects.get_or_create(name="Front desk")
    return {
        "Message": flows.voicemail("Speak.", mailbox, recorded="Bye", empty="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }


def begun(steps: flows.Steps) -> tuple[VoiceRequest, Visit]:
    flows.line(LINE, flows.publish("Main", steps, at=AT))
    coming = request(status="ringing")
    assert violations(actions.begin(coming, at=AT)) == []
    return request(coming.call_sid), Visit.objects.get(call__sid=coming.call_sid)
