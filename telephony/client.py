"""The few REST requests that we make, typed. Used by tasks alone, and never in a transaction.

`Refused` means that Twilio has understood and said no. `Unreachable` means that nobody knows what Twilio thinks, or
that it had no time for us; `maybe_done` tells whether the request may have been carried out all the same.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import quote

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from telephony import pace, payloads
from telephony.transport import Failed, client_for, never_connected, session, timeout

Result = TypeVar("Result")
Detection: TypeAlias = Literal["", "Enable", "DetectMessageEnd"]

# Pauses before the second, third and fourth try; each is drawn between half and the whole of it, so that processes that
# were refused together do not come back together.
PAUSES = (0.4, 0.8, 1.6)

GONE = 404
TOO_MANY = 429
NOT_IN_PROGRESS = 21220  # what was asked of a call needs it to be live
NOT_FINISHED = 20009  # what was to be deleted is live, or Twilio has not done with it: try again later


class Refused(Exception):
    """Twilio's no, with its error code (docs: www.twilio.com/docs/api/errors) and the HTTP status."""

    def __init__(self, code: int, status: int, message: str) -> None:
        super().__init__(f"{code} ({status}): {message}")
        self.code = code
        self.status = status
        self.message = message


class Unreachable(Exception):
    """No answer that means anything."""

    def __init__(self, message: str, *, maybe_done: bool) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done


@dataclass(frozen=True, slots=True)
class Call:
    """A call as Twilio's "Calls resource" shows it."""

    sid: str
    status: str
    parent_sid: str = ""
    account_sid: str = ""
    from_number: str = ""
    to_number: str = ""
    direction: str = ""
    answered_by: str = ""
    forwarded_from: str = ""
    caller_name: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    price: Decimal | None = None  # what it cost us, below zero; None until Twilio has rated it,
    price_unit: str = ""  # and in which currency (ISO 4217)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the account. Twilio ignores its URLs when it belongs to an application, and all of it in a trunk."""

    sid: str
    number: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = ""
    voice_fallback_url: str = ""
    status_callback: str = ""
    voice_application_sid: str = ""
    sms_url: str = ""
    sms_fallback_url: str = ""
    sms_application_sid: str = ""
    trunk_sid: str = ""
    capabilities: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording's description; its audio is another request."""

    sid: str
    status: str
    call_sid: str = ""
    conference_sid: str = ""
    source: str = ""
    error_code: str = ""
    channels: int | None = None
    seconds: int | None = None
    started_at: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """Audio or a picture on its way. `length` is what Twilio announced, where it did."""

    content_type: str
    length: int | None
    chunks: Iterator[bytes]


def create_call(
    *,
    to: str,
    from_number: str,
    url: str,
    fallback_url: str = "",
    status_callback: str = "",
    status_events: Sequence[str] = ("initiated", "ringing", "answered", "completed"),
    ring_seconds: int | None = None,
    time_limit: int | None = None,
    machine_detection: Detection = "",
    machine_callback: str = "",
) -> Call:
    """Ring somebody. Repeated only where Twilio has certainly done nothing: two calls would be worse than none.

    With `machine_detection` Twilio finds out beside the call who answered (page "Answering machine detection", always
    its asynchronous kind: nobody hears silence meanwhile), and tells `machine_callback` (payloads.MachineDetection).
    """
    optional = {
        "fallback_url": fallback_url or None,
        "status_callback": status_callback or None,
        "status_callback_event": list(status_events) if status_callback else None,
        "timeout": ring_seconds,
        "time_limit": time_limit,
    }
    if machine_detection:
        optional |= {
            "machine_detection": machine_detection,
            "async_amd": "true",
            "async_amd_status_callback": machine_callback,
            "async_amd_status_callback_method": "POST",
        }
    given = {name: value for name, value in optional.items() if value is not None}
    time.sleep(pace.book_call(per_second=settings.TWILIO_CALLS_PER_SECOND))
    return call_from(
        ask(lambda client: client.calls.create(to=to, from_=from_number, url=url, **given), harmless=False)
    )


def fetch_call(sid: str) -> Call:
    return call_from(ask(lambda client: client.calls(quote(sid, safe="")).fetch(), harmless=True))


def update_call(sid: str, *, url: str = "", twiml: str = "", status: str = "") -> Call:
    """Move a live call to another document, or end it by `status="completed"`. Refused NOT_IN_PROGRESS: it is over.

    Only ending is repeated after an unclear answer; a second move would start the document again.
    """
    given = {name: value for name, value in {"url": url, "twiml": twiml, "status": status}.items() if value}
    return call_from(
        ask(lambda client: client.calls(quote(sid, safe="")).update(**given), harmless=set(given) == {"status"})
    )


def delete_call(sid: str) -> None:
    """Delete a finished call from Twilio's records; its recordings stay. One that is gone already is as good.

    Refused NOT_FINISHED: it is live, or (rarely, for up to 14 days) Twilio still holds on to it.
    """
    _delete(lambda client: client.calls(quote(sid, safe="")))


def list_numbers() -> list[Number]:
    return [
        _number(record)
        for record in ask(lambda client: client.incoming_phone_numbers.list(page_size=1000), harmless=True)
    ]


def update_number(
    sid: str,
    *,
    voice_url: str,
    voice_fallback_url: str,
    status_callback: str,
    sms_url: str = "",
    sms_fallback_url: str = "",
) -> Number:
    """Say where the number's calls go, and with `sms_url` its texts too.

    A number's application is taken off it: it would win over the URLs.
    """
    texts = {
        "sms_url": sms_url,
        "sms_method": "POST",
        "sms_fallback_url": sms_fallback_url,
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
    }
    return _number(
        ask(
            lambda client: client.incoming_phone_numbers(quote(sid, safe="")).update(
                voice_url=voice_url,
                voice_method="POST",
                voice_fallback_url=voice_fallback_url,
                voice_fallback_method="POST",
                status_callback=status_callback,
                status_callback_method="POST",
                voice_application_sid="",
                **(texts if sms_url else {}),
            ),
            harmless=True,
        )
    )


def fetch_recording(sid: str) -> Recording:
    return recording_from(ask(lambda client: client.recordings(quote(sid, safe="")).fetch(), harmless=True))


def delete_recording(sid: str) -> None:
    """Delete the audio at Twilio, for good. One that is gone already is as good. Refused NOT_FINISHED: it runs."""
    _delete(lambda client: client.recordings(quote(sid, safe="")))


def recording_is_gone(sid: str) -> bool:
    """Tell whether Twilio has no audio of it any more; what it still keeps of a deleted one are length and dates."""
    try:
        return fetch_recording(sid).status == "deleted"
    except Refused as refusal:
        if refusal.status != GONE:
            raise
        return True


@contextmanager
def stream_recording(
    sid: str, *, chunk_size: int = 64 * 1024, requested_channels: int | None = None
) -> Iterator[Media]:
    """Open a recording's audio as WAV. `Refused` with status GONE: there is none, or not yet.

    `requested_channels=1` lets Twilio mix two channels into one; 2 is refused for a recording that has but one.
    `Unreachable` may also come out of `chunks`, when the connection breaks in the middle.
    """
    given = {"RequestedChannels": requested_channels} if requested_channels is not None else {}
    with stream(f"Recordings/{quote(sid, safe='')}.wav", parameters=given, chunk_size=chunk_size) as media:
        yield media


@contextmanager
def stream(path: str, *, parameters: Mapping[str, int], chunk_size: int) -> Iterator[Media]:
    """Open what lies at a path of the account, and is no JSON."""
    base = settings.TWILIO_API_BASE_URL or _client().get_hostname("https://api.twilio.com")
    address = f"{base}/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/{path}"

    def opened(_library: Client) -> requests.Response:
        # Twilio may send us on to its storage; requests leaves our credentials behind then.
        reply = session().get(address, params=parameters, auth=_credentials(), stream=True, timeout=timeout())
        if reply.status_code != 200:
            with reply:
                raise Failed(reply)
        return reply

    with ask(opened, harmless=True) as reply:
        length = reply.headers.get("Content-Length", "")
        yield Media(
            content_type=reply.headers.get("Content-Type", ""),
            length=int(length) if length.isdigit() and "Content-Encoding" not in reply.headers else None,
            chunks=_chunks(reply, chunk_size),
        )


def _chunks(reply: requests.Response, size: int) -> Iterator[bytes]:
    try:
        yield from reply.iter_content(size)
    except requests.RequestException as error:
        raise Unreachable(f"it broke off: {type(error).__name__}", maybe_done=False) from error


def _delete(of: Callable[[Client], Any]) -> None:
    try:
        ask(lambda client: of(client).delete(), harmless=True)
    except Refused as refusal:
        if refusal.status != GONE:
            raise


def ask(request: Callable[[Client], Result], *, harmless: bool) -> Result:
    """Make a request within the shared cap; repeat it where that is certain to do no harm.

    Raises Refused and Unreachable.
    """
    for pause in (*PAUSES, None):
        try:
            with pace.place(settings.TWILIO_CONCURRENCY):
                return request(_client())
        except (Failed, TwilioException, requests.RequestException, pace.Crowded) as error:
            failure = _failure(error)
            again = isinstance(failure, Unreachable) and (harmless or not failure.maybe_done)
            if pause is None or not again or isinstance(error, pace.Crowded):  # which has waited long enough
                raise failure from error
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
    raise AssertionError("the last try either returns or raises")


def _failure(error: Exception) -> Refused | Unreachable:
    match error:
        case pace.Crowded():
            return Unreachable("too many of our own requests are under way", maybe_done=False)
        case requests.ConnectionError() if never_connected(error):
            return Unreachable("no connection", maybe_done=False)
        case requests.RequestException():
            # Whether a lost connection was lost before or after the request, nobody can tell.
            return Unreachable(f"no answer: {type(error).__name__}", maybe_done=True)
        case Failed(status=status) if status == TOO_MANY:
            return Unreachable("Twilio has no time for us (429)", maybe_done=False)
        case Failed(status=status) if status >= 500:
            return Unreachable(f"Twilio is in trouble ({status})", maybe_done=True)
        case Failed():
            return Refused(error.code, error.status, error.message)
        case _:
            return Unreachable(f"an answer that cannot be read: {type(error).__name__}", maybe_done=True)


def _credentials() -> tuple[str, str]:
    if settings.TWILIO_API_KEY:
        return settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET
    return settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN


def _client() -> Client:
    return client_for(
        settings.TWILIO_ACCOUNT_SID,
        *_credentials(),
        settings.TWILIO_API_BASE_URL,
        settings.TWILIO_EDGE,
        settings.TWILIO_REGION,
    )


def call_from(record: Any) -> Call:
    """Read a call out of the library's untyped record."""
    return Call(
        sid=record.sid,
        status=record.status or "",
        parent_sid=record.parent_call_sid or "",
        account_sid=record.account_sid or "",
        # `from` is no name in Python: the library gives the field an underscore
        from_number=record._from or "",
        to_number=record.to or "",
        direction=record.direction or "",
        answered_by=record.answered_by or "",
        forwarded_from=record.forwarded_from or "",
        caller_name=record.caller_name or "",
        started_at=record.start_time,
        ended_at=record.end_time,
        seconds=_whole(record.duration),
        price=amount(record.price),
        price_unit=(record.price_unit or "").upper(),
    )


def _number(record: Any) -> Number:
    return Number(
        sid=record.sid,
        number=record.phone_number or "",
        friendly_name=record.friendly_name or "",
        voice_url=record.voice_url or "",
        voice_method=record.voice_method or "",
        voice_fallback_url=record.voice_fallback_url or "",
        status_callback=record.status_callback or "",
        voice_application_sid=record.voice_application_sid or "",
        sms_url=record.sms_url or "",
        sms_fallback_url=record.sms_fallback_url or "",
        sms_application_sid=record.sms_application_sid or "",
        trunk_sid=record.trunk_sid or "",
        capabilities={str(name): bool(can) for name, can in (record.capabilities or {}).items()},
    )


def recording_from(record: Any) -> Recording:
    """Read a recording out of the library's untyped record, whichever of Twilio's pages it comes from."""
    return Recording(
        sid=record.sid,
        status=record.status or "",
        call_sid=record.call_sid or "",
        conference_sid=record.conference_sid or "",
        source=str(record.source or ""),
        error_code=str(record.error_code or ""),
        channels=_whole(record.channels),
        seconds=_whole(record.duration),
        started_at=record.start_time,
        created_at=record.date_created,
    )


def _whole(value: object) -> int | None:
    return payloads.whole(str(value)) if value is not None else None


def amount(value: object) -> Decimal | None:
    """Read an amount of money; None where there is none yet."""
    try:
        return Decimal(str(value)) if value is not None else None
    except InvalidOperation:
        return None
