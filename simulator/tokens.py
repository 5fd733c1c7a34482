"""Access tokens, as browser phones show them: read, checked, and refused with Twilio's codes."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

INVALID, BAD_ISSUER, EXPIRED, NOT_YET, BAD_GRANTS, TOO_LONG = 20101, 20103, 20104, 20105, 20106, 31207
LONGEST_SECONDS = 24 * 3600
CONTENT_TYPE = "twilio-fpa;v=1"
IDENTITY = re.compile(r"[\w.@+%~=-]{1,256}", re.ASCII)


class TokenRefused(Exception):
    """Raise when a token opens nothing; the code is the one that Twilio's SDK would report."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows: to be called as a client until it expires."""

    identity: str
    expires: datetime


def read(token: str, *, account_sid: str, keys: Mapping[str, str], now: datetime) -> Grant:
    """Return what a token allows; raise `TokenRefused` unless one of the account's API keys signed it for calls in."""
    header, claims, signed, signature = _parts(token)
    if header.get("alg") != "HS256" or header.get("cty") != CONTENT_TYPE:
        raise TokenRefused(INVALID, f"The token's header must say HS256 and {CONTENT_TYPE}")
    secret = keys.get(str(claims.get("iss")))
    if secret is None or claims.get("sub") != account_sid:
        raise TokenRefused(BAD_ISSUER, "The token names another API key or another account")
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    if not hmac.compare_digest(expected, signature):
        raise TokenRefused(INVALID, "The token is not signed with this API key's secret")
    return Grant(_identity(claims), _expires(claims, now))


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    try:
        head, body, tail = token.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        signature = _decoded(tail)
    except (ValueError, binascii.Error):
        raise TokenRefused(INVALID, "This is no access token") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TokenRefused(INVALID, "This is no access token")
    return header, claims, f"{head}.{body}".encode(), signature


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _expires(claims: dict[str, Any], now: datetime) -> datetime:
    begins, ends = claims.get("nbf", 0), claims.get("exp")
    if not isinstance(begins, int | float) or not isinstance(ends, int | float):
        raise TokenRefused(INVALID, "The token must say from when to when it is valid")
    if now.timestamp() >= ends:
        raise TokenRefused(EXPIRED, "The token has expired")
    if begins > now.timestamp():
        raise TokenRefused(NOT_YET, "The token is not valid yet")
    if ends - max(begins, now.timestamp()) > LONGEST_SECONDS:
        raise TokenRefused(TOO_LONG, "The token is valid for more than 24 hours")
    return datetime.fromtimestamp(ends, UTC)


def _identity(claims: dict[str, Any]) -> str:
    grants = claims.get("grants")
    voice = grants.get("voice") if isinstance(grants, dict) else None
    incoming = voice.get("incoming") if isinstance(voice, dict) else None
    if not isinstance(incoming, dict) or incoming.get("allow") is not True:
        raise TokenRefused(BAD_GRANTS, "The token does not allow incoming calls")
    identity = grants.get("identity") if isinstance(grants, dict) else None
    if not isinstance(identity, str) or not IDENTITY.fullmatch(identity):
        raise TokenRefused(BAD_GRANTS, "The token names nobody: an identity has letters, digits and _ . - only")
    return identity
