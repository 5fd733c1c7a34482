"""What waits for the agent beside calls: messages, callbacks that somebody has to look after, and missed rings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dashboard.desk.viewer import Viewer
from queues.models import Callback, Offer, Queue
from queues.states import CallbackState, OfferState
from recordings import worklist
from recordings.actions import Listener, note_listed
from recordings.actions.working import WORK
from recordings.worklist import Asked, Held, Page, Row, Status

MOST = 20
SHOWN_FOR = timedelta(days=7)
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Owed:
    """A callback that did not come about."""

    id: str
    at: datetime
    number: str
    queue: str
    tries: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A call that rang here and was not taken."""

    at: datetime
    number: str
    where: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """`messages`: the work list of the agent's mailboxes. `undone`: what the agent has marked as done a moment ago."""

    messages: Page
    undone: Row | None
    owed: tuple[Owed, ...]
    missed: tuple[Missed, ...]
    may_work: bool


def inbox(viewer: Viewer) -> Inbox:
    """Read what waits. That what was said is shown, is logged."""
    mine = list(viewer.user.mailboxes.values_list("pk", flat=True))
    messages = worklist.read(viewer.user, Asked(), mailboxes=mine, at=viewer.at, most=MOST)
    note_listed(messages.readable, listener=Listener(viewer.user, viewer.address), at=viewer.at)
    return Inbox(
        messages=messages,
        undone=_undone(viewer, mine),
        owed=_owed(viewer),
        missed=_missed(viewer),
        may_work=viewer.user.has_perm(WORK),
    )


def _undone(viewer: Viewer, mine: Sequence[int]) -> Row | None:
    asked = Asked(status=Status.DONE, held=Held.ME)
    last = next(iter(worklist.read(viewer.user, asked, mailboxes=mine, at=viewer.at, most=1).rows), None)
    return last if last and last.done_at and viewer.at - last.done_at < UNDO_FOR else None


def _owed(viewer: Viewer) -> tuple[Owed, ...]:
    """Give those that I look after, and those of my queues that nobody does."""
    rows = (
        Callback.objects.filter(
            Q(owner=viewer.user) | Q(owner__isnull=True, queue__in=Queue.objects.of_agent(viewer.agent)),
            state=CallbackState.EXPIRED,
        )
        .select_related("queue")
        .order_by("-asked_at")[:MOST]
    )
    return tuple(
        Owed(
            id=str(row.pk),
            at=row.asked_at,
            number=viewer.show(row.number),
            queue=row.queue.name,
            tries=row.tries,
            is_mine=row.owner_id == viewer.user.pk,
        )
        for row in rows
    )


def _missed(viewer: Viewer) -> tuple[Missed, ...]:
    since = viewer.at - SHOWN_FOR
    rings = (
        Offer.objects.filter(agent=viewer.agent, state=OfferState.MISSED, offered_at__gte=since)
        .select_related("entry__call", "entry__callback", "entry__queue")
        .order_by("-offered_at")[:MOST]
    )
    return tuple(Missed(row.offered_at, _number(viewer, row), f"{row.entry.queue.name}, rang here") for row in rings)


def _number(viewer: Viewer, offer: Offer) -> str:
    if offer.entry.callback is not None:
        return viewer.show(offer.entry.callback.number)
    return viewer.show(offer.entry.call.from_number) if offer.entry.call else ""
