"""How single fields are read. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TypeAlias

Form: TypeAlias = Mapping[str, str]

MOST_MEDIA = 10  # pictures and the like in one message

# What is neither stored nor logged: keys pressed, words said and written, pictures, everything of a payment, and tokens
# that open doors.
PRIVATE_FIELDS = frozenset(
    {
        *("Digits", "FinishedOnKey", "SpeechResult", "UnstableSpeechResult", "StableSpeechResult"),
        *("TranscriptionText", "TranscriptionData"),
        *("Body", *(f"MediaUrl{place}" for place in range(MOST_MEDIA))),
        *("PaymentCardNumber", "ExpirationDate", "SecurityCode", "PaymentCardPostalCode", "PaymentToken", "ProfileId"),
        *("PaymentConfirmationCode", "BankAccountNumber", "BankRoutingNumber"),
        *("CallToken", "StirPassportToken"),
    }
)

SID_LIMIT = 64  # they have 34 characters
_RECORDING_SID = re.compile(r"RE[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where Twilio believes a number to be; empty outside a few countries."""

    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


NOWHERE = Place()


def whole(text: str) -> int | None:
    """Read a count: digits of ASCII alone, and no more than a database column holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def decimal(text: str) -> float | None:
    """Read a share between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def moment(text: str) -> datetime | None:
    """Read a date as voice callbacks write it (RFC 2822), or as streams and transcriptions do (ISO 8601)."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def place(form: Form, end: str) -> Place:
    get = form.get
    return Place(get(end + "City", ""), get(end + "State", ""), get(end + "Zip", ""), get(end + "Country", ""))


def part(form: Form, names: set[str], *, skip: int = 0) -> Form:
    return MappingProxyType({name[skip:]: form[name] for name in sorted(names)})


def sid(form: Form, name: str) -> str:
    """Give an id; what is too long to be one is none."""
    found = form.get(name, "")
    return found if len(found) <= SID_LIMIT else ""


def recording_sid(form: Form) -> str:
    """Give the recording's SID; an older `action` names it only at the end of the URL."""
    if named := sid(form, "RecordingSid"):
        return named
    found = _RECORDING_SID.search(form.get("RecordingUrl", ""))
    return found.group() if found else ""
