"""Where a number is, and what a call to it is: to whom it costs what. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from telephony import numbers

ANYWHERE = "001"  # how the library calls what belongs to no country: international free and satellite numbers


class Kind(StrEnum):
    """What a number is, as far as it matters to who pays."""

    NONE = "none"  # cannot be called
    EMERGENCY = "emergency"
    PREMIUM = "premium"  # charged at more than the call
    MOBILE = "mobile"
    OTHER = "other"


_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.PAGER})


@dataclass(frozen=True, slots=True)
class Destination:
    """`country` is ISO 3166; empty where there is none, or nobody knows."""

    kind: Kind
    country: str = ""


@lru_cache(maxsize=4096)
def destination(number: str, *, home: str) -> Destination:
    """Read a number, E.164 where it is one; `home` is the country in which short numbers are dialed."""
    if _is_emergency(number, home):
        return Destination(Kind.EMERGENCY)
    if not numbers.is_e164(number) or numbers.is_withheld(number):
        return Destination(Kind.NONE)
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return Destination(Kind.NONE)
    if not phonenumbers.is_possible_number(parsed):
        return Destination(Kind.NONE)
    # of a number that is not known to be given to anybody, the code still tells the country that would be charged
    code = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    country = phonenumbers.region_code_for_number(parsed) or code or ""
    country = "" if country in (ANYWHERE, phonenumbers.UNKNOWN_REGION) else country
    is_short = phonenumbers.connects_to_emergency_number(str(parsed.national_number), country) if country else False
    if is_short:
        return Destination(Kind.EMERGENCY, country)
    kind = phonenumbers.number_type(parsed)
    if kind in _COSTLY:
        return Destination(Kind.PREMIUM, country)
    return Destination(Kind.MOBILE if kind in _MOBILE else Kind.OTHER, country)


def _is_emergency(raw: str, home: str) -> bool:
    digits = "".join(filter(str.isdecimal, raw))
    return bool(digits) and len(digits) <= 6 and phonenumbers.is_emergency_number(digits, home)
