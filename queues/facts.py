"""Reads what flows, desks and boards ask about queues into plain data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agents.models import Agent
from agents.presence import ALIVE
from agents.states import Chosen
from queues.estimate import RECENT, Band, Wait, band
from queues.models import Entry, Membership, Queue
from queues.states import ENTRY_LIVE, EntryState

SAMPLE = 200  # the last so many waits are enough to estimate by


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands: its present entry, or the last where it has none.

    `position`: 1 is next; 0 for who does not wait any more. `destination`: where the conversation sent the caller on
    to (`step:<flow>:<step>`, `queue:<id>`), "" for nowhere.
    """

    state: EntryState
    queue_id: int
    queue: str
    position: int
    waited: timedelta
    is_first: bool
    destination: str


@dataclass(frozen=True, slots=True)
class Status:
    """`staffed`: members at their desks who take calls, busy or not. `ready`: those who could be rung right now.

    `longest_wait`: of who waits now.
    """

    name: str
    waiting: int
    most_waiting: int | None
    staffed: int
    ready: int
    longest_wait: timedelta

    @property
    def is_full(self) -> bool:
        return self.most_waiting is not None and self.waiting >= self.most_waiting


def standing_of(call_id: UUID, *, at: datetime) -> Place | None:
    """Tell where a call stands, None for one that never was in a queue."""
    rows = Entry.objects.filter(call=call_id).select_related("queue", "conference")
    entry = rows.filter(state__in=ENTRY_LIVE).first() or rows.order_by("-joined_at", "-ended_at").first()
    if entry is None:
        return None
    waits = entry.state in (EntryState.WAITING, EntryState.OFFERED)
    return Place(
        state=EntryState(entry.state),
        queue_id=entry.queue_id,
        queue=entry.queue.name,
        position=position(entry) if waits else 0,
        waited=(entry.answered_at or entry.ended_at or at) - entry.joined_at,
        is_first=entry.is_first,
        destination=entry.conference.destination if entry.conference else "",
    )


def position(entry: Entry) -> int:
    """Give the place in the line of somebody who waits; those who are to be called back count as well."""
    return Entry.objects.ahead_of(entry).count() + 1


def estimate(entry: Entry, position: int, *, at: datetime) -> Band | None:
    """Estimate how long somebody at this place will wait, by those whom the queue has served lately."""
    served = Entry.objects.filter(
        queue=entry.queue_id,
        call__isnull=False,
        callback__isnull=True,
        joined_at__gt=at - RECENT,
        answered_at__isnull=False,
    )
    recent = served.order_by("-joined_at").values_list("joined_at", "answered_at", "position")[:SAMPLE]
    waits = [
        Wait((answered_at - joined_at).total_seconds(), place)
        for joined_at, answered_at, place in recent
        if answered_at is not None
    ]
    return band(waits, position, staffed=_staffed(at).filter(queue=entry.queue_id).count())


def status(queue_ids: Collection[int] | None, *, at: datetime) -> Mapping[int, Status]:
    """Tell how queues stand now, all of them for None; a queue that does not exist is left out. One query."""
    waiting = Entry.objects.waiting()
    ready = Membership.objects.filter(agent__in=Agent.objects.available(at))
    queues = Queue.objects.all() if queue_ids is None else Queue.objects.filter(pk__in=queue_ids)
    rows: QuerySet[Any] = queues.annotate(
        waiting=_number(waiting),
        staffed=_number(_staffed(at)),
        ready=_number(ready),
        first_at=Subquery(_of_queue(waiting).annotate(first=Min("joined_at")).values("first")),
    )
    return {
        row.pk: Status(
            name=row.name,
            waiting=row.waiting,
            most_waiting=row.most_waiting,
            staffed=row.staffed,
            ready=row.ready,
            longest_wait=at - row.first_at if row.first_at else timedelta(0),
        )
        for row in rows.order_by("name")
    }


def _staffed(at: datetime) -> QuerySet[Membership]:
    """Members who take calls today: at the desk, and ready or busy with a call."""
    return Membership.objects.filter(
        agent__is_active=True, agent__chosen=Chosen.READY, agent__desk_seen_at__gt=at - ALIVE
    )


def _of_queue(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.filter(queue=OuterRef("pk")).order_by().values("queue")


def _number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(_of_queue(rows).annotate(number=Count("pk")).values("number")), 0)
