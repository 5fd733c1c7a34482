"""Calling back who left a message: the agent's own phone is rung, and when they have picked up, the number.

The person need not press 1, as where a queue calls back: a machine that answers is heard by the agent. The Return is
written together with the conversation and its first ring, and everything after that in the transaction of the news that
it follows from; so nobody is rung twice, and nothing is left behind.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.states import EndpointKind
from calls.actions import record_events
from calls.models import EventKind
from compliance.policies import Facts
from compliance.states import Direction
from conferences import actions as conferences
from conferences.models import Conference, Participant
from conferences.room import Fate, Phase, Role, Why
from conferences.states import Outcome
from conferences.verbs import SCREENING_TEXT
from dialing import actions as dialing
from dialing.states import Purpose
from live.publish import publish
from queues import actions as queues
from queues.actions.callbacks import NotCallable
from queues.models import Queue
from recordings.actions.working import hand_to, locked
from recordings.models import MissedCall, Return, Voicemail
from recordings.states import RETURN_MOVES, ReturnState
from recordings.worklist import Left, Seen, number_of
from telephony import callbacks, numbers
from telephony.models import PhoneNumber

AGENT_RINGS, NUMBER_RINGS = 25, 40  # seconds


class NoPhone(Exception):
    """The agent has no phone that can ring now."""


class BeingCalled(Exception):
    """Somebody calls this number at this moment; the text says who."""


def call_back(seen: Seen, *, agent: Agent, at: datetime) -> Return:
    """Ring an agent, and then who left what a row shows, which becomes the agent's task.

    Again while it goes on, it changes nothing and gives the same. Raises Settled, Taken, NotCallable, BeingCalled,
    NoPhone, agents.actions.Busy, and dialing.NotPermitted.
    """
    number = number_of(seen.message)
    if number and not Return.objects.live().filter(number=number).exists():
        # before the transaction: what a refusal writes stays
        dialing.require(number, purpose=Purpose.RETURN, by=agent.user, at=at)
    with transaction.atomic():
        return _call_back(seen, agent, at=at)


def _call_back(seen: Seen, agent: Agent, *, at: datetime) -> Return:
    messages = locked(seen)
    number = number_of(seen.message)
    if not number:
        raise NotCallable(_("The caller showed no number."))
    present = Return.objects.live().filter(number=number).select_related("agent").first()
    if present is not None:
        return _same(present, agent)
    hand_to(agent.user, messages)
    caller_id = _caller_id(seen.message)
    if not caller_id:
        raise NotCallable(_("We have no number to call from."))
    attempt = _begun(agent, number, caller_id, seen.message, at=at)
    for kind in (Voicemail, MissedCall):
        keys = [message.pk for message in messages if isinstance(message, kind)]
        kind.objects.filter(pk__in=keys).update(returning=attempt)
    _tell(seen.message.call_id, _("%(who)s calls back") % {"who": agent.name}, at=at)
    publish("messages")
    return attempt


def ring_number(participant: Participant, *, at: datetime) -> None:
    """Ring the number: who wanted to call back has picked up."""
    if participant.role != Role.OWNER:
        return
    attempt = _locked(participant.conference)
    if attempt is None or attempt.state != ReturnState.RINGING:
        return
    _step(attempt, ReturnState.CALLING)
    room = participant.conference
    try:
        permit = dialing.permit(
            attempt.number, purpose=Purpose.RETURN, by=attempt.agent.user, conversation=room.conversation, at=at
        )
    except dialing.NotPermitted as refusal:
        _tell_those_who_left(attempt, refusal.sentence, at=at)
        conferences.close(room.pk, Fate.GONE, at=at)
        return
    conferences.invite_customer(
        attempt.conference_id,
        number=attempt.number,
        screening="",
        caller_id=room.caller_id,
        ring_seconds=NUMBER_RINGS,
        onward=callbacks.document("voice-returned", attempt=attempt.pk),
        attempt=permit,
        at=at,
    )


def note_called(participant: Participant, *, at: datetime) -> None:
    """Link the call by which somebody is called back, as soon as it is known, with the messages that it is about."""
    if participant.role != Role.CUSTOMER or participant.call_id is None:
        return
    attempt = _locked(participant.conference)
    if attempt is None or attempt.call_id is not None:
        return
    attempt.call_id = participant.call_id
    attempt.save(update_fields=["call"])
    for kind in (Voicemail, MissedCall):
        kind.objects.filter(returning=attempt).update(returned_by=participant.call_id)
    _tell(participant.call_id, _("this is the call back of what was left in a mailbox"), at=at)
    publish("messages")


def note_talking(participant: Participant, *, at: datetime) -> None:
    """Note that both are there, whoever was there first."""
    if participant.conference.phase != Phase.TALKING or participant.is_moved:
        return
    attempt = _locked(participant.conference)
    if attempt is not None and attempt.state == ReturnState.CALLING:
        _step(attempt, ReturnState.TALKING, talked_at=at)
        _tell_those_who_left(attempt, _("connected"), at=at)


def note_left(participant: Participant, *, at: datetime) -> None:
    """End it where who wanted to call back has not picked up their own phone: nobody else is asked to."""
    if participant.role != Role.OWNER or participant.answered_at is not None:
        return
    attempt = _locked(participant.conference)
    if attempt is None or attempt.state != ReturnState.RINGING:
        return
    _end(attempt, ReturnState.UNTAKEN, participant.outcome, at=at)
    conferences.close(attempt.conference_id, Fate.GONE, at=at)


def note_closed(conference: Conference, *, at: datetime) -> None:
    """Note how it ended. Who was sent on to a queue waits there."""
    attempt = _locked(conference)
    if attempt is None or not attempt.is_live:
        return
    match attempt.state:
        case ReturnState.RINGING:
            _end(attempt, ReturnState.UNTAKEN, Outcome.WITHDRAWN, at=at)
        case ReturnState.CALLING:
            rung = conference.participants.filter(role=Role.CUSTOMER).values_list("outcome", flat=True).first()
            _end(attempt, ReturnState.UNREACHED, rung or Outcome.WITHDRAWN, at=at)
        case _ if conference.fate == Fate.REQUEUED:
            _end(attempt, ReturnState.BROKEN, Outcome.LOST, at=at)
        case _:
            _end(attempt, ReturnState.TALKED, "", at=at)
    if conference.fate == Fate.ELSEWHERE:
        _send_on(attempt, conference.destination, at=at)


def _same(present: Return, agent: Agent) -> Return:
    if present.agent_id != agent.pk:
        raise BeingCalled(present.agent.name)
    return present


def _begun(agent: Agent, number: str, caller_id: str, about: Left, *, at: datetime) -> Return:
    place = agent.endpoint_to_ring(at)
    if place is None:
        raise NoPhone
    conference = conferences.open_conversation(
        customer=None,
        onward="",
        address="",
        subject=about.mailbox.name,
        caller_id=caller_id,
        facts=Facts(caller_id, direction=Direction.OUTBOUND),
        conversation=about.call.conversation if about.call else None,
        at=at,
    )
    try:
        with transaction.atomic():
            attempt = Return.objects.create(agent=agent, conference=conference, number=number, asked_at=at)
    except IntegrityError as conflict:  # somebody who works on another mailbox was faster
        live = Return.objects.live().filter(number=number).select_related("agent").first()
        raise BeingCalled(live.agent.name if live else "") from conflict
    conferences.invite(
        conference.pk,
        agent=agent,
        endpoint=place,
        role=Role.OWNER,
        why=Why.CALL_OUT,
        ring_seconds=AGENT_RINGS,
        # or the mailbox of the agent's own telephone would talk to the person
        screening=SCREENING_TEXT if place.kind == EndpointKind.NUMBER else "",
        at=at,
    )
    return attempt


def _caller_id(message: Left) -> str:
    """What is shown to the person: the number that they have called, else the standard one."""
    called = message.call.our_end if message.call else ""
    is_ours = numbers.is_e164(called) and not PhoneNumber.objects.filter(number=called, is_gone=True).exists()
    return called if is_ours else settings.TWILIO_CALLER_ID


def _send_on(attempt: Return, destination: str, *, at: datetime) -> None:
    kind, _colon, target = destination.partition(":")
    if kind != "queue" or attempt.call_id is None or not Queue.objects.filter(pk=target).exists():
        return
    onward = callbacks.document("voice-returned", attempt=attempt.pk)
    queues.join(int(target), call_id=attempt.call_id, language="", onward=onward, at=at, is_first=True)


def _locked(conference: Conference) -> Return | None:
    rows = Return.objects.select_for_update(no_key=True, of=("self",)).select_related("agent__user")
    return rows.filter(conference=conference).first()


def _step(attempt: Return, state: ReturnState, **changes: Any) -> None:
    assert state in RETURN_MOVES[ReturnState(attempt.state)]  # those who call have seen to it
    changes["state"] = state
    for name, value in changes.items():
        setattr(attempt, name, value)
    attempt.save(update_fields=list(changes))
    publish("messages")


def _end(attempt: Return, state: ReturnState, outcome: str, *, at: datetime) -> None:
    _step(attempt, state, outcome=outcome, number="", ended_at=at)
    what = {
        ReturnState.TALKED: _("the talk is over"),
        ReturnState.BROKEN: _("the line broke off"),
        ReturnState.UNREACHED: _("not reached: %(why)s") % {"why": outcome},
        ReturnState.UNTAKEN: _("%(who)s did not pick up: nobody was rung") % {"who": attempt.agent.name},
    }[state]
    _tell_those_who_left(attempt, what, at=at)


def _tell_those_who_left(attempt: Return, what: str, *, at: datetime) -> None:
    """Write it into the history of the last call that it is about."""
    last = [*attempt.voicemails.order_by("-left_at")[:1], *attempt.missedcalls.order_by("-at")[:1]]
    for message in last[:1]:
        _tell(message.call_id, what, at=at)


def _tell(call_id: UUID | None, what: str, *, at: datetime) -> None:
    if call_id is not None:
        record_events(call_id, [(EventKind.CALLBACK, {"what": what, "number": ""})], at=at)
