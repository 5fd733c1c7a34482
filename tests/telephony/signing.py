"""Requests as Twilio makes them: a form, signed for the address under which Twilio knows us."""

import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.test import Client
from twilio.request_validator import RequestValidator

FORM = "application/x-www-form-urlencoded"


def sid(letters: str = "CA") -> str:
    return letters + uuid.uuid4().hex


def encoded(fields: Mapping[str, str | list[str]]) -> str:
    return urlencode(fields, doseq=True)


def signature(
    path: str, fields: Mapping[str, str | list[str]], *, token: str = "", base: str = "", algorithm: str = "HMAC_SHA1"
) -> str:
    """Sign by Twilio's own library; `path` includes the query."""
    validator = RequestValidator(token or settings.TWILIO_AUTH_TOKEN)
    form = QueryDict(encoded(fields))
    return str(validator.compute_signature((base or settings.PUBLIC_BASE_URL) + path, form, algorithm))


def post(
    client: Client,
    path: str,
    fields: Mapping[str, str | list[str]],
    *,
    token: str = "",
    base: str = "",
    idempotency_token: str = "",
    **headers: str,
) -> HttpResponse:
    """Post a signed form. `client` should be one that does not raise what a view raises."""
    signed = {"X-Twilio-Signature": signature(path, fields, token=token, base=base)}
    if idempotency_token:
        signed["I-Twilio-Idempotency-Token"] = idempotency_token
    return client.post(path, encoded(fields), content_type=FORM, headers=signed | headers)
