import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from calls.models import Call
from tests import signed

pytestmark = pytest.mark.django_db

PAYLOADS = sorted(Path(__file__).parent.parent.joinpath("payloads").glob("*.json"))


def test_news_of_a_call_is_taken_in(client: Client) -> None:
    fields = {"CallSid": "CA1", "CallStatus": "completed", "CallDuration": "12", "From": "+14155550123"}

    answer = signed.post(client, "/webhooks/voice/status", fields)

    assert (answer.status_code, answer.content) == (204, b"")
    assert Call.objects.get().seconds == 12


def test_a_leg_is_tied_to_the_call_that_dialed_it(client: Client) -> None:
    fields = {"CallSid": "CA2", "ParentCallSid": "CA1", "CallStatus": "ringing", "Direction": "outbound-dial"}

    signed.post(client, "/webhooks/voice/status", fields)

    assert Call.objects.get(sid="CA2").parent == Call.objects.get(sid="CA1")


@pytest.mark.parametrize("sid", ["", "C" * 65])
def test_news_of_what_can_be_no_call_is_answered_and_forgotten(client: Client, sid: str) -> None:
    assert signed.post(client, "/webhooks/voice/status", {"CallSid": sid, "CallStatus": "busy"}).status_code == 204
    assert not Call.objects.exists()


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_every_payload_that_was_ever_seen_is_served_twice(client: Client, path: Path) -> None:
    fields: dict[str, Any] = json.loads(path.read_text())["params"]

    answers = [signed.post(client, "/webhooks/voice/status", fields).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert Call.objects.filter(sid=fields.get("CallSid", "")).count() <= 1
