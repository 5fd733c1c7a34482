"""Listening in, coaching, barging, taking over, and asking for help."""

from datetime import datetime
from uuid import UUID

from agents.models import Agent, User
from conferences.models import Participant
from conferences.room import Mode


def supervise(conference_id: UUID, *, by: User, mode: Mode, at: datetime) -> Participant:
    """Ring a supervisor into a conversation, on the first endpoint that can ring. Answers a call for help.

    The supervisor needs a phone, so must be an agent too. Raises NotNow, and agents.actions.Busy.
    """
    raise NotImplementedError


def change_mode(conference_id: UUID, *, by: User, mode: Mode, at: datetime) -> None:
    """Go from listening to coaching to barging, and back. Raises NotNow."""
    raise NotImplementedError


def take_over(conference_id: UUID, *, by: User, at: datetime) -> None:
    """Make a supervisor who is in the room its owner; who owned it is let go. Raises NotNow."""
    raise NotImplementedError


def stop_supervising(conference_id: UUID, *, by: User, at: datetime) -> None:
    """Let the supervisor out. Raises NotNow."""
    raise NotImplementedError


def ask_help(conference_id: UUID, *, agent: Agent, at: datetime) -> None:
    """Call for a supervisor. Raises NotNow where the agent is not in the room."""
    raise NotImplementedError


def answer_help(conference_id: UUID, *, by: User, at: datetime) -> None:
    """Take the call for help off the board."""
    raise NotImplementedError
