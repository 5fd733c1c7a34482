"""What Twilio knows of a number (page "Lookup v2"). Each question costs; keep the answer. Used by tasks alone."""

from typing import Any
from urllib.parse import quote

from telephony.client import ask

LANDLINE = "landline"


def line_type(number: str) -> str:
    """Say what kind of line a number is: "mobile", LANDLINE, "fixedVoip", "nonFixedVoip", "tollFree" and the like.

    Empty where nobody knows. Refused with status GONE: there can be no such number.
    """
    found: Any = ask(
        lambda library: library.lookups.v2.phone_numbers(quote(number, safe="+")).fetch(
            fields="line_type_intelligence"
        ),
        harmless=True,
    )
    return str((found.line_type_intelligence or {}).get("type") or "")
