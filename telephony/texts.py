"""Text messages: what we ask of Twilio's page "Messages resource", and of the pictures that hang on a message.

Used by tasks alone, and never in a transaction. Raises what `telephony.client` raises.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from telephony import payloads
from telephony.client import Media, amount, ask, stream

# Twilio's reasons to refuse a message; the same codes come later as a message's `error_code`.
NO_SUCH_NUMBER = 21211
OPTED_OUT = 21610  # who is written to has sent STOP to the number or service that would write
NO_MOBILE = 21614
LANDLINE = 30006  # a landline, or a carrier that cannot be reached
BODY_TOO_LONG = 21617


@dataclass(frozen=True, slots=True)
class Message:
    """A text message as Twilio shows it.

    `num_segments` is 0 until a messaging service has chosen who sends. `price` is below zero; None until rated.
    """

    sid: str
    status: str
    to: str = ""
    from_number: str = ""
    service_sid: str = ""
    body: str = field(default="", repr=False)
    num_segments: int | None = None
    num_media: int | None = None
    price: Decimal | None = None
    price_unit: str = ""
    error_code: str = ""
    direction: str = ""
    created_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or the like on a message; what it shows is another request."""

    sid: str
    content_type: str = ""
    created_at: datetime | None = None


def create_message(
    *,
    to: str,
    from_number: str = "",
    service_sid: str = "",
    body: str = "",
    media_urls: Sequence[str] = (),
    status_callback: str = "",
) -> Message:
    """Send a message from a number of ours, or by a messaging service, which chooses one.

    Repeated only where Twilio has certainly done nothing: nobody should get it twice. Refused OPTED_OUT,
    NO_SUCH_NUMBER, NO_MOBILE or BODY_TOO_LONG, among others.
    """
    optional = {
        "from_": from_number or None,
        "messaging_service_sid": service_sid or None,
        "body": body or None,
        "media_url": list(media_urls) or None,
        "status_callback": status_callback or None,
    }
    given = {name: value for name, value in optional.items() if value is not None}
    return message_from(ask(lambda library: library.messages.create(to=to, **given), harmless=False))


def fetch_message(sid: str) -> Message:
    return message_from(ask(lambda library: library.messages(_path(sid)).fetch(), harmless=True))


def list_media(message_sid: str) -> list[Attachment]:
    """List a message's pictures and the like, of which it may have ten."""
    found: list[Any] = ask(
        lambda library: library.messages(_path(message_sid)).media.list(page_size=1000), harmless=True
    )
    return [Attachment(record.sid, record.content_type or "", record.date_created) for record in found]


@contextmanager
def stream_media(message_sid: str, media_sid: str, *, chunk_size: int = 64 * 1024) -> Iterator[Media]:
    """Open a picture or the like. `Refused` with status GONE: there is none any more.

    `Unreachable` may also come out of `chunks`, when the connection breaks in the middle.
    """
    path = f"Messages/{_path(message_sid)}/Media/{_path(media_sid)}"
    with stream(path, parameters={}, chunk_size=chunk_size) as media:
        yield media


def message_from(record: Any) -> Message:
    """Read a message out of the library's untyped record."""
    return Message(
        sid=record.sid,
        status=str(record.status or ""),
        to=record.to or "",
        from_number=record.from_ or "",
        service_sid=record.messaging_service_sid or "",
        body=record.body or "",
        num_segments=payloads.whole(record.num_segments or ""),
        num_media=payloads.whole(record.num_media or ""),
        price=amount(record.price),
        price_unit=(record.price_unit or "").upper(),
        error_code=str(record.error_code or ""),
        direction=str(record.direction or ""),
        created_at=record.date_created,
        sent_at=record.date_sent,
    )


def _path(part: str) -> str:
    return quote(part, safe="")
