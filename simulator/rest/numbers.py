"""IncomingPhoneNumbers: list, fetch, update."""

from fnmatch import fnmatchcase

from simulator.numbers import Number, is_e164
from simulator.rest import shapes
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer

SETTINGS = (
    "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "VoiceCallerIdLookup", "VoiceApplicationSid",
    "VoiceReceiveMode", "StatusCallback", "StatusCallbackMethod", "SmsUrl", "SmsMethod", "SmsFallbackUrl",
    "SmsFallbackMethod", "SmsApplicationSid",
)  # fmt: skip
IGNORED = (
    "AccountSid", "ApiVersion", "TrunkSid", "IdentitySid", "AddressSid", "EmergencyStatus", "EmergencyAddressSid",
    "BundleSid",
)  # fmt: skip


def list_(request: RestRequest) -> RestResponse:
    """Return a page of the account's numbers; SIP addresses are not among them."""
    board, wanted = request.board, request.filters()

    def keep(item: Number) -> bool:
        return (
            is_e164(item.number)
            and _matches(wanted.get("PhoneNumber", ""), item.number)
            and wanted.get("FriendlyName", item.friendly_name) == item.friendly_name
            and wanted.get("Beta", "false").lower() == "false"
            and wanted.get("Origin", "twilio") == "twilio"
        )

    items = list(board.numbers.values())
    return answer(200, page(request, "incoming_phone_numbers", items, lambda item: shapes.number(board, item), keep))


def fetch(request: RestRequest, sid: str) -> RestResponse:
    """Return one number."""
    return answer(200, shapes.number(request.board, _number(request, sid)))


def update(request: RestRequest, sid: str) -> RestResponse:
    """Change where a number's calls and news go."""
    item = _number(request, sid)
    form = request.parameters((*SETTINGS, *IGNORED, "FriendlyName"))
    settings = item.settings | {name: value for name, value in form.items() if name in SETTINGS}
    if settings.get("VoiceFallbackUrl") and not settings.get("VoiceUrl"):
        raise RestError(400, 21405)
    item.settings = settings
    item.friendly_name = form.get("FriendlyName", item.friendly_name)
    item.updated = request.board.clock.now()
    request.board.changed()
    return answer(200, shapes.number(request.board, item))


def _number(request: RestRequest, sid: str) -> Number:
    item = request.board.numbers.get(sid)
    if item is None or not is_e164(item.number):
        raise request.not_found()
    return item


def _matches(pattern: str, number: str) -> bool:
    # A pattern finds parts of numbers too; its star stands for one digit.
    wanted = pattern.replace("*", "?")
    return fnmatchcase(number, f"*{wanted}*")
