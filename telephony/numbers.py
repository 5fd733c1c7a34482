"""Telephone numbers: read, show, mask. Pure.

What is not E.164 (withheld, `client:`, `sip:`, short codes) keeps its raw form everywhere and is only shown better.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

E164 = re.compile(r"\+[1-9]\d{6,14}")

# Twilio's words for a caller who shows no number, and the keypad spellings that some carriers send in their place.
WITHHELD = frozenset(
    {"anonymous", "unknown", "restricted", "private", "unavailable", "blocked", "withheld", "blockedid"}
) | {
    "+266696687",  # ANONYMOUS
    "+7378742833",  # RESTRICTED
    "+2562533",  # BLOCKED
    "+8656696",  # UNKNOWN
    "+86282452253",  # UNAVAILABLE
    "+464",  # Twilio's older sign of "no number"
}


def parse(raw: str, *, country: str) -> str | None:
    """Read what a person typed or a carrier sent as E.164; None if it is no number that could be rung from anywhere.

    `country` (ISO 3166) is assumed where the number names none.
    """
    text = raw.strip()
    if is_withheld(text) or ":" in text or "@" in text or len(text) > 40:
        return None
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return written if E164.fullmatch(written) else None


def is_e164(raw: str) -> bool:
    return E164.fullmatch(raw) is not None


def is_withheld(raw: str) -> bool:
    return not raw or raw.lower() in WITHHELD


def country(raw: str) -> str:
    """Give the country of a number by ISO 3166; of its calling code, where nobody knows more; "" for what is none."""
    if not is_e164(raw) or is_withheld(raw):
        return ""
    try:
        number = phonenumbers.parse(raw)
    except NumberParseException:
        return ""
    found = phonenumbers.region_code_for_number(number)
    return found or phonenumbers.region_code_for_country_code(number.country_code or 0) or ""


def show(raw: str) -> str:
    """Write an end of a call for people: a number in its country's way, a word for a withheld one, a client's name."""
    if is_withheld(raw):
        return "Withheld"
    scheme, colon, rest = raw.partition(":")
    if colon and scheme in {"client", "sip", "sips"}:
        return f"{rest.partition('?')[0]} (browser)" if scheme == "client" else rest.partition(";")[0].partition("?")[0]
    if not is_e164(raw):
        return raw
    try:
        number = phonenumbers.parse(raw)
    except NumberParseException:
        return raw
    if not phonenumbers.is_possible_number(number):
        return raw
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def sought(text: str, *, country: str) -> tuple[str | None, str]:
    """Read what somebody types who looks for a number: the whole of it as E.164 or None, and else the digits in it."""
    digits = "".join(re.findall(r"[0-9]", text)).lstrip("0")
    return parse(text, country=country) if len(digits) >= 10 else None, digits


def looks_like_one(text: str) -> bool:
    """Tell whether a text may be a number or a part of one: three digits or more, and only what stands between them."""
    return re.fullmatch(r"[0-9\s()./+-]{3,40}", text.strip()) is not None and len(re.findall("[0-9]", text)) >= 3


# A number with a plus, also percent-encoded or written with spaces; one in national digits; one in American groups. The
# neighbors that are excluded keep SIDs, UUIDs, hashes, fractions and dates as they are.
_NUMBER = re.compile(
    r"(?:\+|%2[Bb])[\s(]{0,2}\d(?:[\s().-]{0,2}\d){5,18}"
    r"|(?<![\w.-])\d{9,15}(?![\w-])"
    r"|(?<![\w.-])\(?\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}(?![\w-])"
)


def mask(raw: str) -> str:
    """Hide the middle of every telephone number in a text, `+1415****234`; everything else stays."""
    return _NUMBER.sub(_masked, raw)


def _masked(found: re.Match[str]) -> str:
    text = found.group()
    plus = "+" if text[0] in "+%" else ""
    digits = "".join(character for character in text.removeprefix("%2B").removeprefix("%2b") if character.isdigit())
    shown = 4 if len(digits) >= 10 else 1
    return f"{plus}{digits[:shown]}****{digits[-3:]}"
