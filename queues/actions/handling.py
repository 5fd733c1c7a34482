"""An agent's part after the talk: notes, disposition, wrap-up."""

from datetime import datetime
from uuid import UUID

from agents.models import User


class NotDone(Exception):
    """The queue wants a disposition, or a note, before the wrap-up is ended."""


class NotExtendable(Exception):
    """The wrap-up is over, was extended already, or this queue gives no more time."""


def finish(handling_id: UUID, *, at: datetime) -> None:
    """End the wrap-up: the agent is done. Raises NotDone."""
    raise NotImplementedError


def extend(handling_id: UUID, *, at: datetime) -> None:
    """Let the wrap-up last longer, once. Raises NotExtendable."""
    raise NotImplementedError


def save_notes(handling_id: UUID, text: str, *, at: datetime) -> None:
    """Keep the notes as they are typed, while talking and afterwards."""
    raise NotImplementedError


def dispose(handling_id: UUID, disposition_id: int | None, *, at: datetime) -> None:
    """Note what the conversation came to, by one of the queue's dispositions. Raises Disposition.DoesNotExist."""
    raise NotImplementedError


def end_stuck_wrap_up(agent_id: UUID, *, by: User, at: datetime) -> None:
    """End an agent's wrap-up whatever is missing, as a supervisor."""
    raise NotImplementedError
