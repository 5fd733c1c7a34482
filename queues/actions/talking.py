"""What conversations tell their queue: an agent took it, did not, is out, and how it ended."""

import logging
from datetime import datetime

from agents import actions as agents
from conferences.models import Conference, Participant
from conferences.room import Fate, Phase, Role
from conferences.states import LegState, Outcome
from queues.actions import callbacks
from queues.actions.entries import end_offer, locked, step
from queues.actions.handling import begin, end_talk
from queues.actions.waiting import succeed
from queues.models import Entry, Handling, Offer, Queue
from queues.signals import offer_ended
from queues.states import ENTRY_LIVE, EntryState, OfferState

logger = logging.getLogger(__name__)

OFFER_ENDS = {
    Outcome.DECLINED: OfferState.DECLINED,
    Outcome.BUSY: OfferState.DECLINED,
    Outcome.NO_ANSWER: OfferState.MISSED,
    Outcome.NOT_ACCEPTED: OfferState.MISSED,
    Outcome.WITHDRAWN: OfferState.WITHDRAWN,
    Outcome.RELEASED: OfferState.WITHDRAWN,
}


def accept(participant: Participant, *, at: datetime) -> None:
    """Note that an agent who was rung has taken the caller; the offers to others are withdrawn."""
    offer = Offer.objects.filter(participant=participant).select_related("agent").first()
    if offer is None:
        return
    entry = locked(offer.entry_id)
    if entry.state not in (EntryState.WAITING, EntryState.OFFERED):
        return
    entry.offers.filter(state=OfferState.ACCEPTED).update(state=OfferState.RETURNED)  # is back from somebody else
    if not Offer.objects.filter(pk=offer.pk, state=OfferState.RINGING).update(state=OfferState.ACCEPTED, ended_at=at):
        return
    offer_ended.send(sender=Offer, offer=offer, state=OfferState.ACCEPTED, at=at)
    withdraw_offers(participant.conference, at=at)
    answered = {"agent": offer.agent, "answered_at": entry.answered_at or at}
    step(entry, EntryState.TALKING, at=at, why="answered", **answered)
    begin(entry, offer.agent, participant.conference, at=at)
    agents.note_taken(offer.agent_id, at=at)
    if entry.call is None:
        callbacks.begin_try(entry, conference=participant.conference, at=at)
    elif entry.callback_id is None:
        callbacks.cancel_for_number(entry.call.other_end, at=at)


def connect(participant: Participant, *, at: datetime) -> None:
    """Note that somebody who is called back is in the room."""
    if participant.role != Role.CUSTOMER or participant.call_id is None:
        return
    of_callback = Entry.objects.live().filter(callback__isnull=False, call__isnull=True)
    found = of_callback.filter(conference=participant.conference_id).values_list("pk", flat=True).first()
    if found is not None:
        callbacks.note_connected(locked(found), call_id=participant.call_id, at=at)


def let_go(participant: Participant, *, at: datetime) -> None:
    """Note that an agent is out, or will never be in: the offer is over, or the talk is and the wrap-up begins."""
    if participant.agent_id is None:
        _let_caller_go(participant, at=at)
        return
    offer = Offer.objects.filter(participant=participant, state=OfferState.RINGING).first()
    if offer is not None:
        fail_offer(offer, Outcome(participant.outcome), at=at)
    room = participant.conference
    if room.phase == Phase.RECOVERING and participant.role == Role.OWNER:
        return  # the agent may come back at any moment
    talk = Handling.objects.talking().filter(agent=participant.agent_id, conference=room).first()
    if talk is not None:
        end_talk(talk, at=at)


def _let_caller_go(participant: Participant, *, at: datetime) -> None:
    """Note that a caller has hung up on colleagues who go on talking with each other."""
    room = participant.conference
    if participant.role != Role.CUSTOMER or room.phase == Phase.CLOSED:
        return
    entry = _entry(room)
    if entry is None or entry.call_id is None or entry.call_id != participant.call_id:
        return
    if entry.state == EntryState.TALKING:
        step(entry, EntryState.ANSWERED, at=at)


def fail_offer(offer: Offer, outcome: Outcome, *, at: datetime) -> None:
    """End an offer that nobody accepted; when none is left, the caller waits for the next agent."""
    entry = locked(offer.entry_id)
    state = OFFER_ENDS.get(outcome, OfferState.FAILED)
    if end_offer(offer, state, outcome=outcome, at=at):
        wait_again(entry, at=at)


def wait_again(entry: Entry, *, at: datetime) -> bool:
    """Let somebody whom no agent is rung for any more wait for the next one; `entry` is locked."""
    if entry.state != EntryState.OFFERED or entry.offers.filter(state=OfferState.RINGING).exists():
        return False
    step(entry, EntryState.WAITING, at=at)
    return True


def turn(conference: Conference, *, at: datetime) -> None:
    """Note whose conversation it is now: who took it over has a part in it of their own."""
    entry = _entry(conference)
    if entry is None or entry.state != EntryState.TALKING:
        return
    there = conference.participants.filter(role=Role.OWNER, state__in=(LegState.TAKEN, LegState.JOINED))
    owner = there.filter(agent__isnull=False).select_related("agent").order_by("-wanted_at").first()
    if owner is None or owner.agent is None:
        return
    if entry.agent_id != owner.agent_id:
        entry.agent = owner.agent
        entry.save(update_fields=["agent"])
    begin(entry, owner.agent, conference, at=at)


def close(conference: Conference, *, at: datetime) -> None:
    """Note how a conversation ended: served, gone, back at the head of the line, or sent elsewhere."""
    entry = _entry(conference)
    withdraw_offers(conference, at=at)
    if entry is not None and entry.state in ENTRY_LIVE:
        _settle(entry, conference, at)
    gone = Handling.objects.talking().filter(conference=conference)
    still_there = conference.participants.live().values("agent")
    for talk in gone.exclude(agent__in=still_there.filter(agent__isnull=False)):
        end_talk(talk, at=at)


def withdraw_offers(conference: Conference, *, at: datetime) -> None:
    """End the offers that still ring in a conversation that needs them no more."""
    ringing = Offer.objects.filter(participant__conference=conference, state=OfferState.RINGING).order_by("pk")
    for offer in ringing.select_related("entry", "agent"):
        end_offer(offer, OfferState.WITHDRAWN, outcome="", at=at)


def _entry(conference: Conference) -> Entry | None:
    found = conference.entries.order_by("-joined_at").values_list("pk", flat=True).first()
    return None if found is None else locked(found)


def _settle(entry: Entry, conference: Conference, at: datetime) -> None:
    if callbacks.note_closed(entry, conference=conference, at=at):
        return
    talked = entry.state == EntryState.TALKING
    caller_is_gone = entry.call is not None and entry.call.is_over
    match conference.fate:
        case Fate.REQUEUED if not caller_is_gone:
            step(entry, EntryState.WAITING, at=at, is_first=True, agent=None, conference=None)
        case Fate.ELSEWHERE if talked and not caller_is_gone:
            _send_on(entry, conference, at)
        case _ if talked:
            step(entry, EntryState.ANSWERED, at=at)
        case _:
            step(entry, EntryState.ABANDONED, at=at, why="hung up")


def _send_on(entry: Entry, conference: Conference, at: datetime) -> None:
    kind, _, target = conference.destination.partition(":")
    step(entry, EntryState.ANSWERED, at=at)
    if kind != "queue":
        return
    if not (target.isdigit() and Queue.objects.filter(pk=target).exists()):
        logger.error("Conference %s sends its caller to a queue that is not there: %s", conference.pk, target)
        target = str(entry.queue_id)
    succeed(entry, int(target), why=f"sent on from {entry.queue}", at=at)
