"""Whether a request is from Twilio, and when it is not: what would have matched, in words.

The library's `RequestValidator` computes each HMAC. What it signs is put together here, once per request, because its
own `validate` breaks on user-info and IPv6 hosts, drops repeated names of a plain dict, and compares letter by letter.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hmac import compare_digest
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator, get_signature_algorithm

Fields = MultiValueDict[str, str]

DEFAULT_PORTS = {"https": 443, "http": 80}
_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature must cover: where the request came to, and its fields or its raw body."""

    path: str
    query: str
    fields: Fields
    body: bytes
    is_json: bool
    signature: str
    key_settings: str

    @classmethod
    def of(cls, request: HttpRequest, fields: Fields, *, body: bytes, is_json: bool) -> "Signed":
        return cls(
            path=request.path,
            query=request.META.get("QUERY_STRING", ""),
            fields=fields,
            body=body,
            is_json=is_json,
            signature=request.headers.get("X-Twilio-Signature", ""),
            key_settings=request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
        )

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def is_valid(signed: Signed) -> bool:
    """Check against PUBLIC_BASE_URL. Every candidate is computed, whichever matches: all requests cost the same."""
    rest = signed.address + ("" if signed.is_json else spelled(signed.fields))
    algorithm = get_signature_algorithm(signed.key_settings)
    matches = [
        _equal(_signature(secret, base + rest, algorithm), signed.signature)
        for secret in secrets(signed.key_settings)
        for base in bases(settings.PUBLIC_BASE_URL)
    ]
    return any(matches) and (not signed.is_json or _body_is_signed(signed))


def spelled(fields: Fields) -> str:
    """Write the fields as Twilio signs them: names in order, each followed by its different values in order."""
    return "".join(
        [
            name + value
            for name, values in sorted(fields.lists())
            for value in (values if len(values) == 1 else sorted(set(values)))
        ]
    )


@lru_cache(maxsize=16)
def bases(url: str) -> tuple[str, ...]:
    """Give the ways in which Twilio may have written our base address: as it is, without a port, with the scheme's own.

    Voice drops even an unusual port of https, texts keep it; user-info is never signed.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = re.sub(r":\d*$", "", host)
    hosts = (
        [host, bare, f"{bare}:{DEFAULT_PORTS.get(parts.scheme, 80)}"]
        if parts.scheme == "https" or host == bare
        else [host]
    )
    return tuple(dict.fromkeys(f"{parts.scheme}://{each}{parts.path}" for each in hosts))


def secrets(key_settings: str) -> list[str]:
    """Give the secrets that may have signed: a shared key's where one is named, else both auth tokens.

    Never an empty one: anybody can sign with that.
    """
    named = dict(part.strip().partition("=")[::2] for part in key_settings.split(","))
    if key := named.get("key"):
        found = [settings.TWILIO_WEBHOOK_KEYS.get(key, "")]
    else:
        found = [settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_SECONDARY]
    return [secret for secret in found if secret]


def explain(request: HttpRequest, signed: Signed) -> str:
    """Say what is wrong with a signature, by finding the request for which it is right. Names no secret, no number."""
    if not signed.signature:
        return "there is no X-Twilio-Signature header: this did not come from Twilio"
    if not settings.TWILIO_AUTH_TOKEN and not settings.TWILIO_WEBHOOK_KEYS:
        return "TWILIO_AUTH_TOKEN is not set: nothing can be checked"
    if get_signature_algorithm(signed.key_settings).upper() not in {HMAC_SHA1, HMAC_SHA256}:
        return "the signature's algorithm is one that this version does not know"
    if not secrets(signed.key_settings):
        return "signed with a shared key whose id is not in TWILIO_WEBHOOK_KEYS"
    if signed.is_json and not _body_is_signed(signed):
        return (
            "the body is JSON and bodySHA256 in the address is missing or not its hash: the body was changed on the way"
        )
    for words, address, fields in _variants(request, signed):
        if _would_match(signed, address + spelled(fields)):
            return words
    for words, algorithm, others in _other_secrets():
        target = (
            bases(settings.PUBLIC_BASE_URL)[0] + signed.address + ("" if signed.is_json else spelled(signed.fields))
        )
        if any(_equal(_signature(secret, target, algorithm), signed.signature) for secret in others):
            return words
    account = signed.fields.get("AccountSid", "")
    if account != settings.TWILIO_ACCOUNT_SID and _ACCOUNT.fullmatch(account or ""):
        return f"the request is about account {account}, whose own token signs; ours is {settings.TWILIO_ACCOUNT_SID}"
    return "nothing that was tried matches: the auth token is another one, or something changed the fields on the way"


def _variants(request: HttpRequest, signed: Signed) -> Iterator[tuple[str, str, Fields]]:
    """Give likely mistakes: the words for each, the address as it would have been signed, and the fields."""
    ours = urlsplit(settings.PUBLIC_BASE_URL)
    host = request.headers.get("host", "")
    other = "http" if ours.scheme == "https" else "https"
    fields: Fields = MultiValueDict() if signed.is_json else signed.fields

    for base in bases(f"{other}://{ours.netloc}{ours.path}"):
        yield f"the signature is right for {other}, PUBLIC_BASE_URL says {ours.scheme}", base + signed.address, fields
    for scheme in (ours.scheme, other):
        for base in bases(f"{scheme}://{host}{ours.path}"):
            said = "" if scheme == ours.scheme else f" and {scheme}"
            yield (
                f"the signature is right for the Host header{said}, PUBLIC_BASE_URL names another host",
                base + signed.address,
                fields,
            )
    yield from _address_variants(ours.path, signed, fields)
    yield from _field_variants(signed)


def _address_variants(prefix: str, signed: Signed, fields: Fields) -> Iterator[tuple[str, str, Fields]]:
    path, query = signed.path, f"?{signed.query}" if signed.query else ""
    for base in bases(settings.PUBLIC_BASE_URL):
        slashed = path.rstrip("/") if path.endswith("/") else path + "/"
        how = "without" if path.endswith("/") else "with"
        yield f"the signature is right {how} a slash at the end of the path", base + slashed + query, fields
        if query:
            yield "the signature is right without the query: something added it on the way", base + path, fields
        if prefix:
            root = base.removesuffix(prefix)
            yield "the signature is right without the path of PUBLIC_BASE_URL", root + path + query, fields
    port = urlsplit(settings.PUBLIC_BASE_URL)
    for number in (80, 443, 8000, 8080, 8443):
        base = f"{port.scheme}://{port.hostname}:{number}{port.path}"
        yield f"the signature is right for port {number}, PUBLIC_BASE_URL names another", base + path + query, fields


def _field_variants(signed: Signed) -> Iterator[tuple[str, str, Fields]]:
    if signed.is_json:
        return
    lists = dict(signed.fields.lists())
    full: Fields = MultiValueDict(
        {name: [value for value in values if value] for name, values in lists.items() if any(values)}
    )
    trimmed: Fields = MultiValueDict({name: [value.strip() for value in values] for name, values in lists.items()})
    query: Fields = MultiValueDict(dict(QueryDict(signed.query).lists()))
    for base in bases(settings.PUBLIC_BASE_URL):
        address = base + signed.address
        yield (
            "the signature is right without the form: Twilio asks by GET and something made it POST",
            address,
            MultiValueDict(),
        )
        yield "the signature is right without the empty fields: something added them on the way", address, full
        yield (
            "the signature is right for fields without white space at their ends: something changed them",
            address,
            trimmed,
        )
        if signed.query:
            joined: Fields = MultiValueDict(lists | dict(query.lists()))
            yield (
                "the signature is right with the query among the fields: something moved them",
                base + signed.path,
                joined,
            )


def _other_secrets() -> Iterator[tuple[str, str, Iterable[str]]]:
    tokens = [token for token in (settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_SECONDARY) if token]
    keys = [key for key in settings.TWILIO_WEBHOOK_KEYS.values() if key]
    blanks = [token.strip() for token in tokens if token != token.strip()]
    yield "the signature is right for the auth token without the white space around it", HMAC_SHA1, blanks
    yield "signed with the auth token, though the request names a shared key or another algorithm", HMAC_SHA1, tokens
    yield "signed with the auth token by HMAC-SHA256, though no header says so", HMAC_SHA256, tokens
    yield (
        "signed with a shared key, but its X-Twilio-Webhooks-Signature-Settings header was lost or changed on the way",
        HMAC_SHA256,
        keys,
    )
    yield "signed with the API secret, which signs no webhooks", HMAC_SHA1, [settings.TWILIO_API_SECRET or "-"]


def _would_match(signed: Signed, data: str) -> bool:
    algorithm = get_signature_algorithm(signed.key_settings)
    return any(_equal(_signature(secret, data, algorithm), signed.signature) for secret in secrets(signed.key_settings))


def _signature(secret: str, data: str, algorithm: str) -> str:
    """Let the library sign; nothing matches an algorithm or a text that it cannot."""
    try:
        signature: str = RequestValidator(secret).compute_signature(data, {}, algorithm)
    except ValueError:  # an algorithm it does not know; or half a surrogate pair
        return ""
    return signature


def _equal(ours: str, theirs: str) -> bool:
    return bool(ours) and compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))


def _body_is_signed(signed: Signed) -> bool:
    announced = QueryDict(signed.query).get("bodySHA256") or ""
    return compare_digest(hashlib.sha256(signed.body).hexdigest().encode(), announced.encode("utf-8", "replace"))
