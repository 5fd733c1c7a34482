"""Messages and what hangs on them: create, list, fetch, take the words away, call back, delete."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from simulator.legs import Callback
from simulator.numbers import country, is_e164
from simulator.rest import shapes
from simulator.rest.media import befallen
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer, falls_in
from simulator.texting.messages import LONGEST_BODY, MOST_MEDIA, NOT_LEFT, ON_ITS_WAY, Medium, Message

CREATE = (
    "To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback", "ValidityPeriod", "SendAt",
    "ScheduleType", "ProvideFeedback", "Attempt", "ForceDelivery", "SmartEncoded", "PersistentAction", "ShortenUrls",
    "SendAsMms", "ContentRetention", "AddressRetention", "RiskCheck", "ApplicationSid", "ContentSid",
    "ContentVariables", "MaxPrice", "TrafficType", "MessageIntent",
)  # fmt: skip
NOT_EXECUTED = ("ApplicationSid", "ContentSid", "PersistentAction")
UPDATE = ("Body", "Status")
LONGEST_VALIDITY = 36_000
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=35)


def create(request: RestRequest) -> RestResponse:
    """Take a message; it is sent by itself."""
    form, board = request.parameters(CREATE), request.board
    for name in NOT_EXECUTED:
        if form.get(name):
            request.not_executed(name)
    to, from_, service = form.get("To", ""), form.get("From", ""), form.get("MessagingServiceSid", "")
    _check_ends(request, to, from_, service)
    body, media = form.get("Body", ""), [value for name, value in request.form if name == "MediaUrl" and value]
    _check_content(body, media)
    told = form.get("StatusCallback", "")
    if told and not _is_url(told):
        raise RestError(400, 21609)
    if board.texting.is_opted_out(from_, service, to):
        raise RestError(400, 21610)
    phone = board.phones.get(to)
    if phone is not None and phone.texts == "landline" and country(to) not in ("US", "CA"):
        raise RestError(400, 21614)  # in North America the carriers find out only later
    known = board.texting.services.get(service)
    message = board.texting.write(
        from_=from_,
        to=to,
        body=body,
        direction="outbound-api",
        service_sid=service,
        media_urls=media,
        callback=Callback(told or (known.status_callback if known else "")),
        send_at=_send_at(request, form),
        valid_seconds=_validity(form),
    )
    return answer(201, shapes.message(board, message))


def _check_ends(request: RestRequest, to: str, from_: str, service: str) -> None:
    board = request.board
    if not to:
        raise RestError(400, 21604)
    if not is_e164(to):
        raise RestError(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if not from_ and not service:
        raise RestError(400, 21603)
    if service and service not in board.texting.services:
        raise RestError(404, 21701)
    if service and not board.texting.services[service].numbers:
        raise RestError(400, 21704)
    if from_ and not is_e164(from_):
        raise RestError(400, 21212)
    if from_ and board.number(from_) is None:
        raise RestError(400, 21606)
    if from_ == to:
        raise RestError(400, 21266)


def _check_content(body: str, media: list[str]) -> None:
    if not body and not media:
        raise RestError(400, 21602)
    if len(body) > LONGEST_BODY:
        raise RestError(400, 21617)
    if len(media) > MOST_MEDIA:
        raise RestError(400, 21623)
    if not all(_is_url(url) for url in media):
        raise RestError(400, 21620)


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")


def _send_at(request: RestRequest, form: dict[str, str]) -> datetime | None:
    if not form.get("ScheduleType"):
        return None
    if not form.get("MessagingServiceSid"):
        raise RestError(400, 35118)
    try:
        moment = datetime.fromisoformat(form.get("SendAt", ""))
    except ValueError:
        raise RestError(400, 35111) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not SOONEST <= moment - request.board.clock.now() <= LATEST:
        raise RestError(400, 35114)
    return moment


def _validity(form: dict[str, str]) -> int:
    value = form.get("ValidityPeriod", "14400")
    if not value.isdecimal() or not 1 <= int(value) <= LONGEST_VALIDITY:
        raise RestError(400, 21624)
    return int(value)


def list_(request: RestRequest) -> RestResponse:
    """Return a page of the account's messages."""
    board, wanted = request.board, request.filters()

    def keep(message: Message) -> bool:
        return (
            wanted.get("To", message.to) == message.to
            and wanted.get("From", message.from_) == message.from_
            and falls_in(message.sent, wanted, "DateSent")
        )

    items = [message for message in board.texting.messages.values() if message.is_kept]
    return answer(200, page(request, "messages", items, lambda message: shapes.message(board, message), keep))


def fetch(request: RestRequest, sid: str) -> RestResponse:
    """Return one message."""
    return answer(200, shapes.message(request.board, _message(request, sid)))


def update(request: RestRequest, sid: str) -> RestResponse:
    """Take away what a message says, or call it back."""
    message, form = _message(request, sid), request.parameters(UPDATE)
    if form.get("Status"):
        if form["Status"] != "canceled":
            raise RestError(400, 20001, f"Status must be canceled, not {form['Status']}")
        if message.status not in NOT_LEFT:
            raise RestError(400, 30409)
        request.board.texting.cancel(message)
    if "Body" in form:
        if form["Body"]:
            raise RestError(400, 20001, "Body can only be emptied")
        if message.status in ON_ITS_WAY:
            raise RestError(409, 20009)
        message.body, message.updated = "", request.board.clock.now()
        request.board.changed()
    return answer(200, shapes.message(request.board, message))


def delete(request: RestRequest, sid: str) -> RestResponse:
    """Delete a message, with all that hangs on it."""
    message = _message(request, sid)
    if message.status in ON_ITS_WAY or request.held(sid, message.updated):
        raise RestError(409, 20009)
    del request.board.texting.messages[sid]
    request.board.changed()
    return answer(204, None)


def list_media(request: RestRequest, sid: str) -> RestResponse:
    """Return a page of what hangs on a message."""
    message, wanted = _message(request, sid), request.filters()

    def keep(medium: Medium) -> bool:
        return falls_in(medium.created, wanted, "DateCreated")

    return answer(
        200,
        page(request, "media_list", message.media, lambda medium: shapes.medium(request.board, message, medium), keep),
    )


def fetch_medium(request: RestRequest, sid: str, media_sid: str) -> RestResponse:
    """Return the description of one picture or the like."""
    message = _message(request, sid)
    return answer(200, shapes.medium(request.board, message, _medium(request, message, media_sid)))


def delete_medium(request: RestRequest, sid: str, media_sid: str) -> RestResponse:
    """Delete one picture or the like."""
    message = _message(request, sid)
    message.media.remove(_medium(request, message, media_sid))
    request.board.changed()
    return answer(204, None)


def show(request: RestRequest, sid: str, media_sid: str) -> RestResponse:
    """Return a picture itself. Nobody sees it without the account's credentials."""
    medium = _medium(request, _message(request, sid), media_sid)
    headers = {"Content-Type": medium.content_type, "Content-Length": str(len(medium.content))}
    return befallen(request, RestResponse(status=200, headers=headers, content=medium.content))


def _message(request: RestRequest, sid: str) -> Message:
    message = request.board.texting.messages.get(sid)
    if message is None or not message.is_kept:
        raise request.not_found()
    return message


def _medium(request: RestRequest, message: Message, sid: str) -> Medium:
    medium = next((medium for medium in message.media if medium.sid == sid), None)
    if medium is None:
        raise request.not_found()
    return medium
