"""The form fields of webhooks about texts."""

from datetime import datetime

from simulator.numbers import geography
from simulator.texting.messages import Message


def incoming_fields(account_sid: str, message: Message, *, media_base: str, opt_out: str) -> dict[str, str]:
    """Return what comes with a text to one of the account's numbers; `media_base` is where its pictures lie."""
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "Body": message.body,
        "From": message.from_,
        "MessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
    }
    fields |= geography("From", message.from_) | geography("To", message.to)
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if opt_out:
        fields["OptOutType"] = opt_out
    for place, medium in enumerate(message.media):
        fields[f"MediaContentType{place}"] = medium.content_type
        fields[f"MediaUrl{place}"] = f"{media_base}/{message.sid}/Media/{medium.sid}"
    return fields


def status_fields(account_sid: str, message: Message, now: datetime) -> dict[str, str]:
    """Return what a status callback tells; a carrier's report has the minute in which it was made."""
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "From": message.from_,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if message.error_code is not None:
        fields |= {"ErrorCode": str(message.error_code), "ErrorMessage": message.error_message or ""}
    if message.status in ("delivered", "undelivered"):
        fields["RawDlrDoneDate"] = now.strftime("%y%m%d%H%M")
    return fields
