"""Ends of calls: the account's own numbers, and phones that people hold."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Answers = Literal["asks", "answers", "busy", "ignores", "unreachable", "declines"]
Answerer = Literal["human", "machine", "fax", "silence"]
Texts = Literal["delivered", "undelivered", "landline", "off"]

E164 = re.compile(r"\+[1-9]\d{6,14}")

# Enough to fill FromCountry and ToCountry for the numbers people try; unknown prefixes stay empty, as at Twilio.
COUNTRIES = {
    "1": "US", "7": "RU", "20": "EG", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES",
    "36": "HU", "39": "IT", "41": "CH", "43": "AT", "44": "GB", "45": "DK", "46": "SE", "47": "NO", "48": "PL",
    "49": "DE", "51": "PE", "52": "MX", "54": "AR", "55": "BR", "56": "CL", "57": "CO", "61": "AU", "64": "NZ",
    "65": "SG", "81": "JP", "82": "KR", "91": "IN", "351": "PT", "353": "IE", "358": "FI", "420": "CZ", "972": "IL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """What the holder of a phone does when it rings, `after` some seconds. "asks" rings until somebody decides.

    `by` says who it is that answers. A machine greets for some seconds and may beep; then it records.
    """

    answers: Answers = "asks"
    after: float = 2.0
    by: Answerer = "human"
    greeting: float = 6.0
    beeps: bool = True
    refers: bool = True
    """Whether a SIP phone lets itself be referred to another address while it is in a call."""


@dataclass(slots=True)
class Phone:
    """A phone somebody holds: "+14155550100", "client:ann", "sip:bo@example.com", or a withheld caller's word.

    `texts` says what becomes of a text to it: a phone that is off gets it when it is on again, a landline never.
    """

    address: str
    name: str
    habit: Habit
    texts: Texts = "delivered"

    def as_json(self) -> dict[str, object]:
        """Return the phone for the page."""
        return {
            "address": self.address,
            "name": self.name,
            "habit": self.habit.answers,
            "after": self.habit.after,
            "by": self.habit.by,
            "greeting": self.habit.greeting,
            "beeps": self.habit.beeps,
            "refers": self.habit.refers,
            "texts": self.texts,
        }


@dataclass(slots=True)
class Number:
    """An address of the account that runs a voice URL when called: a phone number, or a SIP address."""

    sid: str
    number: str
    created: datetime
    updated: datetime
    friendly_name: str
    settings: dict[str, str] = field(default_factory=dict)
    """VoiceUrl, VoiceMethod, VoiceFallbackUrl, ... under Twilio's parameter names."""

    def setting(self, name: str) -> str:
        """Return a setting, or an empty string."""
        return self.settings.get(name, "")


@dataclass(slots=True)
class Application:
    """URLs that several numbers and calls share: a TwiML app."""

    sid: str
    created: datetime
    updated: datetime
    friendly_name: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    """VoiceUrl, SmsUrl, StatusCallback, ... under Twilio's parameter names."""

    def setting(self, name: str) -> str:
        """Return a setting, or an empty string."""
        return self.settings.get(name, "")


def is_e164(address: str) -> bool:
    """Return whether this is a phone number in E.164 form."""
    return E164.fullmatch(address) is not None


def is_dialable(address: str) -> bool:
    """Return whether Twilio could place a call to this: a number, a client or a SIP address."""
    scheme, _, rest = address.partition(":")
    return is_e164(address) or (scheme in ("client", "sip") and bool(rest))


def country(address: str) -> str:
    """Return the ISO country of a phone number, or an empty string."""
    if not is_e164(address):
        return ""
    return next((COUNTRIES[address[1 : 1 + n]] for n in (3, 2, 1) if address[1 : 1 + n] in COUNTRIES), "")


def formatted(address: str) -> str:
    """Return an address the way Twilio's `to_formatted` shows it: North American numbers in national style."""
    if re.fullmatch(r"\+1\d{10}", address):
        return f"({address[2:5]}) {address[5:8]}-{address[8:]}"
    return address


def geography(prefix: str, address: str) -> dict[str, str]:
    """Return the four geographic fields of one end (`From`, `To`, `Caller`, `Called`); none for clients and SIP."""
    if not is_e164(address):
        return {}
    return {f"{prefix}City": "", f"{prefix}State": "", f"{prefix}Zip": "", f"{prefix}Country": country(address)}
