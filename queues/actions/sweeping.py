"""What time changes, and what has come apart. Each thing that is put right is a transaction of its own."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields import DateTimeField, DurationField

from agents import actions as agents
from agents.models import Agent
from agents.states import Activity
from calls.states import FINAL
from conferences import actions as conferences
from conferences.models import Conference, Participant
from conferences.room import Phase
from conferences.states import LegState, Outcome
from queues.actions.entries import locked, step
from queues.actions.handling import end_late, end_talk
from queues.actions.talking import accept, close, fail_offer, wait_again
from queues.actions.waiting import call_over, time_out
from queues.models import Entry, Handling, Offer
from queues.states import EntryState, OfferState

logger = logging.getLogger(__name__)

AT_ONCE = 200
# An agent without a leg may be about to get one.
SETTLED = timedelta(seconds=60)


def keep_time(*, at: datetime) -> int:
    """End offers, waits and wrap-ups whose time is up, and return how many."""
    late = Offer.objects.filter(state=OfferState.RINGING, ends_at__lte=at)
    wrapped = Handling.objects.wrapping_up().filter(wrap_up_until__lte=at)
    return (
        _each("offers that are over", late, lambda pk: _end_late_offer(pk, at))
        + _each("waits that are too long", _too_long(at), lambda pk: _end_wait(pk, at))
        + _each("wrap-ups that are over", wrapped, lambda pk: end_late(pk, at=at))
    )


def sweep(*, at: datetime) -> int:
    """Put right what does not agree with conversations, calls and agents, and return how many rows."""
    rings = Offer.objects.filter(entry=OuterRef("pk"), state=OfferState.RINGING)
    talking = Entry.objects.filter(state=EntryState.TALKING)
    return (
        _each(
            "callers who were gone",
            Entry.objects.waiting().filter(call__status__in=FINAL),
            lambda pk: _end_gone(pk, at),
        )
        + _each(
            "offers whose leg was over",
            Offer.objects.filter(
                Q(participant__isnull=True) | Q(participant__state=LegState.LEFT), state=OfferState.RINGING
            ),
            lambda pk: _end_late_offer(pk, at),
        )
        + _each(
            "callers nobody was rung for",
            Entry.objects.filter(~Exists(rings), state=EntryState.OFFERED),
            lambda pk: wait_again(locked(pk), at=at),
        )
        + _each(
            "conversations that were over",
            talking.filter(Q(conference__isnull=True) | Q(conference__phase=Phase.CLOSED)),
            lambda pk: _end_closed(pk, at),
        )
        + _each("talks without a leg", _talks_without_leg(at), lambda pk: _end_talk(pk, at))
        + _each("agents without a leg", _agents_without_leg(at), lambda pk: _release(pk, at))
    )


def _each(what: str, rows: QuerySet[Any], put_right: Callable[[UUID], bool]) -> int:
    """Put right one row after the other, so that one that cannot be keeps none of the others."""
    done = 0
    for pk in list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            with transaction.atomic():
                done += put_right(pk)
        except Exception:  # whatever it is about this row, the others are not to wait for its end
            logger.exception("Queues: %s: row %s could not be put right", what, pk)
    if done:
        logger.info("Queues: ended or put right %s: %d", what, done)
    return done


def _too_long(at: datetime) -> QuerySet[Entry]:
    limit = ExpressionWrapper(F("queue__longest_wait") * Value(timedelta(seconds=1)), output_field=DurationField())
    until = ExpressionWrapper(F("joined_at") + limit, output_field=DateTimeField())
    calls = Entry.objects.filter(state=EntryState.WAITING, call__isnull=False, queue__longest_wait__isnull=False)
    return calls.alias(until=until).filter(until__lte=at)


def _end_wait(entry_id: UUID, at: datetime) -> bool:
    call_id = Entry.objects.values_list("call_id", flat=True).get(pk=entry_id)
    return call_id is not None and time_out(call_id, at=at)


def _end_late_offer(offer_id: UUID, at: datetime) -> bool:
    """End an offer of which no news came; should the agent have accepted without our noting it, note that."""
    offer = Offer.objects.get(pk=offer_id)
    locked(offer.entry_id)
    participant = offer.participant  # read now that its conversation is locked
    if participant is None:
        fail_offer(offer, Outcome.FAILED, at=at)
        return True
    if participant.state in (LegState.TAKEN, LegState.JOINED):
        accept(participant, at=at)
        return True
    silent = Outcome.WITHDRAWN if participant.state == LegState.WANTED else Outcome.NO_ANSWER
    fail_offer(offer, Outcome(participant.outcome) or silent, at=at)
    conferences.withdraw(participant.pk, at=at)
    return True


def _end_gone(entry_id: UUID, at: datetime) -> bool:
    call_id = Entry.objects.values_list("call_id", flat=True).get(pk=entry_id)
    if call_id is not None:
        call_over(call_id, at=at)
    return call_id is not None


def _end_closed(entry_id: UUID, at: datetime) -> bool:
    entry = locked(entry_id)
    if entry.state != EntryState.TALKING:
        return False
    if entry.conference is not None:
        close(entry.conference, at=at)
    elif entry.call is None or entry.call.is_over:
        step(entry, EntryState.ANSWERED, at=at)
    else:
        step(entry, EntryState.WAITING, at=at, is_first=True, agent=None)
    return True


def _legs_of(agent: str) -> QuerySet[Participant]:
    return Participant.objects.live().filter(agent=OuterRef(agent))


def _talks_without_leg(at: datetime) -> QuerySet[Handling]:
    """Talks that no leg is left of. Whose leg broke off may be back at any moment: that conversation is still open."""
    talks = Handling.objects.talking().filter(~Exists(_legs_of("agent")), began_at__lte=at - SETTLED)
    return talks.exclude(conference__phase=Phase.RECOVERING)


def _end_talk(handling_id: UUID, at: datetime) -> bool:
    agents.hold(Handling.objects.values_list("agent_id", flat=True).get(pk=handling_id))
    rows = Handling.objects.talking().select_for_update(no_key=True, of=("self",)).filter(pk=handling_id)
    for handling in rows:
        end_talk(handling, at=at)
    return bool(rows)


def _agents_without_leg(at: datetime) -> QuerySet[Agent]:
    broken = Conference.objects.filter(phase=Phase.RECOVERING, handlings__agent=OuterRef("pk"))
    return Agent.objects.filter(
        ~Exists(_legs_of("pk")),
        ~Exists(broken.filter(handlings__done_at__isnull=True)),
        activity__in=(Activity.RINGING, Activity.TALKING),
        activity_at__lte=at - SETTLED,
    )


def _release(agent_id: UUID, at: datetime) -> bool:
    if not _agents_without_leg(at).select_for_update(no_key=True).filter(pk=agent_id).exists():
        return False
    agents.release(agent_id, cause="no call was left", at=at)
    return True
