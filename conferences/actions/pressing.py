"""What people in a conversation press."""

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agents.models import Agent, User
from calls.models import EventKind
from conferences.actions.steering import Conversation, NotNow, afterwards, on_behalf, required
from conferences.models import Announcement, Participant
from conferences.reading import who
from conferences.room import Press, Pressed, Removed, Role
from conferences.rules import legal
from conferences.states import LegState

KEYS = re.compile(r"[0-9*#wW]{1,32}")

_OVER = "Not any more: look at the call as it is now."


def press(conference_id: UUID, what: Press, *, by_agent: Agent, by_user: User | None = None, at: datetime) -> None:
    """Do what a button says: hold, unhold, complete, cancel, swap, merge, hang up, give back. Raises NotNow.

    `by_user` is who presses it for the agent, where that is somebody else; the history tells.
    """
    if what is Press.SEND_AWAY:
        raise NotNow("Where to?")
    with transaction.atomic():
        _press(required(conference_id), what, by_agent, by_user, at)


def send_away(
    conference_id: UUID, destination: str, *, by_agent: Agent, by_user: User | None = None, at: datetime
) -> None:
    """Send the customer to a queue (`queue:3`) or a step (`step:<flow>:<step>`); the room ends. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        talk.conference.destination = destination
        _press(talk, Press.SEND_AWAY, by_agent, by_user, at)


def _press(talk: Conversation, what: Press, by_agent: Agent, by_user: User | None, at: datetime) -> None:
    seat = talk.seat_of(by_agent.pk)
    if seat is None or what not in legal(talk.room, seat.label):
        raise NotNow(_OVER)
    talk.happen(Pressed(seat.label, what))
    talk.tell(EventKind.TURNED, what=what, who=who(seat), **on_behalf(by_user))
    talk.settle(at=at)


def remove(
    conference_id: UUID,
    participant_id: UUID,
    *,
    by_agent: Agent | None = None,
    by_user: User | None = None,
    at: datetime,
) -> None:
    """Send a target, a guest or a supervisor out: the owner, they themselves, or who may supervise. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        row = talk.row(participant_id)
        owner = talk.owner
        leaves = by_agent is not None and row.agent_id == by_agent.pk
        owns = by_agent is not None and owner is not None and owner.agent_id == by_agent.pk
        may = by_user is not None or owns or leaves
        can = row.state != LegState.LEFT and row.role in (Role.TARGET, Role.GUEST, Role.SUPERVISOR)
        hosts = talk.conference.room_id is not None and row.role == Role.OWNER and by_user is not None
        if not may or not (can or hosts):
            raise NotNow(_OVER)
        talk.happen(Removed(row.label))
        if not leaves:  # who goes on their own is told of as departed
            sender = by_agent.name if by_agent else str(by_user)
            talk.tell(EventKind.TURNED, what="remove", who=sender, whom=who(row))
        talk.settle(at=at)


def mute(
    conference_id: UUID,
    participant_id: UUID,
    muted: bool,
    *,
    by_agent: Agent | None = None,
    by_user: User | None = None,
    at: datetime,
) -> None:
    """Mute somebody, or end that; by the owner, by themselves, or by somebody who may supervise. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        row = talk.row(participant_id)
        if by_user is None and not _may_mute(talk, row, by_agent):
            raise NotNow(_OVER)
        row.silenced, row.steered_at = muted, None
        talk.settle(at=at)


def _may_mute(talk: Conversation, row: Participant, by_agent: Agent | None) -> bool:
    owner = talk.owner
    if by_agent is None:
        return False
    owns = owner is not None and owner.agent_id == by_agent.pk
    return row.agent_id == by_agent.pk or (owns and row.role != Role.SUPERVISOR)


def send_digits(
    conference_id: UUID, participant_id: UUID, digits: str, *, by_agent: Agent, at: datetime
) -> Announcement:
    """Let somebody's leg hear keys (0-9 * # w), as a machine at the far end asks for. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        row, owner = talk.row(participant_id), talk.owner
        if owner is None or owner.agent_id != by_agent.pk or row.state != LegState.JOINED or row.held:
            raise NotNow(_OVER)
        if not KEYS.fullmatch(digits):
            raise NotNow("Keys are 0 to 9, *, # and w for a pause, at most 32.")
        played = Announcement.objects.create(
            conference=talk.conference, participant=row, digits=digits, by_id=by_agent.user_id, at=at
        )
        afterwards("announce", played.pk)
    return played


def announce(conference_id: UUID, text: str, *, by_user: User, at: datetime) -> Announcement:
    """Let everybody in the room who is not on hold hear a text. Raises NotNow."""
    with transaction.atomic():
        talk = required(conference_id)
        if not text.strip() or not talk.conference.sid:
            raise NotNow(_OVER)
        said = Announcement.objects.create(conference=talk.conference, text=text.strip()[:500], by=by_user, at=at)
        afterwards("announce", said.pk)
    return said
