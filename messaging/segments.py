"""Into how many billed parts a text is cut, by the alphabet of GSM 03.38 and Twilio's page on segments. Pure.

https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LONGEST = 1600  # characters, of Twilio's page "Messages resource"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is an escape and another character: it takes two places.
_EXTENDED = frozenset("\f^{}\\[~]|€")


class Alphabet(StrEnum):
    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Part:
    """How many places one segment has, alone and as one of several, where a header takes some."""

    alone: int
    joined: int


_PARTS = {Alphabet.GSM7: Part(160, 153), Alphabet.UCS2: Part(70, 67)}


@dataclass(frozen=True, slots=True)
class Length:
    """A text as it is billed. `places` are those that it takes, `left` those until the next segment."""

    characters: int
    places: int
    left: int
    segments: int
    alphabet: Alphabet
    culprits: str  # the characters for which the dearer alphabet is needed, each once

    @property
    def is_too_long(self) -> bool:
        return self.characters > LONGEST


def measure(text: str) -> Length:
    """Measure a text. No character is cut in two: what does not fit into a segment whole begins the next one."""
    culprits = "".join(dict.fromkeys(one for one in text if one not in _BASIC and one not in _EXTENDED))
    alphabet = Alphabet.UCS2 if culprits else Alphabet.GSM7
    widths = [_width(one, alphabet) for one in text]
    part = _PARTS[alphabet]
    places = sum(widths)
    if places <= part.alone:
        return Length(len(text), places, part.alone - places, 1 if text else 0, alphabet, culprits)
    segments, used = 1, 0
    for width in widths:
        if used + width > part.joined:
            segments, used = segments + 1, 0
        used += width
    return Length(len(text), places, part.joined - used, segments, alphabet, culprits)


def cost(segments: int, price: Decimal) -> Decimal:
    """Give what so many segments cost at this price of one."""
    return segments * price


def _width(character: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM7:
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1
