"""Opening conversations, and bringing people into them. Everybody who is rung is rung by `invite`."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from agents import actions as agents
from agents.models import Agent, User
from agents.states import Activity, EndpointKind
from calls.models import Call, EventKind
from compliance.policies import Facts
from conferences.actions.steering import (
    RETURN_RING,
    Conversation,
    NotNow,
    afterwards,
    conversation,
    of_participant,
    on_behalf,
    required,
)
from conferences.models import Conference, Participant
from conferences.reading import who
from conferences.room import Fate, Leg, Mode, Removed, Role, Why
from conferences.rules import may_ask
from conferences.states import LegState, Outcome
from conferences.verbs import SCREENING_TEXT
from dialing import actions as dialing
from dialing.models import Attempt
from dialing.states import Purpose
from telephony import numbers

TRANSFER_RING = 25  # seconds

_NOT_ASKED = {
    Why.OFFER: "Somebody has the customer already.",
    Why.CALL_OUT: "Somebody is in this conversation already.",
    Why.REJOIN: "Nobody is missing in this conversation.",
}


class Endpoint(Protocol):
    """Where to ring: a row of `agents.Endpoint`, or a `Place`."""

    @property
    def kind(self) -> str: ...
    @property
    def address(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint that is no row: a telephone number (E.164) or a SIP address, typed by somebody."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a transfer goes to: an agent, on the first endpoint that can ring now or on this one, or only a place."""

    agent: Agent | None = None
    place: Endpoint | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """How somebody is to be rung, and as what.

    `attempt` is the permit to dial a number that is no agent's own; `detects`: Twilio is to tell whether a machine
    answers.
    """

    role: Role
    endpoint: Endpoint
    ring_seconds: int
    agent: Agent | None = None
    name: str = ""
    screening: str = ""
    caller_id: str = ""
    onward: str = ""
    mode: Mode = Mode.LISTEN
    attempt: Attempt | None = None
    detects: bool = False


def open_conversation(
    *,
    customer: Call | None,
    onward: str,
    address: str,
    subject: str,
    caller_id: str,
    facts: Facts | None = None,
    conversation: UUID | None = None,
    at: datetime,
) -> Conference:
    """Open a conversation about a call that waits elsewhere, or about nobody yet.

    `onward` is where the customer's leg goes on after the room, `address` the customer's number, `subject` what it is
    about, for people; `caller_id` is shown to those who are rung, where their own invitation names none. `facts` are
    what policies of recording ask of a customer who is yet to be rung, and `conversation` is the one that goes on with
    them, where there was one.
    """
    conference = Conference.objects.create(
        customer=customer,
        conversation=customer.conversation if customer else conversation or uuid4(),
        subject=subject[:80],
        caller_id=caller_id or settings.TWILIO_CALLER_ID or (customer.our_end if customer else ""),
        facts=asdict(facts) if facts else {},
        opened_at=at,
    )
    if customer is not None:
        Participant.objects.create(
            conference=conference,
            role=Role.CUSTOMER,
            endpoint=EndpointKind.NUMBER,
            address=address,
            is_moved=True,
            onward=onward,
            call=customer,
            call_sid=customer.sid,
            wanted_at=at,
        )
    return conference


def invite(
    conference_id: UUID,
    *,
    agent: Agent | None,
    endpoint: Endpoint,
    name: str = "",
    role: Role,
    why: Why,
    by: UUID | None = None,
    ring_seconds: int,
    screening: str = "",
    caller_id: str = "",
    at: datetime,
) -> Participant:
    """Ring somebody into a conversation; the one way to ring anybody.

    `by` is the participant who asks. `screening` is said to who picks up, who must press 1. An agent is occupied unless
    the reason is an OFFER, for which queues have reserved. Raises NotNow, and agents.actions.Busy.
    """
    invitation = Invitation(role, endpoint, ring_seconds, agent, name, screening, caller_id)
    with transaction.atomic():
        talk = required(conference_id)
        if not may_ask(talk.room, by.hex if by else "", why):
            raise NotNow(_NOT_ASKED.get(why, "That is not possible now."))
        return ring(talk, invitation, why, at=at)


def invite_customer(
    conference_id: UUID,
    *,
    number: str,
    screening: str,
    caller_id: str,
    ring_seconds: int,
    onward: str = "",
    attempt: Attempt,
    detects: bool = False,
    at: datetime,
) -> Participant:
    """Ring the customer of a conversation that has none, which `attempt` permits. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        if any(row.role == Role.CUSTOMER for row in talk.rows.values()):
            raise NotNow("The customer was rung already.")
        place = Place(EndpointKind.NUMBER, number)
        invitation = Invitation(
            Role.CUSTOMER,
            place,
            ring_seconds,
            screening=screening,
            caller_id=caller_id,
            onward=onward,
            attempt=attempt,
            detects=detects,
        )
        return ring(talk, invitation, Why.ADD, at=at)


def withdraw(participant_id: UUID, *, at: datetime) -> None:
    """Want somebody no more who was asked and has not accepted. Who has accepted, or is over, stays as they are."""
    with transaction.atomic():
        found = of_participant(participant_id)
        if found is None:
            return
        talk, row = found
        person = talk.room.person(row.label)
        if person is None or person.leg is not Leg.COMING or row.role in (Role.CUSTOMER, Role.FORMER):
            return
        row.outcome = row.outcome or Outcome.WITHDRAWN
        talk.happen(Removed(row.label))
        talk.settle(at=at)


def decline(participant_id: UUID, *, by_agent: Agent, at: datetime) -> None:
    """Note that the agent who is rung will not take it: it counts from now on, whenever the phone falls silent."""
    with transaction.atomic():
        found = of_participant(participant_id)
        if found is None:
            return
        talk, row = found
        person = talk.room.person(row.label)
        if row.agent_id != by_agent.pk or person is None or person.leg is not Leg.COMING:
            return
        talk.leave(row, Outcome.DECLINED, on_purpose=True)
        if row.call_sid:
            afterwards("let_go", row.pk)
        talk.settle(at=at)


def close(conference_id: UUID, fate: Fate, *, at: datetime) -> None:
    """End a conversation; the first fate stays. For the layers above: the caller is gone, or has gone elsewhere."""
    with transaction.atomic():
        talk = conversation(conference_id)
        if talk is None:
            return
        talk.close(fate)
        talk.settle(at=at)


def consult(
    conference_id: UUID, target: Target, *, by_agent: Agent, by_user: User | None = None, at: datetime
) -> Participant:
    """Ring a colleague while the customer is on hold. Raises NotNow, agents.actions.Busy, dialing.NotPermitted."""
    return _transfer(conference_id, target, Role.TARGET, Why.CONSULT, by_agent=by_agent, by_user=by_user, at=at)


def hand_over(
    conference_id: UUID, target: Target, *, by_agent: Agent, by_user: User | None = None, at: datetime
) -> Participant:
    """Leave the customer to somebody who is rung; who does not take it gives the customer back to the sender.

    Raises NotNow, agents.actions.Busy, and dialing.NotPermitted.
    """
    return _transfer(conference_id, target, Role.TARGET, Why.HAND_OVER, by_agent=by_agent, by_user=by_user, at=at)


def add(
    conference_id: UUID, target: Target, *, by_agent: Agent, by_user: User | None = None, at: datetime
) -> Participant:
    """Ring somebody into the talk as a guest. Raises NotNow, agents.actions.Busy, and dialing.NotPermitted."""
    return _transfer(conference_id, target, Role.GUEST, Why.ADD, by_agent=by_agent, by_user=by_user, at=at)


def rejoin(conference_id: UUID, *, agent: Agent, endpoint: Endpoint | None = None, at: datetime) -> Participant:
    """Ring the owner again whose leg broke off, on any endpoint; None: the first that can ring.

    Raises NotNow, and agents.actions.Busy.
    """
    with transaction.atomic():
        talk = required(conference_id)
        seat = talk.seat_of(agent.pk)
        if seat is None or seat.role != Role.OWNER or not may_ask(talk.room, "", Why.REJOIN):
            raise NotNow(_NOT_ASKED[Why.REJOIN])
        talk.tell(EventKind.TURNED, what=Why.REJOIN, who=who(seat))
        return ring(talk, of_agent(agent, Role.OWNER, RETURN_RING, endpoint, at), Why.REJOIN, at=at)


def return_to_sender(conference_id: UUID, *, at: datetime) -> None:
    """Ring who handed the customer over, because the target does not come. Nobody to ring: the queue has the customer.

    While the sender's own last leg is not over yet, nothing happens: news of that leads here again.
    """
    with transaction.atomic():
        talk = conversation(conference_id)
        sender = talk.rows.get(talk.conference.sender_id.hex) if talk and talk.conference.sender_id else None
        if talk is None or not may_ask(talk.room, "", Why.RETURN):
            return
        if sender is not None and sender.state != LegState.LEFT:
            return
        try:
            if sender is None:
                raise NotNow("Nobody is known who sent the customer.")
            ring(talk, _again(sender, talk.conference.conversation, at), Why.RETURN, at=at)
        except (NotNow, agents.Busy, dialing.NotPermitted):
            talk.close(Fate.REQUEUED)
            talk.settle(at=at)


def _transfer(
    conference_id: UUID,
    target: Target,
    role: Role,
    why: Why,
    *,
    by_agent: Agent,
    by_user: User | None,
    at: datetime,
) -> Participant:
    # in a transaction of its own: what a refusal writes stays, and nobody waits for the room meanwhile
    attempt = _permitted(conference_id, target, by_user or by_agent.user, at)
    try:
        with transaction.atomic():
            talk = required(conference_id)
            seat = talk.seat_of(by_agent.pk)
            if seat is None or not may_ask(talk.room, seat.label, why):
                raise NotNow("That is not possible now.")
            talk.tell(EventKind.TURNED, what=why, who=who(seat), **on_behalf(by_user))
            return ring(talk, replace(_of_target(target, role, at), attempt=attempt), why, at=at)
    except (NotNow, agents.Busy):
        if attempt is not None:
            dialing.withdraw(attempt, at=at)
        raise


def _permitted(conference_id: UUID, target: Target, by: User, at: datetime) -> Attempt | None:
    """Ask whether a number that somebody has typed may be dialed; None where the target is no number outside."""
    if target.agent is not None or target.place is None or target.place.kind != EndpointKind.NUMBER:
        return None
    conversation = Conference.objects.filter(pk=conference_id).values_list("conversation", flat=True).first()
    return dialing.permit(target.place.address, purpose=Purpose.TRANSFER, by=by, conversation=conversation, at=at)


def ring(talk: Conversation, invitation: Invitation, why: Why, *, at: datetime) -> Participant:
    """Write the wish for somebody, which a task carries out, and settle. Raises agents.actions.Busy."""
    agent, place = invitation.agent, invitation.endpoint
    browser = agent is not None and place.kind == EndpointKind.BROWSER
    is_outside = agent is None and place.kind == EndpointKind.NUMBER
    assert invitation.attempt is not None or not is_outside, "nobody outside is rung without a permit"
    row = Participant(
        conference=talk.conference,
        role=invitation.role,
        mode=invitation.mode,
        agent=agent,
        name=(invitation.name or numbers.mask(place.address))[:80] if agent is None else "",
        endpoint=place.kind,
        address=f"client:{agent.identity}" if agent and browser else place.address,
        ring_seconds=invitation.ring_seconds,
        screening=invitation.screening,
        caller_id=invitation.caller_id or talk.conference.caller_id or settings.TWILIO_CALLER_ID,
        onward=invitation.onward,
        attempt=invitation.attempt,
        detects=invitation.detects,
        wanted_at=at,
    )
    try:
        with transaction.atomic():
            # the agent first, as a match does it: the row that is inserted holds up every other of the same agent
            if agent is not None and why is not Why.OFFER:
                agents.occupy(agent.pk, Activity.RINGING, cause="is rung", at=at, is_return=why is Why.REJOIN)
            row.save(force_insert=True)
    except IntegrityError as conflict:
        raise agents.Busy(f"{agent} is rung or talks already") from conflict
    talk.ask(row, why)
    talk.settle(at=at)
    return row


def _of_target(target: Target, role: Role, at: datetime) -> Invitation:
    if target.agent is not None:
        return of_agent(target.agent, role, TRANSFER_RING, target.place, at)
    if target.place is None:
        raise NotNow("Nobody was named.")
    return Invitation(role, target.place, TRANSFER_RING, name=target.name, screening=SCREENING_TEXT)


def of_agent(agent: Agent, role: Role, ring_seconds: int, endpoint: Endpoint | None, at: datetime) -> Invitation:
    place = endpoint or agent.endpoint_to_ring(at)
    if place is None:
        raise NotNow(f"{agent.name} has no phone that can ring now.")
    screening = SCREENING_TEXT if place.kind == EndpointKind.NUMBER else ""
    return Invitation(role, place, ring_seconds, agent, screening=screening)


def _again(sender: Participant, conversation: UUID, at: datetime) -> Invitation:
    if sender.agent is not None:
        return of_agent(sender.agent, Role.OWNER, RETURN_RING, None, at)
    place, attempt = Place(sender.endpoint, sender.address), None
    if sender.endpoint == EndpointKind.NUMBER:
        attempt = dialing.permit(sender.address, purpose=Purpose.TRANSFER, conversation=conversation, at=at)
    return Invitation(Role.OWNER, place, RETURN_RING, name=sender.name, screening=sender.screening, attempt=attempt)
