"""How rows of texts are found, made and told of, for the actions beside."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

import phonenumbers
from celery import signature
from django.db import IntegrityError, transaction
from django.db.models import Model
from kombu.exceptions import OperationalError

from calls.actions import record_events
from calls.models import EventKind
from live.publish import publish
from messaging.models import Message, Sender, Thread
from messaging.signals import message_changed
from messaging.states import State

logger = logging.getLogger(__name__)


def thread_between(sender: Sender, number: str, *, at: datetime) -> Thread:
    """Find or make the thread of two numbers, and lock it."""
    rows = Thread.objects.select_for_update(no_key=True)
    if found := rows.filter(sender=sender, number=number).first():
        found.sender = sender  # nobody has to read it again
        return found
    try:
        with transaction.atomic():
            return Thread.objects.create(
                sender=sender, number=number, queue_id=sender.queue_id, began_at=at, last_at=at
            )
    except IntegrityError:  # another was first
        return rows.get(sender=sender, number=number)


def locked(message_id: UUID) -> Message | None:
    rows = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("thread__sender")
    return rows.filter(pk=message_id).first()


def change(row: Model, **changes: object) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))


def tell(message: Message, *, at: datetime, what: str = "") -> None:
    """Tell open pages, the packages above, and with `what` the history of the call that the text is about."""
    publish(*topics_of(message))
    if what and message.call_id is not None:
        data = {"message": str(message.pk), "what": what, "why": message.why}
        data |= {"rule": message.rule} if message.state == State.NOT_SENT else {}
        record_events(message.call_id, [(EventKind.TEXT, data)], at=at)
    message_changed.send(sender=Message, message=message, at=at)


def topics_of(message: Message) -> list[str]:
    return ["texts", f"thread:{message.thread_id}"] if message.thread_id else ["texts"]


def country_of(number: str) -> str:
    """Give the two letters of a number's country; "" where nobody knows."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def afterwards(task: str, subject: UUID, *, countdown: float = 0) -> None:
    """Let a task of this app run after the commit. By name, because tasks call actions, and not the other way round."""
    transaction.on_commit(partial(_begin, f"messaging.tasks.{task}", str(subject), countdown))


def _begin(task: str, subject: str, countdown: float) -> None:
    try:
        signature(task, args=[subject]).apply_async(countdown=countdown)
    except OperationalError as error:  # the sweep finds in the rows what could not be announced
        logger.warning("%s could not be announced: %s", task, type(error).__name__)
