"""Listening in, coaching, barging, taking over, and asking for help."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agents.models import Agent, User
from calls.models import EventKind
from conferences.actions.opening import TRANSFER_RING, of_agent, ring
from conferences.actions.steering import Conversation, NotNow, required
from conferences.models import Participant
from conferences.reading import who
from conferences.room import Mode, Removed, Role, Supervised, TookOver, Why
from conferences.rules import may_ask
from conferences.states import LegState


def supervise(conference_id: UUID, *, by: User, mode: Mode, at: datetime) -> Participant:
    """Ring a supervisor into a conversation, on the first endpoint that can ring. Answers a call for help.

    The supervisor needs a phone, so must be an agent too. Raises NotNow, and agents.actions.Busy.
    """
    agent = Agent.objects.filter(user=by).first()
    if agent is None:
        raise NotNow("You need a phone: an administrator can make you an agent.")
    with transaction.atomic():
        talk = required(conference_id)
        seat = talk.seat_of(agent.pk)
        if not may_ask(talk.room, "", Why.SUPERVISE) or (seat is not None and seat.state != LegState.LEFT):
            raise NotNow("That is not possible now.")
        talk.conference.help_asked_at = None
        invitation = of_agent(agent, Role.SUPERVISOR, TRANSFER_RING, None, at)
        return ring(talk, replace(invitation, mode=mode), Why.SUPERVISE, at=at)


def change_mode(conference_id: UUID, *, by: User, mode: Mode, at: datetime) -> None:
    """Go from listening to coaching to barging, and back. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        talk.happen(Supervised(_seat(talk, by).label, mode))
        talk.settle(at=at)


def take_over(conference_id: UUID, *, by: User, at: datetime) -> None:
    """Make a supervisor who is in the room its owner; who owned it is let go. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        seat = _seat(talk, by)
        talk.happen(TookOver(seat.label))
        if talk.room.owner is None or talk.room.owner.id != seat.label:
            raise NotNow("That is not possible now.")
        talk.tell(EventKind.TURNED, what="take-over", who=who(seat))
        talk.settle(at=at)


def stop_supervising(conference_id: UUID, *, by: User, at: datetime) -> None:
    """Let the supervisor out. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        talk.happen(Removed(_seat(talk, by).label))
        talk.settle(at=at)


def ask_help(conference_id: UUID, *, agent: Agent, at: datetime) -> None:
    """Call for a supervisor. Raises NotNow where the agent is not in the room."""
    with transaction.atomic():
        talk = required(conference_id)
        seat = talk.seat_of(agent.pk)
        if seat is None or seat.state != LegState.JOINED:
            raise NotNow("You are not in this conversation.")
        talk.conference.help_asked_at = talk.conference.help_asked_at or at
        talk.tell(EventKind.TURNED, what="help", who=who(seat))
        talk.settle(at=at)


def answer_help(conference_id: UUID, *, by: User, at: datetime) -> None:
    """Take the call for help off the board."""
    with transaction.atomic():
        talk = required(conference_id)
        if talk.conference.help_asked_at is None:
            return
        talk.conference.help_asked_at = None
        talk.tell(EventKind.TURNED, what="help-answered", who=by.get_full_name() or by.get_username())
        talk.settle(at=at)


def _seat(talk: Conversation, by: User) -> Participant:
    for row in talk.rows.values():
        if row.role == Role.SUPERVISOR and row.state != LegState.LEFT and row.agent and row.agent.user_id == by.pk:
            return row
    raise NotNow("You are not in this conversation.")
