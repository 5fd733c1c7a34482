"""IncomingPhoneNumbers: take, list, fetch, update, give back."""

from fnmatch import fnmatchcase

from simulator.numbers import Number, formatted, is_e164
from simulator.rest import shapes
from simulator.rest.applications import changed
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


def create(request: RestRequest) -> RestResponse:
    """Take a number; here each one is to be had that nobody holds."""
    board = request.board
    number = dict(request.form).get("PhoneNumber", "")
    if not is_e164(number):
        raise RestError(400, 21421)
    if board.number(number) is not None or number in board.phones:
        raise RestError(400, 21422)
    now = board.clock.now()
    item = Number(board.new_sid("PN"), number, now, now, formatted(number))
    _change(request, item)
    board.numbers[item.sid] = item
    board.changed()
    return answer(201, shapes.number(board, item))


def update(request: RestRequest, sid: str) -> RestResponse:
    """Change where a number's calls and news go."""
    item = _number(request, sid)
    _change(request, item)
    item.updated = request.board.clock.now()
    request.board.changed()
    return answer(200, shapes.number(request.board, item))


def delete(request: RestRequest, sid: str) -> RestResponse:
    """Give a number back."""
    del request.board.numbers[_number(request, sid).sid]
    request.board.changed()
    return answer(204, None)


def _change(request: RestRequest, item: Number) -> None:
    settings, name = changed(request, (*SETTINGS, *IGNORED, "PhoneNumber"), item.settings)
    for kind in ("VoiceApplicationSid", "SmsApplicationSid"):
        if settings.get(kind) and settings[kind] not in request.board.applications:
            raise RestError(400, 21420, f"{kind} is no application of this account")
    item.settings = {key: value for key, value in settings.items() if key in SETTINGS}
    item.friendly_name = item.friendly_name if name is None else name


def _number(request: RestRequest, sid: str) -> Number:
    item = request.board.numbers.get(sid)
    if item is None or not is_e164(item.number):
        raise request.not_found()
    return item


def _matches(pattern: str, number: str) -> bool:
    # A pattern finds parts of numbers too; its star stands for one digit.
    wanted = pattern.replace("*", "?")
    return fnmatchcase(number, f"*{wanted}*")
