"""Which provider it is, by the setting TRANSCRIPTION_PROVIDER."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from recordings.speech.deepgram import Deepgram
from recordings.speech.embedded import Embedded
from recordings.speech.faster_whisper import FasterWhisper
from recordings.speech.openai_compatible import OpenAICompatible
from recordings.speech.provider import NotAvailable, Price, Provider


@dataclass(frozen=True, slots=True)
class Options:
    """What the settings say of the provider."""

    model_dir: Path | None = None
    url: str = ""
    key: str = ""
    model: str = ""
    timeout: float = 300.0
    price: Price | None = None


def _faster_whisper(options: Options) -> Provider:
    if options.model_dir is None:
        raise NotAvailable("TRANSCRIPTION_MODEL_DIR is not set: name the folder of a model for faster-whisper.")
    return FasterWhisper(model_dir=options.model_dir, price=options.price)


def _deepgram(options: Options) -> Provider:
    if not _is_key(options.key):
        raise NotAvailable("TRANSCRIPTION_API_KEY is not set, or is no key: copy it from Deepgram's console.")
    return Deepgram(key=options.key, url=options.url, model=options.model, timeout=options.timeout, price=options.price)


def _openai(options: Options) -> Provider:
    # a server of the owner's may want none
    if not _is_key(options.key) and (options.key or not options.url):
        raise NotAvailable("TRANSCRIPTION_API_KEY is not set, or is no key: make one in the provider's console.")
    return OpenAICompatible(
        key=options.key, url=options.url, model=options.model, timeout=options.timeout, price=options.price
    )


PROVIDERS: Mapping[str, Callable[[Options], Provider]] = {
    "embedded": lambda options: Embedded(price=options.price),
    "faster-whisper": _faster_whisper,
    "deepgram": _deepgram,
    "openai": _openai,
}

LOCAL = {"embedded", "faster-whisper"}


def provider(name: str, options: Options) -> Provider:
    """Return the provider of a name. Raises NotAvailable, which says what is to be set."""
    if not name:
        raise NotAvailable("Nobody turns speech into text here: TRANSCRIPTION_PROVIDER is empty.")
    if name not in PROVIDERS:
        raise NotAvailable(f"TRANSCRIPTION_PROVIDER is {name!r}; it must be one of {', '.join(PROVIDERS)}, or empty.")
    return PROVIDERS[name](options)


def offered(*meant: str) -> list[str]:
    """Name the providers that can be had, to choose from.

    One outside only where it is meant, by the settings or by these names: nobody else gets sound or the key.
    """
    return [
        name
        for name in PROVIDERS
        if (name in LOCAL or name in (settings.TRANSCRIPTION_PROVIDER, *meant)) and _is_had(name)
    ]


def chosen() -> Provider:
    """Return the provider that the settings choose. Raises NotAvailable, which says what is to be set."""
    return named(settings.TRANSCRIPTION_PROVIDER)


def named(name: str) -> Provider:
    """Return the provider of a name, with what the settings say of it. Raises NotAvailable."""
    try:
        price = Price.parse(settings.TRANSCRIPTION_PRICE_PER_MINUTE)
    except ValueError:
        price = None  # a system check complains; for the want of a price no text is lost
    return provider(
        name,
        Options(
            model_dir=Path(settings.TRANSCRIPTION_MODEL_DIR) if settings.TRANSCRIPTION_MODEL_DIR else None,
            url=settings.TRANSCRIPTION_API_URL,
            key=settings.TRANSCRIPTION_API_KEY,
            model=settings.TRANSCRIPTION_MODEL,
            timeout=settings.TRANSCRIPTION_TIMEOUT,
            price=price,
        ),
    )


def _is_had(name: str) -> bool:
    try:
        named(name)
    except NotAvailable:
        return False
    return True


def _is_key(key: str) -> bool:
    return key.isascii() and key.isprintable() and bool(key) and " " not in key
