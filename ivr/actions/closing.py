"""Closing at once, and opening again. What is closed opens by itself at its moment: nothing has to run for that."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agents.models import User
from ivr.models import Closure, ClosureEvent, Prompt, Schedule
from live.publish import publish

TELLING_LEASE = timedelta(minutes=5)
#: what desks and boards hear of, which say what is closed
TOPIC = "hours"

logger = logging.getLogger(__name__)


class NotClosed(Exception):
    """Nothing was closed. The message is for a person."""


def close(
    schedules: Collection[int],
    *,
    key: UUID,
    by: User | None,
    reason: str,
    until: datetime | None,
    message: str = "",
    language: str = "",
    prompt: Prompt | None = None,
    at: datetime,
) -> Closure:
    """Close schedules from `at` on, until a moment or, with None, until somebody opens them. Raises NotClosed.

    The same `key` closes once, however often it is sent. Several closures stand beside each other: a place is closed
    while any of them lasts.
    """
    rows = list(Schedule.objects.filter(pk__in=schedules))
    if not rows:
        raise NotClosed("Choose at least one of the opening hours.")
    if until is not None and until <= at:
        raise NotClosed("That moment is over: choose a later one to open again.")
    with transaction.atomic():
        closure, is_new = Closure.objects.get_or_create(
            key=key,
            defaults={
                "began_at": at,
                "began_by": by,
                "reason": reason,
                "message": message,
                "language": language,
                "prompt": prompt,
                "ends_at": until,
            },
        )
        if is_new:
            closure.schedules.set(rows)
            _note(closure, ClosureEvent.What.CLOSED, by=by, ends_at=until, at=at)
            publish(TOPIC)
    if is_new:
        logger.warning("%d schedules are closed at once by %s until %s", len(rows), by, until or "they are opened")
    return closure


def move(closure: Closure, *, until: datetime | None, by: User | None, at: datetime) -> bool:
    """Let a closure end at another moment, or with None not by itself; False where it is over. Raises NotClosed."""
    if until is not None and until <= at:
        raise NotClosed("That moment is over: choose a later one, or open now.")
    with transaction.atomic():
        won = Closure.objects.lasting(at=at).filter(pk=closure.pk).update(ends_at=until, told_at=at)
        if won:
            _note(closure, ClosureEvent.What.MOVED, by=by, ends_at=until, at=at)
            publish(TOPIC)
    return won == 1


def open_again(closure: Closure, *, by: User | None, at: datetime) -> bool:
    """End a closure now; False where somebody else has, or where it ended by itself."""
    with transaction.atomic():
        lasting = Closure.objects.lasting(at=at).filter(pk=closure.pk)
        won = lasting.update(opened_at=at, opened_by=by, is_over_told=True)
        if won:
            _note(closure, ClosureEvent.What.OPENED, by=by, ends_at=None, at=at)
            publish(TOPIC)
    return won == 1


def claim_reminder(closure: Closure, *, at: datetime) -> bool:
    """Claim telling people of a closure; False where somebody else tells them, or it has changed since it was read."""
    free = Closure.objects.exclude(telling_at__gt=at - TELLING_LEASE)
    as_read = free.filter(pk=closure.pk, told_at=closure.told_at, ends_at=closure.ends_at, opened_at=closure.opened_at)
    return as_read.filter(is_over_told=False).update(telling_at=at) == 1


def note_reminded(closure: Closure, *, is_over: bool, at: datetime) -> None:
    """Note that people were told that a closure lasts, or that it has ended by itself."""
    what = ClosureEvent.What.ENDED if is_over else ClosureEvent.What.REMINDED
    with transaction.atomic():
        Closure.objects.filter(pk=closure.pk).update(told_at=at, telling_at=None, is_over_told=is_over)
        _note(
            closure, what, by=None, ends_at=closure.ends_at, at=closure.ends_at if is_over and closure.ends_at else at
        )


def _note(
    closure: Closure, what: ClosureEvent.What, *, by: User | None, ends_at: datetime | None, at: datetime
) -> None:
    ClosureEvent.objects.create(closure=closure, at=at, by=by, what=what, ends_at=ends_at)
