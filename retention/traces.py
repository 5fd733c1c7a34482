"""A telephone number wherever somebody may have written it: found in any spelling, and hidden. Pure."""

import re
from typing import Any

import phonenumbers

GAP = r"[\s()./-]*"  # what people write between digits
LEAST = 7  # digits: shorter than that, a national number may be anything


def pattern(number: str) -> str:
    """Write an expression, for Python and PostgreSQL alike, that finds an E.164 number in a text however it is written.

    With its country in front, with the zero that some countries dial, or bare where it has enough digits.
    """
    parsed = phonenumbers.parse(number)
    national = phonenumbers.national_significant_number(parsed)
    country = rf"(?:\+|%2[Bb]|00)?{GAP}{_spaced(str(parsed.country_code))}{GAP}(?:\(0\){GAP})?"
    prefix = country if len(national) < LEAST else rf"(?:{country}|0{GAP}|\({GAP})?"
    return rf"(?<![0-9]){prefix}{_spaced(national)}(?![0-9])"


def hidden_in(value: Any, found: "re.Pattern[str]", hidden: str) -> Any:
    """Put `hidden` in the place of what is found in a text, or in every text and whole number within JSON."""
    match value:
        case str():
            return found.sub(hidden, value)
        case bool() | None | float():
            return value
        case int():
            return hidden if found.fullmatch(str(value)) else value
        case list():
            return [hidden_in(one, found, hidden) for one in value]
        case dict():
            return {found.sub(hidden, key): hidden_in(one, found, hidden) for key, one in value.items()}
    return value


def _spaced(digits: str) -> str:
    return GAP.join(digits)
