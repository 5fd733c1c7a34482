"""Settings that would let recordings lie in the open, or never be fetched: `manage.py check`."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from recordings import vault


@register()
def keeping(**_options: Any) -> Sequence[CheckMessage]:
    return list(_keeping())


def _keeping() -> Iterator[CheckMessage]:
    try:
        keys = vault.parse(settings.RECORDINGS_KEYS)
    except ValueError as error:
        yield Error(
            f"RECORDINGS_KEYS cannot be read: {error}.",
            hint="Write each key as an id, a colon and 32 bytes in base64, with commas between (.env.example).",
            id="recordings.E011",
        )
        return
    if settings.RECORDINGS_KMS_KEY and not settings.RECORDINGS_BUCKET:
        yield Error(
            "RECORDINGS_KMS_KEY is set, and RECORDINGS_BUCKET is not.",
            hint="Only a bucket has a key service. A folder is sealed by RECORDINGS_KEYS.",
            id="recordings.E012",
        )
    if keys or settings.DEBUG:
        return
    if not settings.RECORDINGS_KMS_KEY:
        yield checks.Warning(
            "Neither RECORDINGS_KEYS nor RECORDINGS_KMS_KEY is set.",
            hint="Recordings and transcripts lie unencrypted in the storage and in the database.",
            id="recordings.W013",
        )
    elif settings.TRANSCRIPTION_PROVIDER:
        yield checks.Warning(
            "RECORDINGS_KEYS is not set.",
            hint="The bucket encrypts recordings; what transcripts hide lies unencrypted in the database.",
            id="recordings.W014",
        )


@register()
def room(**_options: Any) -> Sequence[CheckMessage]:
    return list(_room())


def _room() -> Iterator[CheckMessage]:
    if settings.RECORDING_FETCHES < 1 or settings.TRANSCRIPTIONS_AT_ONCE < 1:
        yield Error(
            "RECORDING_FETCHES or TRANSCRIPTIONS_AT_ONCE is not above zero.",
            hint="No recording would ever be worked on.",
            id="recordings.E015",
        )
