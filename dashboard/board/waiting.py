"""Callers who wait, one by one, and for each agent why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from agents.models import Agent
from dashboard.board.viewer import Viewer
from ivr.prompts.voices import LANGUAGES
from queues import floor
from queues.matching import explain
from queues.models import Entry, Offer, Queue
from queues.states import EntryState, OfferState


@dataclass(frozen=True, slots=True)
class One:
    """Somebody who waits. `state` in words; a callback cannot be moved."""

    id: UUID
    number: str
    name: str
    queue: str
    queue_id: int
    language: str
    waited: timedelta
    state: str
    is_first: bool
    is_callback: bool
    may_move: bool
    may_pull: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """`more`: how many wait beside those who are shown."""

    people: tuple[One, ...]
    queues: tuple[tuple[int, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Caller:
    """One of them, with why nobody is there yet: a sentence for each agent of the viewer's teams.

    `others`: how many agents of other teams serve the queue. `queues`: where the caller may be moved to.
    """

    one: One
    note: str
    sentences: tuple[str, ...]
    others: int
    queues: tuple[tuple[int, str], ...]


def waiting(viewer: Viewer) -> Waiting:
    """Read who waits in the watched queues, in the order of their places."""
    watched = dict(Queue.objects.supervised_by(viewer.user).order_by("name").values_list("pk", "name"))
    rows = Entry.objects.waiting().filter(queue__in=list(watched))
    shown = _with_offers(rows).order_by("-is_first", "aged_from", "pk")
    people = tuple(_one(viewer, entry) for entry in shown[: viewer.most + 1])
    more = rows.count() - viewer.most if len(people) > viewer.most else 0
    return Waiting(people[: viewer.most], tuple(watched.items()), more)


def caller(viewer: Viewer) -> Caller | None:
    """Tell of the caller that is asked about why nobody is there yet; None when nobody waits there any more."""
    asked = viewer.id_of("entry")
    watched = dict(Queue.objects.supervised_by(viewer.user).order_by("name").values_list("pk", "name"))
    entry = _with_offers(Entry.objects.waiting().filter(pk=asked, queue__in=list(watched))).first() if asked else None
    if entry is None:
        return None
    note, sentences, others = _why(viewer, entry)
    queues = tuple((pk, name) for pk, name in watched.items() if pk != entry.queue_id)
    return Caller(_one(viewer, entry), note, sentences, others, queues)


def _why(viewer: Viewer, entry: Entry) -> tuple[str, tuple[str, ...], int]:
    if entry.state == EntryState.OFFERED:
        return "Agents are being rung for this caller right now.", (), 0
    found = next((one for one in floor.waiting(at=viewer.at) if one.id == entry.pk), None)
    if found is None:
        return _later(entry, viewer.at), (), 0
    mine = set(Agent.objects.supervised_by(viewer.user).values_list("pk", flat=True))
    members = floor.members(entry.queue, at=viewer.at)
    seen = tuple(explain(found, one, viewer.at) for one in members if one.id in mine)
    return "" if members else "Nobody is a member of this queue.", seen, len(members) - len(seen)


def _with_offers(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    rung = Offer.objects.filter(state=OfferState.RINGING).select_related("agent").order_by("offered_at")
    return rows.select_related("queue", "call", "callback").prefetch_related(Prefetch("offers", rung, to_attr="rung"))


def _later(entry: Entry, at: datetime) -> str:
    if entry.not_before is not None and entry.not_before > at:
        return "The last try to call back was a moment ago; the next one is later."
    return "It is not an hour in which this number may be called."


def _one(viewer: Viewer, entry: Entry) -> One:
    waits = entry.state == EntryState.WAITING
    return One(
        id=entry.pk,
        number=_number(viewer, entry),
        name=entry.call.caller_name if entry.call and not viewer.is_afar else "",
        queue=entry.queue.name,
        queue_id=entry.queue_id,
        language=LANGUAGES.get(entry.language, entry.language),
        waited=viewer.at - entry.joined_at,
        state=_state(entry),
        is_first=entry.is_first,
        is_callback=entry.callback_id is not None,
        may_move=entry.call_id is not None,
        may_pull=waits and not entry.is_first,
    )


def _number(viewer: Viewer, entry: Entry) -> str:
    return viewer.show(entry.callback.number if entry.callback else entry.call.from_number if entry.call else "")


def _state(entry: Entry) -> str:
    names = [offer.agent.name for offer in getattr(entry, "rung", ())]
    if names:
        return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} being rung"
    return "waits to be called back" if entry.callback_id is not None else "waits"
