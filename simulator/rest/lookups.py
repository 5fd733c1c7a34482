"""What is known of numbers: the line's type by Lookup v2, prices by Pricing v1 and v2."""

from urllib.parse import unquote

from simulator import prices
from simulator.numbers import country, formatted, is_e164
from simulator.rest.request import RestRequest, RestResponse, answer
from simulator.switchboard import Switchboard

LOOKUPS, PRICING = "https://lookups.twilio.com", "https://pricing.twilio.com"
PACKAGES = (
    "call_forwarding", "caller_name", "identity_match", "line_status", "line_type_intelligence",
    "phone_number_quality_score", "pre_fill", "reassigned_number", "sim_swap", "sms_pumping_risk",
)  # fmt: skip


def phone_number(request: RestRequest, number: str) -> RestResponse:
    """Return what is known of a number; only the type of its line costs nothing to make up."""
    number = unquote(number)
    if not is_e164(number):
        raise request.not_found()
    asked = [word.strip() for word in request.filters().get("Fields", "").split(",") if word.strip()]
    for name in asked:
        if name not in ("line_type_intelligence", "validation"):
            request.not_executed(f"Fields={name}")
    known: dict[str, object] = {
        "calling_country_code": None,
        "country_code": country(number) or None,
        "phone_number": number,
        "national_format": formatted(number),
        "valid": True,
        "validation_errors": [],
        "url": f"{LOOKUPS}/v2/PhoneNumbers/{number}",
    }
    line = _line(request.board, number) if "line_type_intelligence" in asked else None
    return answer(200, known | dict.fromkeys(PACKAGES) | {"line_type_intelligence": line})


def _line(board: Switchboard, number: str) -> dict[str, str | None]:
    phone = board.phones.get(number)
    kind = "nonFixedVoip" if board.number(number) else "mobile"
    if phone is not None and phone.texts == "landline":
        kind = "landline"
    return {
        "type": kind,
        "carrier_name": "Simulated Carrier",
        "mobile_country_code": "001" if kind == "mobile" else None,
        "mobile_network_code": "01" if kind == "mobile" else None,
        "error_code": None,
    }


def voice_price(request: RestRequest, number: str) -> RestResponse:
    """Return what a minute to a number costs."""
    number, origin = unquote(number), request.filters().get("OriginationNumber", "")
    if not is_e164(number):
        raise request.not_found()
    price = f"{prices.minute(number):.4f}"
    return answer(
        200,
        {
            "destination_number": number,
            "origination_number": origin or None,
            "country": country(number) or None,
            "iso_country": country(number) or None,
            "outbound_call_prices": [{"base_price": price, "current_price": price, "origination_prefixes": ["ALL"]}],
            "inbound_call_price": {"base_price": None, "current_price": None, "number_type": None},
            "price_unit": prices.CURRENCY,
            "url": f"{PRICING}/v2/Voice/Numbers/{number}",
        },
    )


def text_prices(_request: RestRequest, land: str) -> RestResponse:
    """Return what a text to a country costs."""
    price = f"{prices.segment(land):.4f}"
    amount = {"number_type": "local", "base_price": price, "current_price": price}
    incoming = f"{prices.TEXT_IN:.4f}"
    return answer(
        200,
        {
            "country": land,
            "iso_country": land,
            "outbound_sms_prices": [{"carrier": "Simulated Carrier", "mcc": "001", "mnc": "01", "prices": [amount]}],
            "inbound_sms_prices": [{"number_type": "local", "base_price": incoming, "current_price": incoming}],
            "price_unit": prices.CURRENCY,
            "url": f"{PRICING}/v1/Messaging/Countries/{land}",
        },
    )
