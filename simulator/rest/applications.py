"""Applications: URLs that numbers and calls share. Add, list, fetch, update, delete."""

from simulator.numbers import Application
from simulator.rest import shapes
from simulator.rest.calls import check_url
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer

SETTINGS = (
    "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "VoiceCallerIdLookup", "StatusCallback",
    "StatusCallbackMethod", "SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod", "SmsStatusCallback",
    "MessageStatusCallback", "PublicApplicationConnectEnabled",
)  # fmt: skip
MAX_NAME = 64
WRONG_URL, WRONG_METHOD = 21402, 21403


def create(request: RestRequest) -> RestResponse:
    """Add an application."""
    board, now = request.board, request.board.clock.now()
    item = Application(board.new_sid("AP"), now, now)
    _change(request, item)
    board.applications[item.sid] = item
    return answer(201, shapes.application(board, item))


def fetch(request: RestRequest, sid: str) -> RestResponse:
    """Return one application."""
    return answer(200, shapes.application(request.board, _application(request, sid)))


def update(request: RestRequest, sid: str) -> RestResponse:
    """Change an application; what is routed through it follows with the next call."""
    item = _application(request, sid)
    _change(request, item)
    item.updated = request.board.clock.now()
    return answer(200, shapes.application(request.board, item))


def delete(request: RestRequest, sid: str) -> RestResponse:
    """Forget an application; its numbers go back to URLs of their own."""
    del request.board.applications[_application(request, sid).sid]
    return answer(204, None)


def list_(request: RestRequest) -> RestResponse:
    """Return a page of applications."""
    board, name = request.board, request.filters().get("FriendlyName", "")
    items = list(board.applications.values())

    def keep(item: Application) -> bool:
        return name in ("", item.friendly_name)

    return answer(200, page(request, "applications", items, lambda item: shapes.application(board, item), keep))


def changed(request: RestRequest, known: tuple[str, ...], before: dict[str, str]) -> tuple[dict[str, str], str | None]:
    """Return the settings after a request, of the known ones, and a new name if there is one."""
    form = request.parameters((*known, "FriendlyName"), wrong_method=WRONG_METHOD)
    name = form.pop("FriendlyName", None)
    if name is not None and len(name) > MAX_NAME:
        raise RestError(400, 20001, f"FriendlyName has at most {MAX_NAME} characters")
    for key, value in form.items():
        if key.endswith(("Url", "Callback")) and value:
            check_url(value, WRONG_URL)
    settings = before | form
    for kind, code in (("Voice", 21405), ("Sms", 21406)):
        if settings.get(f"{kind}FallbackUrl") and not settings.get(f"{kind}Url"):
            raise RestError(400, code)
    return settings, name


def _change(request: RestRequest, item: Application) -> None:
    item.settings, name = changed(request, SETTINGS, item.settings)
    item.friendly_name = item.friendly_name if name is None else name


def _application(request: RestRequest, sid: str) -> Application:
    item = request.board.applications.get(sid)
    if item is None:
        raise request.not_found()
    return item
