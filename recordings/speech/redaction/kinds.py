"""What is hidden, and how it is shown that something was. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The value is what stands in the text instead, in brackets."""

    CARD = "card number"
    ACCOUNT = "bank account"
    ID = "id number"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    CODE = "security code"

    @property
    def marker(self) -> str:
        return f"[{self.value}]"


MARKER = re.compile("|".join(re.escape(kind.marker) for kind in Kind))


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of a segment's text that are to go."""

    segment: int
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was hidden, and between which seconds it is heard."""

    kind: Kind
    speaker: str
    start: float
    end: float
