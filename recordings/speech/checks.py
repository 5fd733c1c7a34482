"""Settings with which speech would never become text, found before the first recording: `manage.py check`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from recordings.speech import embedded, faster_whisper
from recordings.speech.provider import NotAvailable, Price
from recordings.speech.registry import PROVIDERS, chosen

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORT_SECRET = 32


@register()
def transcription(**_options: Any) -> Sequence[CheckMessage]:
    return list(_transcription())


def _transcription() -> Iterator[CheckMessage]:
    name = settings.TRANSCRIPTION_PROVIDER
    if name and name not in PROVIDERS:
        yield Error(
            f"TRANSCRIPTION_PROVIDER is {name!r}, which nobody is called.",
            hint=f"It is one of {', '.join(PROVIDERS)}, or empty: then speech is not turned into text.",
            id="recordings.E001",
        )
    elif name:
        yield from _works(name)
    try:
        Price.parse(settings.TRANSCRIPTION_PRICE_PER_MINUTE)
    except ValueError:
        yield Error(
            "TRANSCRIPTION_PRICE_PER_MINUTE is no price.",
            hint="Write it like 0.0043, which are US dollars, or 0.0043 EUR; leave it empty to count no costs.",
            id="recordings.E006",
        )
    if settings.TRANSCRIPTION_TIMEOUT <= 0:
        yield Error(
            "TRANSCRIPTION_TIMEOUT is not above zero.",
            hint="It is the number of seconds for which a provider is waited for; 300 is usual.",
            id="recordings.E007",
        )
    secret = settings.TRANSCRIPTION_WEBHOOK_SECRET
    if secret and len(secret) < SHORT_SECRET:
        yield Error(
            f"TRANSCRIPTION_WEBHOOK_SECRET is shorter than {SHORT_SECRET} characters.",
            hint="Whoever guesses it can send us a text for a recording. Make a long random one.",
            id="recordings.E008",
        )


def _works(name: str) -> Iterator[CheckMessage]:
    try:
        chosen()
    except NotAvailable as error:
        yield Error(str(error), hint="Until then no recording is turned into text.", id="recordings.E002")
    if name == "embedded" and not embedded.is_installed():
        yield checks.Warning(
            "TRANSCRIPTION_PROVIDER is embedded, and its package is not installed.",
            hint="Install requirements/speech.txt, or choose another provider.",
            id="recordings.W003",
        )
    if name == "faster-whisper" and not faster_whisper.is_installed():
        yield checks.Warning(
            "TRANSCRIPTION_PROVIDER is faster-whisper, and its package is not installed.",
            hint="Install faster-whisper beside the application: pip install faster-whisper.",
            id="recordings.W004",
        )
    folder = settings.TRANSCRIPTION_MODEL_DIR
    if name == "faster-whisper" and folder and not faster_whisper.is_model(Path(folder)):
        yield Error(
            f"There is no {faster_whisper.MODEL_FILE} in TRANSCRIPTION_MODEL_DIR.",
            hint="Put a model for faster-whisper into that folder; it is never downloaded.",
            id="recordings.E005",
        )
    url = urlsplit(settings.TRANSCRIPTION_API_URL)
    if settings.TRANSCRIPTION_API_URL and (url.scheme not in {"http", "https"} or not url.hostname):
        yield Error(
            "TRANSCRIPTION_API_URL is not an address.",
            hint="Write it like https://speech.example.com/v1, or leave it empty for the provider's own.",
            id="recordings.E009",
        )
    elif url.scheme == "http" and url.hostname not in LOOPBACK:
        yield checks.Warning(
            "TRANSCRIPTION_API_URL is not https.",
            hint="What callers say, and the key, would cross the network in the open.",
            id="recordings.W010",
        )
