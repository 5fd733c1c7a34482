"""Auth tokens are changed while calls go on; a shared key signs; a guess does not."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from simulator.simulator import HttpReply, HttpRequest
from telephony.models import Delivery
from tests.scenarios import every_kind
from tests.scenarios.desk import Desk

NEW = "the-promoted-token"
KEY, SECRET = "WK0123", "the-secret-of-the-shared-key"


def test_a_token_is_rotated_in_the_middle_of_a_call(desk: Desk, settings: Any) -> None:
    old = settings.TWILIO_AUTH_TOKEN
    every_kind.publish(desk, "one")
    settings.TWILIO_AUTH_TOKEN_SECONDARY = NEW
    caller = every_kind.to_menu(desk.dial(), "one")

    desk.twilio._board.webhooks._auth_token = NEW  # at Twilio the new one is promoted: the old is void at once
    caller.press("1").hears("Digits one.")
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_SECONDARY = NEW, old
    caller.press("123#").hears("Bye one.").is_hung_up_on()

    assert caller.row.status == "completed"


def test_a_token_that_is_neither_is_refused_and_the_log_says_so(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    every_kind.publish(desk, "one")
    desk.twilio._board.webhooks._auth_token = "somebody-elses-token"
    desk.expected = {11200, 15003}

    caller = desk.dial()

    assert not Delivery.objects.exists()
    assert "the auth token is another one" in caplog.text
    assert caller.never_heard("Welcome")
    desk.expects_application_error = True


def test_a_shared_key_signs(desk: Desk, settings: Any) -> None:
    every_kind.publish(desk, "one")
    settings.TWILIO_WEBHOOK_KEYS = {KEY: SECRET}
    send = desk.send
    desk.twilio._board.webhooks._transport = Resigning(send)

    caller = every_kind.to_menu(desk.dial(), "one").press("1").hears("Digits one.").press("123#").hears("Bye one.")

    caller.is_hung_up_on()
    assert caller.row.status == "completed"


class Resigning:
    """Twilio with a shared key: SHA-256, and a header that names the key."""

    def __init__(self, send: Callable[[HttpRequest, float], HttpReply]) -> None:
        self._send = send

    def send(self, request: HttpRequest, timeout: float) -> HttpReply:
        fields = parse_qsl(request.body.decode(), keep_blank_values=True)
        data = request.url + "".join(name + value for name, value in sorted(fields))
        digest = hmac.digest(SECRET.encode(), data.encode(), hashlib.sha256)
        signed = {
            "X-Twilio-Signature": base64.b64encode(digest).decode(),
            "X-Twilio-Webhooks-Signature-Settings": f"key={KEY},algorithm=HMAC_SHA256",
        }
        return self._send(HttpRequest(request.method, request.url, request.headers | signed, request.body), timeout)
