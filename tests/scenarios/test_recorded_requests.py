"""Whatever request comes for the step in which a call stands, it is answered with TwiML that runs."""

import json
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ivr.models import Visit
from tests.scenarios import every_kind
from tests.scenarios.desk import ANN, BEN, COMPANY, Desk
from tests.telephony.schema import violations
from tests.telephony.signing import post

FILES = sorted((Path(__file__).parent.parent / "payloads").glob("*.json"))
RECORDED = {path.stem: json.loads(path.read_text())["params"] for path in FILES}
#: what Twilio's pages do not rule out, and other systems that speak its language may send
ODD = {
    "a status nobody knows": {"CallStatus": "resting"},
    "no status": {"CallStatus": ""},
    "a dial that says nothing of a bridge": {"DialCallStatus": "completed"},
    "a dial's result nobody knows": {"DialCallStatus": "resting", "DialBridged": "TRUE", "DialCallDuration": "-3"},
    "a recording without an address": {"Digits": "hangup", "RecordingDuration": "0"},
    "a recording of a strange length": {"RecordingUrl": "x" * 9000, "RecordingDuration": "1e9"},
    "more keys than anybody presses": {"Digits": "1" * 20_000},
    "keys that no telephone has": {"Digits": "ABCDw\0é"},
    "words without confidence": {"SpeechResult": "ü" * 5000, "Confidence": "nan"},
    "keys and words": {"Digits": "1", "SpeechResult": "digits"},
    "a queue's result nobody knows": {"QueueResult": "resting"},
    "everything at once": {"DialCallStatus": "busy", "QueueResult": "leave", "RecordingUrl": "x", "Digits": "1"},
    "a caller by a word": {"From": "anonymous", "CallStatus": "in-progress"},
    "a caller by SIP": {"From": "sip:bo@example.com;transport=udp", "CallStatus": "in-progress"},
    "nobody at either end": {"From": "", "To": "", "CallStatus": "in-progress"},
}


@pytest.mark.parametrize("place", ["menu", "collect", "ring, ringing", "voicemail, recording", "raw TwiML"])
def test_any_request_for_a_live_step_is_answered_with_twiml(desk: Desk, place: str) -> None:
    desk.phone(ANN)
    desk.phone(BEN)
    every_kind.publish(desk, "one")
    every_kind.PLACES[place](desk, desk.dial(COMPANY), "one")
    visit = Visit.objects.get()
    path = reverse("voice-visit", kwargs={"visit": visit.pk, "turn": visit.turn})
    twilio, failures = Client(raise_request_exception=False), {}

    for name, fields in (RECORDED | ODD).items():
        before = transaction.savepoint()  # each meets the call as it stands
        answer = post(twilio, path, fields | {"CallSid": visit.call.sid})
        found = [f"HTTP {answer.status_code}"] if answer.status_code != 200 else violations(answer.content.decode())
        if found:
            failures[name] = found
        transaction.savepoint_rollback(before)

    assert failures == {}
