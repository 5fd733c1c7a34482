"""Threads as people work on them."""

from datetime import datetime
from uuid import UUID

from live.publish import publish
from messaging.models import Thread


class NotWaiting(Exception):
    """Nobody waits for an answer in this thread any more."""


def finish(thread_id: UUID, *, seen_until: datetime) -> None:
    """Say that a thread needs no answer; what came after `seen_until` still waits. Raises NotWaiting."""
    seen = Thread.objects.waiting().filter(pk=thread_id, last_at__lte=seen_until)
    if not seen.update(waits_since=None, unread=0):
        raise NotWaiting
    publish("texts", f"thread:{thread_id}")
