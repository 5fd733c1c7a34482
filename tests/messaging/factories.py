"""Texts for tests, each with defaults that make sense."""

from typing import Any

from messaging.models import FallbackRule, Keyword, Media, Message, Sender, Thread
from messaging.states import Direction, State, Why
from tests.calls.factories import AT, new_sid

OURS, THEIRS = "+15005550100", "+14155550123"


def make_sender(number: str = OURS, **fields: Any) -> Sender:
    return Sender.objects.create(number=number, **fields)


def make_thread(sender: Sender | None = None, number: str = THEIRS, **fields: Any) -> Thread:
    sender = sender or Sender.objects.filter(number=OURS).first() or make_sender()
    return Thread.objects.create(**({"sender": sender, "number": number, "began_at": AT, "last_at": AT} | fields))


def make_message(thread: Thread | None = None, **fields: Any) -> Message:
    """Make a text of ours that Twilio has."""
    defaults = {
        "thread": thread or make_thread(),
        "sid": new_sid("SM"),
        "direction": Direction.OUT,
        "state": State.ASKED,
        "status": "sent",
        "why": Why.AGENT,
        "body": "Your parcel is here.",
        "at": AT,
        "heard_at": AT,
    }
    return Message.objects.create(**(defaults | fields))


def make_received(thread: Thread | None = None, body: str = "Where is my parcel?", **fields: Any) -> Message:
    defaults = {"direction": Direction.IN, "state": State.RECEIVED, "status": "received", "why": "", "body": body}
    return make_message(thread, **(defaults | fields))


def make_media(message: Message | None = None, **fields: Any) -> Media:
    defaults = {"message": message or make_received(), "sid": new_sid("ME"), "announced_at": AT}
    return Media.objects.create(**(defaults | {"content_type": "image/png"} | fields))


def make_keyword(word: str = "HOURS", reply: str = "We are here from 9 to 5.", **fields: Any) -> Keyword:
    return Keyword.objects.create(word=word, reply=reply, **fields)


def make_rule(name: str = "Sorry", **fields: Any) -> FallbackRule:
    return FallbackRule.objects.create(name=name, **({"body": "Sorry that we missed you."} | fields))
