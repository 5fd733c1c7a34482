"""Asking agents to take who waits."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from agents import actions as agents
from agents.models import Agent
from agents.states import EndpointKind
from calls.models import EventKind
from compliance.policies import Facts
from compliance.states import Direction
from conferences import actions as conferences
from conferences.models import Conference
from conferences.room import Phase, Role, Why
from queues import floor
from queues.actions import callbacks
from queues.actions.entries import step, tell
from queues.matching import Decision, decide
from queues.models import Entry, Offer
from queues.signals import offer_made
from queues.states import EntryState, OfferState

# Keys of advisory locks: held by the match that decides, and by the one that is next.
DECIDING, NEXT = 7_810_001, 7_810_002
AT_ONCE = 50  # callers in one transaction; whoever is left is the next one's
NEWS_TAKES = timedelta(seconds=10)  # from the end of a ring until we are told of it


def match(*, at: datetime) -> int:
    """Decide who is offered to whom now, have the agents rung, and return how many.

    Returns 0 at once where another call of this function waits for its turn: that one will see all that this would.
    """
    if not _ask("pg_try_advisory_lock", NEXT):
        return 0
    is_next = True
    try:
        with transaction.atomic():
            _ask("pg_advisory_xact_lock", DECIDING)
            is_next = not _ask("pg_advisory_unlock", NEXT)  # from here on, changes may be too late for us to see
            return _offer_all(at)
    finally:
        if is_next:
            _ask("pg_advisory_unlock", NEXT)


def _offer_all(at: datetime) -> int:
    line = floor.waiting(at=at)
    decisions = decide(line, floor.candidates(at=at), at) if line else ()
    asked = [(entry_id, list(some)) for entry_id, some in groupby(decisions, key=lambda one: one.waiting.id)][:AT_ONCE]
    if not asked:
        return 0
    entries = _locked([entry_id for entry_id, _some in asked])
    chosen = {one.candidate.id for _id, some in asked for one in some}
    people = {agent.pk: agent for agent in Agent.objects.observed().filter(pk__in=chosen)}
    return sum(_offer(entries[entry_id], some, people, at) for entry_id, some in asked if entry_id in entries)


def _locked(entry_ids: Iterable[UUID]) -> Mapping[UUID, Entry]:
    """Lock first all conversations that these entries have already, then the entries that still wait."""
    ids = list(entry_ids)
    rooms = Conference.objects.select_for_update(no_key=True, of=("self",)).filter(entries__in=ids)
    open_rooms = {room.pk: room for room in rooms.order_by("pk")}
    rows = Entry.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "queue", "call", "callback__queue", "callback__call"
    )
    entries = {one.pk: one for one in rows.filter(pk__in=ids, state=EntryState.WAITING).order_by("pk")}
    for entry in entries.values():
        # one that was opened or closed meanwhile is left alone: the offer gets a new one
        room = open_rooms.get(entry.conference_id) if entry.conference_id else None
        entry.conference = room if room is not None and room.phase == Phase.OPENING else None
    return entries


def _offer(entry: Entry, decisions: list[Decision], people: Mapping[UUID, Agent], at: datetime) -> int:
    """Ring these agents for somebody who waits; with none of them to be had, nothing has happened."""
    with transaction.atomic():
        room = entry.conference or _opened(entry, at)
        rung = [one for one in decisions if _ring(entry, room, one, people[one.candidate.id], at)]
        if not rung:
            transaction.set_rollback(True)
            return 0
        step(entry, EntryState.OFFERED, at=at, conference=room)
        for one in rung:
            told = {"agent": one.candidate.name, "queue": entry.queue.name, "why": one.why}
            tell(entry, EventKind.OFFERED, told, at=at)
    return len(rung)


def _opened(entry: Entry, at: datetime) -> Conference:
    number = callbacks.caller_id(entry.callback) if entry.callback else entry.queue.caller_id
    return conferences.open_conversation(
        customer=entry.call,
        onward=entry.onward,
        address=entry.call.other_end if entry.call else "",
        subject=entry.queue.name,
        caller_id=number,
        facts=Facts(number, queue=entry.queue_id, direction=Direction.OUTBOUND) if entry.callback else None,
        conversation=entry.callback.call.conversation if entry.callback and entry.callback.call else None,
        at=at,
    )


def _ring(entry: Entry, room: Conference, decision: Decision, agent: Agent, at: datetime) -> bool:
    endpoint = agent.endpoint_to_ring(at)
    if endpoint is None:
        return False
    is_telephone = endpoint.kind == EndpointKind.NUMBER
    try:
        with transaction.atomic():
            if not agents.reserve(agent.pk, at=at):
                return False
            participant = conferences.invite(
                room.pk,
                agent=agent,
                endpoint=endpoint,
                name=agent.name,
                role=Role.OWNER,
                why=Why.OFFER,
                ring_seconds=entry.queue.ring_seconds,
                screening=_("A caller of %(queue)s. Press 1.") % {"queue": entry.queue} if is_telephone else "",
                caller_id=entry.queue.caller_id,
                at=at,
            )
            offer = Offer.objects.create(
                entry=entry,
                agent=agent,
                participant=participant,
                state=OfferState.RINGING,
                why=decision.why[:255],
                offered_at=at,
                ends_at=at + timedelta(seconds=entry.queue.ring_seconds) + NEWS_TAKES,
            )
            offer_made.send(sender=Offer, offer=offer, at=at)
    except (conferences.NotNow, agents.Busy, IntegrityError):  # a row that nobody foresaw: the net holds, ask another
        return False
    return True


def _ask(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        return cursor.fetchone()[0] is not False
