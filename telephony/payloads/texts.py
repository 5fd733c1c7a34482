"""Requests about a text message: one that came in, and news of one that was sent. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from telephony.payloads.reading import MOST_MEDIA, NOWHERE, Form, Place, place, sid, whole


@dataclass(frozen=True, slots=True)
class IncomingMedia:
    """A picture or the like that came with a message. Its address names the message and the medium by their SIDs."""

    url: str = field(default="", repr=False)
    content_type: str = ""

    @property
    def sid(self) -> str:
        """The medium's own SID, or nothing where the address is not of Twilio's usual form."""
        last = self.url.partition("?")[0].rstrip("/").rpartition("/")[2]
        return last if last.startswith("ME") and len(last) == 34 else ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message to one of our numbers (Twilio's page "Twilio's request to your incoming message webhook").

    `opt_out_type` is STOP, START or HELP where a messaging service with Advanced Opt-Out has understood the message so
    and has answered it; without one Twilio blocks and answers all the same but does not say.
    """

    sid: str = ""
    account_sid: str = ""
    service_sid: str = ""
    from_number: str = ""
    to_number: str = ""
    body: str = field(default="", repr=False)
    media: tuple[IncomingMedia, ...] = ()
    num_segments: int | None = None
    status: str = ""
    opt_out_type: str = ""
    from_place: Place = NOWHERE
    to_place: Place = NOWHERE
    api_version: str = ""
    error_code: str = ""  # only at a fallback URL: why the first document failed,
    error_url: str = ""  # and which


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """News of a message that was sent (Twilio's page "Outbound message status in status callbacks").

    They may come late, twice and out of order. `done_at` is the minute in which the carrier had done with it.
    """

    sid: str = ""
    account_sid: str = ""
    service_sid: str = ""
    from_number: str = ""
    to_number: str = ""
    status: str = ""
    error_code: str = ""
    error_message: str = ""
    done_at: datetime | None = None


def incoming_message(form: Form) -> IncomingMessage:
    count = min(whole(form.get("NumMedia", "")) or 0, MOST_MEDIA)
    media = (IncomingMedia(form.get(f"MediaUrl{n}", ""), form.get(f"MediaContentType{n}", "")) for n in range(count))
    return IncomingMessage(
        sid=_message_sid(form),
        account_sid=sid(form, "AccountSid"),
        service_sid=sid(form, "MessagingServiceSid"),
        from_number=form.get("From", ""),
        to_number=form.get("To", ""),
        body=form.get("Body", ""),
        media=tuple(medium for medium in media if medium.url),
        num_segments=whole(form.get("NumSegments", "")),
        status=form.get("SmsStatus") or form.get("MessageStatus", ""),
        opt_out_type=form.get("OptOutType", "").upper(),
        from_place=place(form, "From"),
        to_place=place(form, "To"),
        api_version=form.get("ApiVersion", ""),
        error_code=form.get("ErrorCode", ""),
        error_url=form.get("ErrorUrl", ""),
    )


def message_status(form: Form) -> MessageStatus:
    return MessageStatus(
        sid=_message_sid(form),
        account_sid=sid(form, "AccountSid"),
        service_sid=sid(form, "MessagingServiceSid"),
        from_number=form.get("From", ""),
        to_number=form.get("To", ""),
        status=form.get("MessageStatus") or form.get("SmsStatus", ""),
        error_code=form.get("ErrorCode", ""),
        error_message=form.get("ErrorMessage", ""),
        done_at=_minute(form.get("RawDlrDoneDate", "")),
    )


def _message_sid(form: Form) -> str:
    return sid(form, "MessageSid") or sid(form, "SmsSid") or sid(form, "SmsMessageSid")


def _minute(text: str) -> datetime | None:
    """Read YYMMDDhhmm, as carriers report."""
    if not (text.isascii() and text.isdigit() and len(text) == 10):
        return None
    try:
        return datetime.strptime(text, "%y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
