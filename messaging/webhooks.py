"""Texts that come in, and news of those that were sent."""

from datetime import datetime
from uuid import UUID

from messaging import actions
from messaging.actions.observing import News
from messaging.actions.receiving import Verbs
from telephony import payloads
from telephony.webhooks import webhook


@webhook(payloads.incoming_message)
def inbound(message: payloads.IncomingMessage, *, at: datetime) -> Verbs:
    """Take in a text, and answer at once what is to be answered.

    https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    return actions.receive(message, at=at)


@webhook(payloads.incoming_message)
def fallback(message: payloads.IncomingMessage, *, at: datetime) -> Verbs:
    """Take in a text that the other page has failed on; one that it has kept gets the same answer.

    https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    return actions.receive(message, at=at)


@webhook(payloads.message_status)
def status(news: payloads.MessageStatus, *, at: datetime) -> None:
    """Take in news of a text that is known by its SID.

    https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
    """
    _observe(news, None, at=at)


@webhook(payloads.message_status)
def status_of(news: payloads.MessageStatus, *, message: UUID, at: datetime) -> None:
    """Take in news of one of our texts, whether or not we have learned its SID.

    https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
    """
    _observe(news, message, at=at)


def _observe(news: payloads.MessageStatus, message: UUID | None, *, at: datetime) -> None:
    if news.sid:
        actions.observe(News(news.sid, news.status, message=message, error_code=news.error_code), at=at)
