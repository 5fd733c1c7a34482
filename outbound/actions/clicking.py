"""An agent calls somebody: the agent is rung first, and when they have picked up, the number into the same room.

As where an agent calls back who left a message, everything after the first ring is written in the transaction of the
news that it follows from, so that nobody is rung twice. A machine that answers is heard by the agent, and shown.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agents import actions as agents
from agents.states import EndpointKind
from calls.models import Call
from compliance.policies import Facts
from compliance.states import Direction
from conferences import actions as conferences
from conferences.models import Conference, Participant
from conferences.room import Fate, Phase, Role, Why
from conferences.states import Outcome as LegOutcome
from conferences.verbs import SCREENING_TEXT
from dialing import actions as dialing
from dialing.reading import limits
from dialing.states import Purpose
from outbound.actions.rows import NO_TRY, change, end_try, link, of_conference, refuse, step
from outbound.models import Order
from outbound.states import OrderState, Outcome
from queues import actions as queues
from queues.models import Entry, Queue
from telephony import callbacks
from telephony.twiml import Enqueue, Hangup, Say, Verb

BROKE_OFF = "We are sorry, the connection has broken off."
AGENT_RINGS, NUMBER_RINGS = 25, 40  # seconds
OUTCOMES = {
    LegOutcome.BUSY: Outcome.BUSY,
    LegOutcome.NO_ANSWER: Outcome.NO_ANSWER,
    LegOutcome.FAILED: Outcome.FAILED,
    LegOutcome.LOST: Outcome.LOST,
}


class NoPhone(Exception):
    """The agent has no phone that can ring now."""


def begin(order: Order, *, at: datetime) -> None:
    """Ring the agent of a locked order that is due. Raises NoPhone, and agents.actions.Busy."""
    assert order.agent is not None
    agent = order.agent
    place = agent.endpoint_to_ring(at)
    if place is None:
        raise NoPhone
    room = conferences.open_conversation(
        customer=None,
        onward="",
        address="",
        subject=order.queue.name if order.queue else "",
        caller_id=order.caller_id,
        facts=Facts(order.caller_id, queue=order.queue_id, direction=Direction.OUTBOUND),
        conversation=order.conversation,
        at=at,
    )
    conferences.invite(
        room.pk,
        agent=agent,
        endpoint=place,
        role=Role.OWNER,
        why=Why.CALL_OUT,
        ring_seconds=AGENT_RINGS,
        # or the mailbox of the agent's own telephone would talk to the person
        screening=SCREENING_TEXT if place.kind == EndpointKind.NUMBER else "",
        at=at,
    )
    step(
        order,
        OrderState.DIALING,
        at=at,
        **{**NO_TRY, "conference": room},
        tries=order.tries + 1,
        claimed_at=at,
    )


def try_to_begin(order: Order, *, at: datetime) -> None:
    """Begin a try of a locked order whose time has come; without the agent it comes to nothing."""
    try:
        dialing.require(order.number, purpose=Purpose.CLICK, by=order.made_by, conversation=order.conversation, at=at)
    except dialing.NotPermitted as refusal:
        refuse(order, refusal, at=at)
        return
    try:
        with transaction.atomic():
            begin(order, at=at)
    except (NoPhone, agents.Busy, conferences.NotNow):
        order.refresh_from_db()
        step(order, OrderState.DIALING, at=at, **NO_TRY, tries=order.tries + 1, claimed_at=at)
        end_try(order, Outcome.AGENT_UNREACHED, at=at)


def ring_number(participant: Participant, *, at: datetime) -> None:
    """Ring the number: the agent has picked up."""
    if participant.role != Role.OWNER:
        return
    order = of_conference(participant.conference_id)
    if order is None or order.state != OrderState.DIALING or order.asked_at is not None:
        return
    try:
        attempt = dialing.permit(
            order.number, purpose=Purpose.CLICK, by=order.made_by, conversation=order.conversation, at=at
        )
    except dialing.NotPermitted as refusal:
        refuse(order, refusal, at=at)
        conferences.close(participant.conference_id, Fate.GONE, at=at)
        return
    change(order, at=at, attempt=attempt, asked_at=at)
    conferences.invite_customer(
        participant.conference_id,
        number=order.number,
        screening="",
        caller_id=order.caller_id,
        ring_seconds=NUMBER_RINGS,
        onward=callbacks.document("voice-ordered", order=order.pk),
        attempt=attempt,
        detects=limits().detects,
        at=at,
    )


def note_called(participant: Participant, *, at: datetime) -> None:
    """Link the call by which the number is called, as soon as it is known."""
    if participant.role != Role.CUSTOMER or participant.call is None:
        return
    order = of_conference(participant.conference_id)
    if order is not None:
        link(order, participant.call, at=at)


def note_talking(participant: Participant, *, at: datetime) -> None:
    """Note that both are there, whoever was there first."""
    if participant.conference.phase != Phase.TALKING or participant.is_moved:
        return
    order = of_conference(participant.conference_id)
    if order is not None and order.state == OrderState.DIALING:
        step(order, OrderState.TALKING, at=at, answered_at=at)


def note_left(participant: Participant, *, at: datetime) -> None:
    """End the try where the agent has not picked up: nobody else is asked to."""
    if participant.role != Role.OWNER or participant.answered_at is not None:
        return
    order = of_conference(participant.conference_id)
    if order is None or order.state != OrderState.DIALING or order.asked_at is not None:
        return
    end_try(order, Outcome.AGENT_UNREACHED, at=at)
    conferences.close(participant.conference_id, Fate.GONE, at=at)


def note_closed(conference: Conference, *, at: datetime) -> None:
    """Note how it ended. Who was sent on to a queue waits there."""
    order = of_conference(conference.pk)
    if order is None:
        return
    if order.state == OrderState.TALKING:
        end_try(order, Outcome.ANSWERED, at=at)
    elif order.state == OrderState.DIALING and order.asked_at is None:
        end_try(order, Outcome.AGENT_UNREACHED, at=at)
    elif order.state == OrderState.DIALING:
        rung = conference.participants.filter(role=Role.CUSTOMER).values_list("outcome", flat=True).first()
        end_try(order, OUTCOMES.get(LegOutcome(rung or ""), Outcome.CANCELED), at=at)
    if conference.fate == Fate.ELSEWHERE:
        _send_on(order, conference.destination, at=at)
    elif conference.fate == Fate.REQUEUED and order.queue_id is not None:  # the agent's line broke off
        _send_on(order, f"queue:{order.queue_id}", at=at)


def onward(order_id: UUID) -> Sequence[Verb]:
    """Give the verbs for somebody whose room is over: they wait where they were sent on to, or it is the end."""
    order = Order.objects.select_related("conference").filter(pk=order_id).first()
    if order is None:
        return (Hangup(),)
    broke = order.conference is not None and order.conference.fate == Fate.REQUEUED
    said = (Say(BROKE_OFF),) if broke else ()
    entry = Entry.objects.waiting().filter(call=order.call_id).first() if order.call_id else None
    if entry is None:
        return (*said, Hangup())
    again = callbacks.document("voice-ordered", order=order.pk)
    return (*said, Enqueue(f"queue-{entry.queue_id}", action=again, wait_url=callbacks.document("voice-hold")))


def note_machine(order: Order, call: Call, milliseconds: int | None, *, at: datetime) -> None:
    """Note who has answered, and how long Twilio took to tell. The agent sees it, and decides."""
    change(order, at=at, answered_by=call.answered_by[:32], answered_by_after=milliseconds)


def _send_on(order: Order, destination: str, *, at: datetime) -> None:
    kind, _colon, target = destination.partition(":")
    if kind != "queue" or order.call_id is None or not Queue.objects.filter(pk=target).exists():
        return
    onward = callbacks.document("voice-ordered", order=order.pk)
    queues.join(int(target), call_id=order.call_id, language="", onward=onward, at=at, is_first=True)
