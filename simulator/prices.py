"""What things cost here: made-up prices of this simulator by country, in the form in which Twilio tells them."""

from simulator.numbers import country

CURRENCY = "USD"

# A started minute of a call there, and a segment of a text there. Elsewhere it costs what OTHERS says.
PRICES: dict[str, tuple[float, float]] = {
    "US": (0.0140, 0.0083), "CA": (0.0140, 0.0083), "GB": (0.0158, 0.0463), "DE": (0.0247, 0.0977),
    "FR": (0.0187, 0.0798), "ES": (0.0170, 0.0732), "IT": (0.0205, 0.0857), "NL": (0.0219, 0.0989),
    "AT": (0.0435, 0.0998), "CH": (0.0430, 0.0724), "AU": (0.0252, 0.0515), "IN": (0.0497, 0.0832),
    "BR": (0.0310, 0.0650), "MX": (0.0205, 0.0672), "JP": (0.0746, 0.0895),
}  # fmt: skip
OTHERS = (0.1500, 0.1100)
IN_TO_US, TEXT_IN, MEDIUM, TO_BROWSER = 0.0085, 0.0083, 0.0120, 0.0040


def minute(number: str) -> float:
    """Return what a started minute of a call to a number costs."""
    return PRICES.get(country(number), OTHERS)[0] if number.startswith("+") else TO_BROWSER


def segment(land: str) -> float:
    """Return what a segment of a text to a country (ISO 3166) costs."""
    return PRICES.get(land, OTHERS)[1]


def call_price(number: str, direction: str, seconds: int) -> str:
    """Return what a call of some seconds costs the account, below zero, as Twilio writes it."""
    rate = IN_TO_US if direction == "inbound" else minute(number)
    return _written(-(-seconds // 60) * rate)


def text_price(number: str, segments: int, media: int, direction: str) -> str:
    """Return what a text costs the account, below zero, as Twilio writes it."""
    rate = TEXT_IN if direction == "inbound" else segment(country(number))
    return _written(segments * rate + media * MEDIUM)


def _written(amount: float) -> str:
    return f"-{amount:.5f}"
