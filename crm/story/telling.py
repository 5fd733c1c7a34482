"""Reads the rows of a story: a bounded number of statements, however long it is."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime

from agents.models import User
from calls.ends import shown_to, text_shown_to
from calls.models import Call, CallEvent
from calls.states import FINAL
from contacts.models import Contact, OptOut
from contacts.reading import Known, known
from crm.story.entries import NOT_TOLD, TURNS, Entry, Teller
from messaging.models import Message, Thread
from outbound.models import Order
from queues.models import Callback, Handling, Queue
from recordings import rights
from recordings.models import Recording

#: rows of each kind that a conversation's story tells; one goes on for hours before it has as many
MOST = 1000
PAGE = 50


class NotACursor(Exception):
    """What was given as a cursor is none."""


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation. `caller` and `line` are its two ends as the reader may see them, `known` who the caller is.

    Without a call yet, as where one is only ordered, `began_at` is when the first entry was. `is_cut`: there is more.
    """

    conversation: UUID
    caller: str
    line: str
    began_at: datetime
    ended_at: datetime | None
    is_live: bool
    known: Known | None
    entries: tuple[Entry, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a contact's story, the newest first; `next` is the cursor of what was before, "" at its beginning."""

    entries: tuple[Entry, ...]
    next: str


@dataclass(frozen=True, slots=True)
class _Of:
    """What a story is of: rows of these calls, and of this conversation or of a contact's numbers."""

    calls: QuerySet[Call]
    numbers: tuple[str, ...] = ()
    conversation: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """A table that stories are told from: which of its rows a person sees, the moment of each, and its words."""

    rows: Callable[[_Of, User], QuerySet[Any]]
    at: str
    tell: Callable[[Teller, Any], Entry]


class _Place(NamedTuple):
    """Where an entry stands: entries of one moment stand by their source, then by their id."""

    at: datetime
    source: int
    pk: Any


def of_conversation(conversation: UUID, viewer: User) -> Story | None:
    """Tell a conversation from its beginning; None where there is none, or nothing of it that this person may see."""
    calls = list(Call.objects.filter(conversation=conversation).order_by("started_at", "pk")[:MOST])
    of = _Of(Call.objects.filter(pk__in=[call.pk for call in calls]), conversation=conversation)
    told = _told(of, viewer, limit=MOST)
    if not told:
        return None
    entries = tuple(entry for _place, entry in reversed(told[:MOST]))
    first = next((call for call in calls if call.parent_id is None), None)
    show = shown_to(viewer)
    is_live = any(call.status not in FINAL for call in calls)
    began_at = first.started_at if first else entries[0].at
    may_know = first is not None and viewer.has_perm("contacts.view_contact")
    return Story(
        conversation=conversation,
        caller=show(first.other_end) if first else "",
        line=show(first.our_end) if first else "",
        began_at=began_at,
        ended_at=None if is_live else max((call.ended_at for call in calls if call.ended_at), default=None),
        is_live=is_live,
        known=known(first.other_end, at=began_at) if first and may_know else None,
        entries=entries,
        is_cut=len(told) > MOST,
    )


def of_contact(contact: Contact, viewer: User, *, cursor: str = "", limit: int = PAGE) -> Page:
    """Tell what there was with a contact, the newest first, from where `cursor` says. Raises NotACursor."""
    numbers = tuple(contact.numbers.values_list("number", flat=True))
    calls = Call.objects.filter(Q(from_number__in=numbers) | Q(to_number__in=numbers))
    told = _told(_Of(calls, numbers), viewer, limit=limit, before=_read(cursor) if cursor else None)
    page = told[:limit]
    return Page(tuple(entry for _place, entry in page), _written(page[-1][0]) if len(told) > limit else "")


def _told(of: _Of, viewer: User, *, limit: int, before: _Place | None = None) -> list[tuple[_Place, Entry]]:
    """Give the newest entries before a place, the newest first, and one more than `limit` where there are more."""
    teller = Teller(shown_to(viewer), text_shown_to(viewer))
    found = []
    for number, source in enumerate(SOURCES):
        rows = source.rows(of, viewer).annotate(story_at=F(source.at) if source.at else NOTED)
        if before is not None:
            rows = rows.filter(_earlier(before, number))
        for row in rows.order_by("-story_at", "-pk")[: limit + 1]:
            found.append((_Place(row.story_at, number, row.pk), source.tell(teller, row)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return found[: limit + 1]


def _earlier(place: _Place, source: int) -> Q:
    before = Q(story_at__lt=place.at)
    if source < place.source:
        return before | Q(story_at=place.at)
    return before | Q(story_at=place.at, pk__lt=place.pk) if source == place.source else before


def _calls(of: _Of, _viewer: User) -> QuerySet[Call]:
    return of.calls


def _events(of: _Of, _viewer: User) -> QuerySet[CallEvent]:
    events = CallEvent.objects.filter(call__in=of.calls).select_related("call")
    return events.exclude(kind__in=NOT_TOLD) if of.conversation else events.filter(kind__in=TURNS)


def _parts(of: _Of, viewer: User) -> QuerySet[Handling]:
    """Give what agents have noted: at a desk one reads it of every caller, else of the queues that one sees."""
    on_calls = Handling.objects.filter(entry__call__in=of.calls)
    if of.conversation:
        others = Handling.objects.filter(conference__conversation=of.conversation)
    else:
        others = Handling.objects.filter(entry__callback__number__in=of.numbers)
    # a union: of alternatives the database would look through all parts there ever were
    theirs = on_calls.values("pk").union(others.values("pk"))
    parts = Handling.objects.filter(pk__in=theirs).exclude(notes="", disposition__isnull=True)
    if not viewer.has_perm("agents.use_desk"):
        parts = parts.filter(entry__queue__in=Queue.objects.visible_to(viewer))
    return parts.select_related("agent", "disposition", "entry__call")


def _recordings(of: _Of, viewer: User) -> QuerySet[Recording]:
    seen = Recording.objects.kept().filter(rights.seen_by(viewer), call__in=of.calls)
    return rights.judged(seen.select_related("voicemail__mailbox", "queue", "agent", "call"), viewer)


def _texts(of: _Of, viewer: User) -> QuerySet[Message]:
    if not viewer.has_perm("messaging.view_message"):
        return Message.objects.none()
    theirs = Q(call__in=of.calls) if of.conversation else Q(thread__number__in=of.numbers)
    return Message.objects.filter(theirs, thread__in=Thread.objects.visible_to(viewer)).select_related("thread", "call")


def _callbacks(of: _Of, viewer: User) -> QuerySet[Callback]:
    if not viewer.has_perm("queues.view_callback"):
        return Callback.objects.none()
    theirs = Q(call__in=of.calls) if of.conversation else Q(number__in=of.numbers)
    return Callback.objects.visible_to(viewer).filter(theirs).select_related("queue", "call")


def _orders(of: _Of, viewer: User) -> QuerySet[Order]:
    if not viewer.has_perm("outbound.view_order"):
        return Order.objects.none()
    theirs = Q(conversation=of.conversation) if of.conversation else Q(number__in=of.numbers)
    return Order.objects.visible_to(viewer).filter(theirs).select_related("agent", "flow")


def _opt_outs(of: _Of, viewer: User) -> QuerySet[OptOut]:
    if of.conversation or not viewer.has_perm("contacts.view_optout"):
        return OptOut.objects.none()
    return OptOut.objects.filter(number__in=of.numbers)


NOTED = Coalesce("done_at", "ended_at", "began_at")
# at one moment a call begins before what happens on it, and is ordered before that
SOURCES = (
    _Source(_orders, "made_at", Teller.order),
    _Source(_calls, "started_at", Teller.call),
    _Source(_events, "at", Teller.event),
    _Source(_callbacks, "asked_at", Teller.callback),
    _Source(_texts, "at", Teller.text),
    _Source(_recordings, "announced_at", Teller.recording),
    _Source(_parts, "", Teller.handling),
    _Source(_opt_outs, "at", Teller.opt_out),
)
_MODELS = (Order, Call, CallEvent, Callback, Message, Recording, Handling, OptOut)


def _written(place: _Place) -> str:
    where = [place.at.isoformat(), place.source, str(place.pk)]
    return urlsafe_b64encode(json.dumps(where, separators=(",", ":")).encode()).decode()


def _read(cursor: str) -> _Place:
    try:
        at, source, pk = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None or type(source) is not int or source < 0:
            raise NotACursor
        return _Place(moment, source, _MODELS[source]._meta.pk.to_python(pk))
    except (NotBase64, ValueError, TypeError, IndexError, ValidationError, RecursionError) as error:
        raise NotACursor from error
