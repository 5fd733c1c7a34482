"""What the other actions share: the locks of an entry, its moves with their history, and the end of an offer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agents import actions as agents
from calls.actions import record_events
from calls.models import EventKind
from conferences.models import Conference
from live.publish import publish
from queues.models import Entry, Offer
from queues.signals import entry_joined, entry_left, line_changed, offer_ended
from queues.states import ENTRY_LIVE, ENTRY_MOVES, OFFER_MOVES, EntryState, OfferState, move

UNTAKEN = frozenset({OfferState.MISSED, OfferState.DECLINED, OfferState.FAILED})


def locked(entry_id: UUID) -> Entry:
    """Lock an entry, and before it its conversation, as the order of locks wants it. To be called in a transaction."""
    while True:
        conference_id = Entry.objects.values_list("conference_id", flat=True).get(pk=entry_id)
        if conference_id is not None:
            Conference.objects.select_for_update(no_key=True).filter(pk=conference_id).first()
        undo = transaction.savepoint()
        entry = Entry.objects.select_for_update(no_key=True).get(pk=entry_id)
        if entry.conference_id == conference_id:
            transaction.savepoint_commit(undo)
            return entry
        transaction.savepoint_rollback(undo)  # it was given a conversation meanwhile: let go, and lock that first


def step(entry: Entry, state: EntryState, *, at: datetime, why: str = "", **changes: Any) -> None:
    """Move a locked entry on, with its history and its news. Raises ImpossibleMove."""
    was = entry.state
    entry.state = move(ENTRY_MOVES, entry.state, state)
    changes["state"] = entry.state
    if state not in ENTRY_LIVE:
        changes["ended_at"] = at
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(changes))
    if state not in (EntryState.WAITING, EntryState.OFFERED, EntryState.ANSWERED):
        seconds = round((at - entry.joined_at).total_seconds())
        tell(entry, EventKind.UNQUEUED, {"queue": entry.queue.name, "why": why or state, "seconds": seconds}, at=at)
        entry_left.send(sender=Entry, entry=entry, why=why or str(state), at=at)
    if state is EntryState.WAITING and was == EntryState.TALKING:
        entry_joined.send(sender=Entry, entry=entry, why="returned", at=at)
    announce(entry)
    if state is EntryState.WAITING:
        line_changed.send(sender=Entry)


def end_offer(offer: Offer, state: OfferState, *, outcome: str, at: datetime) -> bool:
    """End an offer that rings, and return whether it still did. Who missed it cools off; the history tells of it."""
    then = move(OFFER_MOVES, OfferState.RINGING, state)
    if not Offer.objects.filter(pk=offer.pk, state=OfferState.RINGING).update(state=then, ended_at=at):
        return False
    if state in UNTAKEN:
        tell(offer.entry, EventKind.UNTAKEN, {"who": offer.agent.name, "outcome": outcome or state}, at=at)
    if state in (OfferState.MISSED, OfferState.FAILED):
        cause = "missed a call" if state is OfferState.MISSED else "the phone could not be rung"
        agents.note_missed(offer.agent_id, cause=cause, at=at)
    offer_ended.send(sender=Offer, offer=offer, state=then, at=at)
    return True


def tell(entry: Entry, kind: EventKind, data: Mapping[str, Any], *, at: datetime) -> None:
    """Write into the history of the caller's call, if there is one yet."""
    if entry.call_id is not None:
        record_events(entry.call_id, [(kind, data)], at=at)


def announce(*entries: Entry) -> None:
    publish("queues", "board", *(f"queue:{entry.queue_id}" for entry in entries))
