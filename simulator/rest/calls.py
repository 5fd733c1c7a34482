"""Calls: create, fetch, update, list, delete."""

from urllib.parse import urlsplit

from simulator.detection import Detection, Invalid, detection
from simulator.legs import Callback, Leg, Source
from simulator.numbers import is_dialable, is_e164
from simulator.recordings import Wish
from simulator.rest import shapes
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer, falls_in
from simulator.ringing import originate

CREATE = (
    "To", "From", "Url", "Twiml", "ApplicationSid", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback",
    "StatusCallbackMethod", "StatusCallbackEvent", "Timeout", "TimeLimit", "SendDigits", "Record", "RecordingChannels",
    "RecordingTrack", "Trim", "RecordingStatusCallback", "RecordingStatusCallbackMethod",
    "RecordingStatusCallbackEvent", "MachineDetection", "MachineDetectionTimeout",
    "MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout",
    "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", "CallerId", "CallToken", "CallReason",
    "Byoc", "SipAuthUsername", "SipAuthPassword", "ClientNotificationUrl", "Passports", "RecordingConfigurationId",
)  # fmt: skip
ROUTED = ("Url", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod")
UPDATE = (
    "Url", "Method", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", "Twiml",
    "TimeLimit",
)  # fmt: skip
DIGITS = frozenset("0123456789ABCD#*wW")
MAX_TWIML, MAX_DIGITS, MAX_TIMEOUT = 4000, 32, 600
# Whom a request lets know of what; of recordings the pages name different words.
EVENTS = {"StatusCallback": ("initiated", "ringing", "answered", "completed")}
NOT_IN_PROGRESS = "Call is not in-progress. Cannot redirect."


def create(request: RestRequest) -> RestResponse:
    """Queue a call; it is rung when the account's rate allows it, and its document asked when it is answered."""
    form, routed = _routed(request, request.parameters(CREATE))
    board = request.board
    from_ = form.get("CallerId") or form.get("From", "")
    check_ends(request, form.get("To", ""), from_)
    source = _source(request, form)
    digits = form.get("SendDigits", "")
    if len(digits) > MAX_DIGITS or not DIGITS.issuperset(digits):
        raise RestError(400, 21206)
    timeout = whole(form, "Timeout", 60, 21208)
    if not 1 <= timeout <= MAX_TIMEOUT:
        raise RestError(400, 21208)
    detect = detecting(request, form, "AsyncAmdStatusCallback", waits=form.get("AsyncAmd") != "true")
    leg = board.new_leg(
        from_,
        form["To"],
        "outbound-api",
        phone=form["To"],
        number=board.number(from_),
        callback=callback(request, form, "StatusCallback"),
        parameters=routed,
        fallback=_fallback(form),
    )
    if form.get("Record") == "true":
        board.recorder.record_call(leg, wish(request, form))
    then = board.run(board, leg, source)
    limit = whole(form, "TimeLimit", 0, 20001)
    originate(board, leg, then, timeout=timeout, digits=digits, time_limit=limit, detect=detect)
    return answer(201, shapes.call(board, leg))


def fetch(request: RestRequest, sid: str) -> RestResponse:
    """Return one call."""
    return answer(200, shapes.call(request.board, _leg(request, sid)))


def update(request: RestRequest, sid: str) -> RestResponse:
    """End a call, or give it another document."""
    leg = _leg(request, sid)
    form = request.parameters(UPDATE)
    if not leg.live:
        raise RestError(400, 21220, NOT_IN_PROGRESS)
    if "Status" in form:
        _change_status(request, leg, form["Status"])
    elif form.get("Url") or form.get("Twiml"):
        if leg.status != "in-progress":
            raise RestError(400, 21220, NOT_IN_PROGRESS)
        source = _source(request, form)
        leg.fallback = _fallback(form) or leg.fallback
        if form.get("StatusCallback"):
            leg.callback = callback(request, form, "StatusCallback")
        request.board.replace(leg, source)
    elif form.get("StatusCallback"):
        request.warn(0, "StatusCallback changes only together with Url")
    if form.get("TimeLimit"):
        request.board.limit(leg, whole(form, "TimeLimit", 0, 20001))
    return answer(200, shapes.call(request.board, leg))


def delete(request: RestRequest, sid: str) -> RestResponse:
    """Forget a finished call; its recordings stay."""
    leg = _leg(request, sid)
    if leg.live or request.held(sid, leg.ended):
        raise RestError(400, 20009)
    del request.board.legs[sid]
    return answer(204, None)


def list_(request: RestRequest) -> RestResponse:
    """Return a page of calls."""
    board, wanted = request.board, request.filters()

    def keep(leg: Leg) -> bool:
        return (
            wanted.get("To", leg.to) == leg.to
            and wanted.get("From", leg.from_) == leg.from_
            and wanted.get("Status", leg.status) == leg.status
            and (
                "ParentCallSid" not in wanted or (leg.parent is not None and leg.parent.sid == wanted["ParentCallSid"])
            )
            and falls_in(leg.answered or leg.started, wanted, "StartTime")
            and falls_in(leg.ended, wanted, "EndTime")
        )

    legs = list(board.legs.values())
    return answer(200, page(request, "calls", legs, lambda leg: shapes.call(board, leg), keep))


def _leg(request: RestRequest, sid: str) -> Leg:
    leg = request.board.legs.get(sid)
    if leg is None:
        raise request.not_found()
    return leg


def _change_status(request: RestRequest, leg: Leg, status: str) -> None:
    match status:
        case "completed" if leg.status == "in-progress" or leg.direction == "inbound":
            # A conference is told that a request took the leg away, not that somebody hung up.
            leg.withdraw("updated")
            request.board.end(leg)
        case "completed" | "canceled" if leg.status in ("queued", "ringing"):
            request.board.end(leg, "canceled", 487)
        case "canceled":
            raise RestError(400, 21220, "Call is in-progress. Cannot cancel.")
        case _:
            raise RestError(400, 20001, f"Status must be completed or canceled, not {status}")


def check_ends(request: RestRequest, to: str, from_: str) -> None:
    """Raise unless these two can be called, and shown."""
    if not to:
        raise RestError(400, 21201)
    if not from_:
        raise RestError(400, 21213)
    if not is_dialable(to):
        raise RestError(400, 21211)
    if not is_dialable(from_) or (is_e164(to) and not is_e164(from_)):
        raise RestError(400, 21212)
    if is_e164(from_) and not request.board.may_call_from(from_):
        raise RestError(400, 21210)


def _routed(request: RestRequest, form: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the parameters with an application's URLs in place of their own, and what its requests carry."""
    sid = form.get("ApplicationSid", "")
    if not sid:
        return form, {}
    application = request.board.applications.get(sid)
    if application is None:
        raise RestError(400, 21218)
    theirs = {name.removeprefix("Voice"): value for name, value in application.settings.items()}
    own = {name: value for name, value in form.items() if name not in (*ROUTED, "Twiml")}
    return own | {name: theirs[name] for name in ROUTED if theirs.get(name)}, {"ApplicationSid": sid}


def _source(request: RestRequest, form: dict[str, str]) -> Source:
    url, twiml, method = form.get("Url", ""), form.get("Twiml", ""), form.get("Method", "POST")
    if len(twiml) > MAX_TWIML:
        raise RestError(400, 32018)
    if form.get("FallbackUrl") and not url and not twiml:
        raise RestError(400, 21405)
    if url and twiml:
        request.warn(32019, "")
    if url or not twiml:
        check_url(url)
        return Source(url, method)
    return Source(twiml=twiml)


def _fallback(form: dict[str, str]) -> Source | None:
    url = form.get("FallbackUrl", "")
    if not url:
        return None
    check_url(url)
    return Source(url, form.get("FallbackMethod", "POST"))


def check_url(url: str, code: int = 21205) -> None:
    """Raise unless Twilio would take this URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise RestError(400, code) from None
    # Twilio refuses host names with an underscore, too.
    if parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname:
        raise RestError(400, code, f"Url is not a valid URL: {url}")


def callback(request: RestRequest, form: dict[str, str], name: str) -> Callback:
    """Return whom a request wants told."""
    url = form.get(name, "")
    if not url:
        return Callback()
    check_url(url)
    events = request.listed(f"{name}Event") or ["completed"]
    for word in events:
        if word not in EVENTS.get(name, (word,)):
            request.warn(21626, word)
    return Callback(url=url, method=form.get(f"{name}Method", "POST"), events=frozenset(events))


def detecting(request: RestRequest, form: dict[str, str], name: str, *, waits: bool = False) -> Detection | None:
    """Return how a request wants to know who answers; `name` is the parameter that says whom to tell."""
    url = form.get(name, "")
    if url:
        check_url(url)
    told = Callback() if waits else Callback(url=url, method=form.get(f"{name}Method", "POST"))
    try:
        detect = detection(form, told, waits=waits)
    except Invalid as invalid:
        raise RestError(400, invalid.code, invalid.detail) from invalid
    if detect is not None and not waits and not url:
        request.warn(21262, "")
    return detect


def wish(request: RestRequest, form: dict[str, str]) -> Wish:
    """Return how a request wants a call recorded."""
    track = form.get("RecordingTrack", "both")
    return Wish(
        source="OutboundAPI",
        channels=2 if form.get("RecordingChannels") == "dual" else 1,
        track="inbound" if track == "inbound" else "outbound" if track == "outbound" else "both",
        trim=form.get("Trim", "trim-silence") == "trim-silence",
        callback=callback(request, form, "RecordingStatusCallback"),
    )


def whole(form: dict[str, str], name: str, default: int, code: int) -> int:
    """Return a parameter as a whole number."""
    value = form.get(name, "")
    if value and not value.isdecimal():
        raise RestError(400, code, f"{name} must be a whole number")
    return int(value) if value else default
