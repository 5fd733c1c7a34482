"""What calls cost us (Twilio's pages "Pricing"), without taxes and volumes. Used by tasks alone.

Prices change a few times a year: keep the answers for a day or so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from telephony.client import amount, ask

ANYWHERE = "ALL"  # Twilio's word for a price that does not depend on where the call comes from


class NoPrice(Exception):
    """Twilio names no price for this."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a started minute of a call costs, above zero, in a currency (ISO 4217)."""

    per_minute: Decimal
    currency: str


def voice(number: str, *, from_number: str = "") -> Price:
    """Give the price of calling a number; where it depends on who calls, for `from_number` or else the dearest.

    Raises NoPrice, and what `telephony.client` raises: Refused with status GONE for a number that nobody can have.
    """
    given = {"origination_number": from_number} if from_number else {}
    found: Any = ask(
        lambda library: library.pricing.v2.voice.numbers(quote(number, safe="+")).fetch(**given), harmless=True
    )
    prices = [each for each in found.outbound_call_prices or [] if from_number == "" or _is_for(each, from_number)]
    return Price(_dearest(prices, number[:4]), (found.price_unit or "USD").upper())


def _is_for(price: Mapping[str, Any], number: str) -> bool:
    prefixes = price.get("origination_prefixes") or [ANYWHERE]
    return any(prefix == ANYWHERE or number.removeprefix("+").startswith(prefix) for prefix in prefixes)


def _dearest(prices: Iterable[Mapping[str, Any]], whereto: str) -> Decimal:
    amounts = [found for each in prices if (found := amount(each.get("current_price"))) is not None]
    if not amounts:
        raise NoPrice(f"Twilio names no price for {whereto}")
    return max(amounts)
