"""What waits for the agent beside calls: voicemails, callbacks that somebody has to look after, and missed calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dashboard import scope
from dashboard.desk.viewer import Viewer
from queues.models import Callback, Offer
from queues.states import CallbackState, OfferState
from recordings.models import MissedCall, Voicemail
from recordings.states import VoicemailStatus

MOST = 20
SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Message:
    """A voicemail; `sound` is the recording's id, empty while there is nothing to hear."""

    id: str
    at: datetime
    number: str
    mailbox: str
    sound: str
    seconds: timedelta | None
    is_mine: bool
    taken_by: str


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
    """A call that reached nobody: left no message in a mailbox, or rang here and was not taken."""

    at: datetime
    number: str
    where: str


@dataclass(frozen=True, slots=True)
class Inbox:
    messages: tuple[Message, ...]
    owed: tuple[Owed, ...]
    missed: tuple[Missed, ...]


def inbox(viewer: Viewer) -> Inbox:
    return Inbox(_messages(viewer), _owed(viewer), _missed(viewer))


def _messages(viewer: Viewer) -> tuple[Message, ...]:
    rows = (
        Voicemail.objects.filter(mailbox__members=viewer.user)
        .exclude(status=VoicemailStatus.DONE)
        .select_related("mailbox", "recording", "call", "taken_by")
        .order_by("-left_at")[:MOST]
    )
    return tuple(
        Message(
            id=str(row.pk),
            at=row.left_at,
            number=viewer.show(row.call.from_number) if row.call else "",
            mailbox=row.mailbox.name,
            sound=str(row.recording_id) if row.recording.is_here else "",
            seconds=None if row.recording.seconds is None else timedelta(seconds=row.recording.seconds),
            is_mine=row.taken_by_id == viewer.user.pk,
            taken_by=str(row.taken_by) if row.taken_by else "",
        )
        for row in rows
    )


def _owed(viewer: Viewer) -> tuple[Owed, ...]:
    """Give those that I look after, and those of my queues that nobody does."""
    rows = (
        Callback.objects.filter(
            Q(owner=viewer.user) | Q(owner__isnull=True, queue__in=scope.queues_of_agent(viewer.agent)),
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
    left = (
        MissedCall.objects.filter(mailbox__members=viewer.user, at__gte=since)
        .select_related("call", "mailbox")
        .order_by("-at")[:MOST]
    )
    rings = (
        Offer.objects.filter(agent=viewer.agent, state=OfferState.MISSED, offered_at__gte=since)
        .select_related("entry__call", "entry__callback", "entry__queue")
        .order_by("-offered_at")[:MOST]
    )
    found = [Missed(row.at, viewer.show(row.call.from_number), row.mailbox.name) for row in left]
    found += [Missed(row.offered_at, _number(viewer, row), f"{row.entry.queue.name}, rang here") for row in rings]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST])


def _number(viewer: Viewer, offer: Offer) -> str:
    if offer.entry.callback is not None:
        return viewer.show(offer.entry.callback.number)
    return viewer.show(offer.entry.call.from_number) if offer.entry.call else ""
