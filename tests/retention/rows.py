"""Recordings, calls and deliveries that a rule may end, so many days old."""

from datetime import timedelta
from typing import Any

from agents.models import User
from calls.models import Call, CallEvent, EventKind
from compliance.models import Scope
from compliance.states import Subject
from crm.models import Delivery as EventDelivery
from crm.models import Event, Subscription, Try
from crm.states import DeliveryState
from messaging.models import Message, Sender, Thread
from recordings.models import Recording, Transcript
from recordings.states import CopyKind, State
from telephony.models import Delivery
from tests.calls.factories import AT, make_call, new_sid
from tests.messaging.factories import make_received
from tests.recordings.factories import make_copy, make_recording

DAY = timedelta(days=1)


def recording(days: float = 60, **fields: Any) -> Recording:
    """A recording of a talk, without files."""
    if "call" not in fields:
        fields["call"] = call(days)
    made = {"announced_at": AT - days * DAY, "state": State.STORED, "subject": Subject.CONVERSATION, "cleared_at": AT}
    return make_recording(**(made | fields))


def call(days: float = 60, *, queue: Any = None, number: str = "", **fields: Any) -> Call:
    """A customer's call that is over, with what the rules ask of it and a history."""
    at = AT - days * DAY
    made = make_call(**({"started_at": at, "status": "completed", "ended_at": at} | fields))
    Scope.objects.create(call=made, number=number, queue=queue, direction="inbound", queues=[])
    CallEvent.objects.create(call=made, at=at, kind=EventKind.SPOKE, data={"text": "Hello"})
    return made


def delivery(days: float = 60, **fields: Any) -> Delivery:
    made = {"identity": new_sid("ID"), "path": "/voice/inbound", "received_at": AT - days * DAY}
    return Delivery.objects.create(**(made | fields))


def text(days: float = 60, number: str = "+14155550123", **fields: Any) -> Message:
    """A text of theirs, in a thread of its own."""
    at = AT - days * DAY
    sender, _made = Sender.objects.get_or_create(number="+15005550100")
    thread, _made = Thread.objects.get_or_create(sender=sender, number=number, defaults={"began_at": at, "last_at": at})
    return make_received(thread, at=at, **fields)


def sent(days: float = 60, **fields: Any) -> EventDelivery:
    """An event with its place in the feed, that was sent to somebody."""
    at = AT - days * DAY
    position = Event.objects.count() + 1
    event = Event.objects.create(
        type="call.ended", version=1, occurred_at=at, position=position, data={"number": "+14155550123"}, **fields
    )
    owner, _made = User.objects.get_or_create(username="subscriber")
    made = {"owner": owner, "name": "CRM", "url": "https://crm.example.com", "secret": "", "created_at": at}
    subscription, _made = Subscription.objects.get_or_create(name="CRM", defaults=made)
    delivery = EventDelivery.objects.create(
        event=event,
        subscription=subscription,
        conversation=event.conversation,
        position=position,
        state=DeliveryState.DELIVERED,
        due_at=at,
        made_at=at,
    )
    Try.objects.create(delivery=delivery, number=1, at=at, milliseconds=5, request_body="{}", status=204)
    return delivery


def transcript(of: Recording) -> Transcript:
    return Transcript.objects.create(recording=of, provider="fake", made_at=AT, recorded_at=AT, text="Hello")


def redacted(of: Recording) -> None:
    make_copy(of, b"sound", CopyKind.REDACTED)
