"""What anything that turns sound into text offers, and the ways in which that fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Protocol, runtime_checkable

from recordings.speech.transcript import EVERYBODY, Transcript


class Failed(Exception):
    """No text came of the sound. The message is one sentence for a person, without a word of what was said."""


class NotAvailable(Failed):
    """Something is to be installed or set first; the message says what."""


class Denied(Failed):
    """The provider does not accept our key, or the account has no credit."""


class Busy(Failed):
    """The provider asks us to come back later."""

    def __init__(self, message: str, *, retry_after: float | None) -> None:
        self.retry_after = retry_after  # seconds; None where it does not say
        super().__init__(message)


class Unclear(Failed):
    """Nobody knows what became of the request: trying again is right."""


class Unusable(Failed):
    """This sound cannot be transcribed by this provider: trying again is of no use."""


class Stopped(Exception):
    """Somebody else has taken over the work."""


def always() -> bool:
    """Go on, whatever happens."""
    return True


class Provider(Protocol):
    """Turns sound into text."""

    @property
    def name(self) -> str:
        """What it is chosen by."""

    def transcribe(
        self,
        sound: Path,
        *,
        channels: int,
        speakers: Sequence[str],
        language: str,
        goes_on: Callable[[], bool] = always,
    ) -> Transcript:
        """Turn a WAV file into text; `speakers` names its channels, an empty language is to be found out.

        Asks `goes_on` from time to time and raises Stopped when it says no; raises the exceptions above.
        """


@dataclass(frozen=True, slots=True)
class Pending:
    """A provider has taken the sound and will send the text."""

    request_id: str


@runtime_checkable
class CallsBack(Protocol):
    """A provider that also takes sound now and sends the text later."""

    def begin(self, sound: Path, *, channels: int, language: str, callback_url: str) -> Pending:
        """Hand over the sound; the text is sent to the address. Raises the exceptions above."""

    def read_callback(self, body: bytes, *, channels: int, speakers: Sequence[str], language: str) -> Transcript:
        """Read what was sent, for the channels, speakers and language of the sound. Raises Unclear and Unusable."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a minute of one channel costs."""

    each_minute: Decimal
    currency: str

    @classmethod
    def parse(cls, text: str) -> "Price | None":
        """Read `0.0043` or `0.0043 EUR`; without a currency it is in US dollars, empty is None. Raises ValueError."""
        if not text.strip():
            return None
        amount, _, currency = text.strip().partition(" ")
        try:
            value = Decimal(amount)
        except InvalidOperation as error:
            raise ValueError("no number") from error
        currency = currency.strip() or "USD"
        if not value.is_finite() or value < 0 or not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise ValueError("no price")
        return cls(value, currency)


def cost_of(price: Price | None, *, seconds: float, channels: int) -> tuple[Decimal | None, str]:
    """Return what so much sound costs, and the currency; None and nothing where no price is known."""
    if price is None:
        return None, ""
    minutes = Decimal(str(round(seconds, 3))) * channels / 60
    return (price.each_minute * minutes).quantize(Decimal("0.000001")), price.currency


def speaker_of(channel: int, *, channels: int, speakers: Sequence[str]) -> str:
    """Name who speaks on a channel, counted from 0. A single channel with several speakers holds them all."""
    if channels == 1 and len(speakers) != 1:
        return EVERYBODY
    return speakers[channel] if channel < len(speakers) else f"channel {channel + 1}"


def main_language(language: str) -> str:
    """Return the language of a tag without its region: `en-US` is `en`."""
    return language.replace("_", "-").partition("-")[0].strip().casefold()
