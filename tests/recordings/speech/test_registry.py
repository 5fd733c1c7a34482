from decimal import Decimal
from pathlib import Path

import pytest

from recordings.speech.provider import CallsBack, NotAvailable, Price
from recordings.speech.registry import PROVIDERS, Options, chosen, provider

OPTIONS = Options(model_dir=Path("/models/small"), key="k3y", price=Price(Decimal("0.01"), "EUR"))


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_is_called_what_it_is_chosen_by(name):
    assert provider(name, OPTIONS).name == name


def test_only_one_sends_its_text_later():
    assert [name for name in PROVIDERS if isinstance(provider(name, OPTIONS), CallsBack)] == ["deepgram"]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("", OPTIONS, "TRANSCRIPTION_PROVIDER is empty"),
        ("whisper", OPTIONS, "must be one of embedded, faster-whisper, deepgram, openai"),
        ("faster-whisper", Options(), "TRANSCRIPTION_MODEL_DIR is not set"),
        ("deepgram", Options(), "TRANSCRIPTION_API_KEY is not set"),
        ("openai", Options(), "TRANSCRIPTION_API_KEY is not set"),
        ("openai", Options(key="schlüssel"), "is no key"),
        ("deepgram", Options(key="two words"), "is no key"),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(name, options, words):
    with pytest.raises(NotAvailable, match=words):
        provider(name, options)


def test_a_server_of_the_owners_needs_no_key():
    assert provider("openai", Options(url="http://127.0.0.1:9000/v1")).name == "openai"


def test_the_settings_choose(settings):
    settings.TRANSCRIPTION_PROVIDER = "deepgram"
    settings.TRANSCRIPTION_API_KEY = "k3y"
    settings.TRANSCRIPTION_PRICE_PER_MINUTE = "nonsense"

    assert chosen().name == "deepgram"

    settings.TRANSCRIPTION_PROVIDER = "faster-whisper"
    settings.TRANSCRIPTION_MODEL_DIR = "/models/small"
    settings.TRANSCRIPTION_PRICE_PER_MINUTE = "0.01 EUR"

    assert chosen().name == "faster-whisper"

    settings.TRANSCRIPTION_PROVIDER = ""
    with pytest.raises(NotAvailable):
        chosen()
