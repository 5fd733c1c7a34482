"""Settings that would let calls fail or secrets leak, found before the first call: `manage.py check`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.http.request import validate_host

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORT_KEY = 50
BROKERS = frozenset({"redis", "rediss", "redis+socket", "sentinel", "memory"})  # memory is of the tests
POSTGRESQL = "django.db.backends.postgresql"


@register()
def public_base_url(**_options: Any) -> Sequence[CheckMessage]:
    return list(_public_base_url(urlsplit(settings.PUBLIC_BASE_URL)))


def _public_base_url(url: SplitResult) -> Iterator[CheckMessage]:
    host = url.hostname or ""
    if url.scheme not in {"http", "https"} or not host or any(letter.isspace() for letter in settings.PUBLIC_BASE_URL):
        yield Error(
            "PUBLIC_BASE_URL is not an address.", hint="Write it like https://contact.example.com.", id="telephony.E001"
        )
        return
    if url.scheme != "https" and not settings.DEBUG and host not in LOOPBACK:
        yield Error(
            "PUBLIC_BASE_URL is not https.",
            hint="Callers' data would cross the network in the open. Put TLS in front; set DEBUG on your own machine.",
            id="telephony.E002",
        )
    if "_" in host:
        yield Error(
            "PUBLIC_BASE_URL has a host name with an underscore.",
            hint="Twilio refuses to call back such a host. Give it a name with a hyphen.",
            id="telephony.E003",
        )
    if url.path or url.query or url.fragment or url.username or url.password:
        yield Error(
            "PUBLIC_BASE_URL holds more than scheme, host and port.",
            hint="Leave out any path, query, user and password: signatures are checked against it as it stands.",
            id="telephony.E004",
        )
    if not validate_host(host, settings.ALLOWED_HOSTS or (["localhost"] if settings.DEBUG else [])):
        yield Error(
            "The host of PUBLIC_BASE_URL is not in ALLOWED_HOSTS.",
            hint=f"Add {host} to ALLOWED_HOSTS: Twilio's requests name it, and would all be answered 400.",
            id="telephony.E005",
        )
    if settings.DEBUG and host not in LOOPBACK:
        yield checks.Warning(
            "DEBUG is on, and PUBLIC_BASE_URL is not of this machine.",
            hint="Error pages show settings and callers' data to everybody. Switch DEBUG off.",
            id="telephony.W006",
        )


@register()
def credentials(**_options: Any) -> Iterator[CheckMessage] | Sequence[CheckMessage]:
    return list(_credentials())


def _credentials() -> Iterator[CheckMessage]:
    if not settings.TWILIO_ACCOUNT_SID:
        yield checks.Warning(
            "TWILIO_ACCOUNT_SID is not set.",
            hint="Copy it from Twilio's console; bin/run has its own.",
            id="telephony.W010",
        )
    elif not re.fullmatch(r"AC[0-9a-fA-F]{32}", settings.TWILIO_ACCOUNT_SID):
        yield Error(
            "TWILIO_ACCOUNT_SID is not the SID of an account.",
            hint="It begins with AC and has 34 characters. An API key (SK...) belongs into TWILIO_API_KEY.",
            id="telephony.E011",
        )
    if not settings.TWILIO_AUTH_TOKEN and not settings.TWILIO_WEBHOOK_KEYS:
        yield Error(
            "TWILIO_AUTH_TOKEN is not set.",
            hint="Without it no request of Twilio can be checked, and all are refused.",
            id="telephony.E012",
        )
    if bool(settings.TWILIO_API_KEY) != bool(settings.TWILIO_API_SECRET):
        yield Error(
            "Only one of TWILIO_API_KEY and TWILIO_API_SECRET is set.",
            hint="Set both, or neither: then the auth token is used.",
            id="telephony.E013",
        )
    elif not settings.TWILIO_API_KEY:
        yield checks.Warning(
            "TWILIO_API_KEY and TWILIO_API_SECRET are not set.",
            hint="Browser phones cannot register. Make a standard key in Twilio's console; the auth token will not do.",
            id="telephony.W014",
        )
    elif not re.fullmatch(r"SK[0-9a-fA-F]{32}", settings.TWILIO_API_KEY):
        yield Error(
            "TWILIO_API_KEY is not the SID of an API key.",
            hint="It begins with SK and has 34 characters; its secret was shown once, when it was made.",
            id="telephony.E015",
        )
    if not 5 <= settings.TWILIO_TOKEN_MINUTES <= 15:
        yield Error(
            "TWILIO_TOKEN_MINUTES is not from 5 to 15.",
            hint="A lost token is as good as the phone for that long; shorter ones are renewed all the time.",
            id="telephony.E016",
        )


@register()
def reaching_twilio(**_options: Any) -> Sequence[CheckMessage]:
    return list(_reaching_twilio())


def _reaching_twilio() -> Iterator[CheckMessage]:
    if bool(settings.TWILIO_EDGE) != bool(settings.TWILIO_REGION):
        yield Error(
            "Only one of TWILIO_EDGE and TWILIO_REGION is set.",
            hint="Set both (such as dublin and ie1), or neither: the Twilio library would guess the other.",
            id="telephony.E020",
        )
    host = urlsplit(settings.TWILIO_API_BASE_URL).hostname
    if settings.TWILIO_API_BASE_URL and host not in LOOPBACK and not (host or "").endswith(".test"):
        yield checks.Warning(
            "TWILIO_API_BASE_URL leads to another machine.",
            hint="The account's credentials are sent there. It is meant for a simulator on this machine.",
            id="telephony.W021",
        )
    if settings.TWILIO_CALLS_PER_SECOND <= 0 or settings.TWILIO_CONCURRENCY < 1:
        yield Error(
            "TWILIO_CALLS_PER_SECOND or TWILIO_CONCURRENCY is not above zero.",
            hint="No call could ever be placed. Twilio's own default is one call a second.",
            id="telephony.E022",
        )


@register()
def place(**_options: Any) -> Sequence[CheckMessage]:
    return list(_place())


def _place() -> Iterator[CheckMessage]:
    if not settings.DEBUG and len(settings.SECRET_KEY) < SHORT_KEY:
        yield checks.Warning(
            f"SECRET_KEY is shorter than {SHORT_KEY} characters.",
            hint="Sessions and links are signed with it. Make a long random one and keep it.",
            id="telephony.W030",
        )
    if settings.CELERY_BROKER_URL.partition("://")[0] not in BROKERS:
        yield Error(
            "CELERY_BROKER_URL is neither Redis nor Valkey.",
            hint="Only with them are a killed worker's tasks delivered again. Write it like redis://127.0.0.1:6379/0.",
            id="telephony.E031",
        )
    if settings.DATABASES["default"]["ENGINE"] != POSTGRESQL:
        yield Error(
            "DATABASE_URL is not PostgreSQL's.",
            hint="Row locks, triggers and advisory locks are needed. Write it like postgres://user@host/name.",
            id="telephony.E032",
        )
