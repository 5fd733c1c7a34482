"""A provider of speech to text on loopback, in the place of the real one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.recordings.speaking import HARMLESS
from tests.recordings.speech.servers import Answer, Server, server


@pytest.fixture
def deepgram(settings: Any) -> Iterator[Server]:
    with server() as made:
        settings.TRANSCRIPTION_PROVIDER = "deepgram"
        settings.TRANSCRIPTION_API_URL = made.url
        settings.TRANSCRIPTION_API_KEY = "k3y"
        settings.TRANSCRIPTION_PRICE_PER_MINUTE = "0.0043 EUR"
        settings.TRANSCRIPTION_TIMEOUT = 2.0
        settings.TRANSCRIPTION_WEBHOOK_SECRET = ""
        made.answer(Answer(body=HARMLESS))
        yield made


@pytest.fixture
def later(deepgram: Server, settings: Any) -> Server:
    settings.TRANSCRIPTION_WEBHOOK_SECRET = "s" * 40
    deepgram.answer(Answer(body={"request_id": "r-1"}))
    return deepgram
