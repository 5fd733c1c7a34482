"""Coming into a queue, being moved in it, and going out of it without having been talked to."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from agents.models import User
from calls.models import Call, EventKind
from compliance.actions import consent
from conferences import actions as conferences
from conferences.room import Fate
from contacts.reading import points
from queues import facts
from queues.actions import callbacks
from queues.actions.entries import announce, locked, step, tell
from queues.estimate import Band, not_rising
from queues.models import Entry, Queue
from queues.signals import entry_joined, line_changed
from queues.states import EntryState

logger = logging.getLogger(__name__)


class Full(Exception):
    """As many people wait in the queue as it takes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody who waits may be told now; None is what is better not said."""

    position: int | None
    minutes: Band | None


@transaction.atomic
def join(
    queue_id: int,
    *,
    call_id: UUID,
    language: str,
    priority: int = 0,
    onward: str,
    at: datetime,
    is_first: bool = False,
) -> Entry:
    """Put a call into a queue, or give the place that it has there already.

    Who had asked to be called back from this queue, or comes back to it in the same call, goes on with that place.
    A VIP's own points are added to `priority`. Raises Full.
    """
    call, queue = Call.objects.get(pk=call_id), Queue.objects.get(pk=queue_id)
    present = Entry.objects.live().filter(call=call).select_related("queue").first()
    if present is not None and present.queue_id == queue_id:
        return _stay(present, onward)
    if queue.most_waiting is not None and not is_first and _waiting(queue) >= queue.most_waiting:
        raise Full(f"{queue} is full")
    if present is not None:
        leave(call_id, why="went to another queue", at=at)
    kept = callbacks.cancel_for_number(call.other_end, queue_id=queue_id, at=at)
    entry = Entry(
        queue=queue,
        call=call,
        language=language,
        priority=priority + points(call.other_end),
        is_first=is_first,
        onward=onward,
        joined_at=at,
        aged_from=min(kept or at, _left_before(call, queue) or at),
    )
    try:
        with transaction.atomic():
            return enter(entry, at=at)
    except IntegrityError:  # the same request twice, at the same time
        return Entry.objects.live().get(call=call)


def _left_before(call: Call, queue: Queue) -> datetime | None:
    """Tell since when somebody had waited who left this queue by a key, and found that the other way led nowhere."""
    left = Entry.objects.filter(call=call, queue=queue, state=EntryState.LEFT)
    return left.order_by("-joined_at").values_list("aged_from", flat=True).first()


def enter(entry: Entry, *, at: datetime, why: str = "") -> Entry:
    """Store a new entry at its place in the line."""
    entry.position = Entry.objects.ahead_of(entry).count() + 1
    entry.save(force_insert=True)
    if entry.call_id is not None:
        consent.enter_queue(entry.call_id, entry.queue_id, language=entry.language, at=at)
    tell(entry, EventKind.QUEUED, {"queue": entry.queue.name, "position": entry.position, "why": why}, at=at)
    entry_joined.send(sender=Entry, entry=entry, why=why, at=at)
    announce(entry)
    line_changed.send(sender=Entry)
    return entry


@transaction.atomic
def leave(call_id: UUID, *, why: str, at: datetime) -> bool:
    """Take a call out of its queue because the caller chose so, and return whether it was waiting; `why` in words."""
    return _go(call_id, EntryState.LEFT, why=why, at=at)


@transaction.atomic
def time_out(call_id: UUID, *, at: datetime) -> bool:
    """Take a call out of its queue because it waited too long, unless somebody is being rung for it right now."""
    waits = Entry.objects.filter(call=call_id, state=EntryState.WAITING)
    return waits.exists() and _go(call_id, EntryState.TIMED_OUT, why="waited too long", at=at)


@transaction.atomic
def call_over(call_id: UUID, *, at: datetime) -> None:
    """Note that a caller who still waited is gone."""
    _go(call_id, EntryState.ABANDONED, why="hung up", at=at)


@transaction.atomic
def move(entry_id: UUID, queue_id: int, *, by: User | None, at: datetime) -> Entry:
    """Let somebody who waits do so in another queue, with the time that they have waited already.

    Who has been accepted meanwhile, or is gone, or is to be called back, stays where they are.
    """
    entry = locked(entry_id)
    waits = entry.state in (EntryState.WAITING, EntryState.OFFERED)
    if not waits or entry.queue_id == queue_id or entry.call_id is None:
        return entry
    why = f"moved by {by}" if by else "moved"
    step(entry, EntryState.LEFT, at=at, why=why)
    _give_up(entry, at)
    return enter(_successor(entry, queue_id, at), at=at, why=why)


def succeed(entry: Entry, queue_id: int, *, why: str, at: datetime) -> Entry:
    """Let somebody who was sent on by an agent wait in that queue, before all who were not talked to yet."""
    successor = _successor(entry, queue_id, at)
    successor.is_first = True
    return enter(successor, at=at, why=why)


@transaction.atomic
def pull_forward(entry_id: UUID, *, by: User, at: datetime) -> None:
    """Let somebody who waits be served before all others."""
    entry = locked(entry_id)
    if entry.state != EntryState.WAITING or entry.is_first:
        return
    entry.is_first = True
    entry.save(update_fields=["is_first"])
    tell(entry, EventKind.QUEUED, {"queue": entry.queue.name, "position": 1, "why": f"pulled forward by {by}"}, at=at)
    announce(entry)
    line_changed.send(sender=Entry)


@transaction.atomic
def tell_wait(call_id: UUID, *, at: datetime) -> Told:
    """Give what the caller may be told of the wait, and remember it: neither number ever grows for one caller."""
    found = Entry.objects.waiting().filter(call=call_id).values_list("pk", flat=True).first()
    if found is None:
        return Told(None, None)
    entry = locked(found)  # with its conversation: the same request may yet lead out of the queue
    if entry.state not in (EntryState.WAITING, EntryState.OFFERED):
        return Told(None, None)
    position = facts.position(entry)
    minutes = not_rising(facts.estimate(entry, position, at=at), entry.told_minutes)
    told: dict[str, int] = {}
    if entry.told_position is None or position <= entry.told_position:
        told["told_position"] = position
    if minutes is not None:
        told["told_minutes"] = minutes.high
    for name, value in told.items():
        setattr(entry, name, value)
    if told:
        entry.save(update_fields=list(told))
    return Told(told.get("told_position"), minutes)


def _waiting(queue: Queue) -> int:
    return Entry.objects.waiting().filter(queue=queue).count()


def _stay(entry: Entry, onward: str) -> Entry:
    if entry.onward != onward:
        entry.onward = onward
        entry.save(update_fields=["onward"])
    return entry


def _go(call_id: UUID, state: EntryState, *, why: str, at: datetime) -> bool:
    """End the wait of a call, and all that goes on for it."""
    found = Entry.objects.waiting().filter(call=call_id).values_list("pk", flat=True).first()
    if found is None:
        return False
    entry = locked(found)
    if entry.state not in (EntryState.WAITING, EntryState.OFFERED):
        return False
    step(entry, state, at=at, why=why)
    _give_up(entry, at)
    return True


def _give_up(entry: Entry, at: datetime) -> None:
    """Let those go who are rung for somebody, whose conversation will not come about."""
    if entry.conference_id is not None:
        conferences.close(entry.conference_id, Fate.GONE, at=at)


def _successor(entry: Entry, queue_id: int, at: datetime) -> Entry:
    return Entry(
        queue=Queue.objects.get(pk=queue_id),
        call=entry.call,
        callback=entry.callback,
        language=entry.language,
        priority=entry.priority,
        is_first=entry.is_first,
        onward=entry.onward,
        joined_at=at,
        aged_from=entry.aged_from,
        not_before=entry.not_before,
    )
