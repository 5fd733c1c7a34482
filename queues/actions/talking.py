"""What conversations tell their queue: an agent took it, did not, is out, and how it ended."""

from datetime import datetime

from conferences.models import Conference, Participant


def accept(participant: Participant, *, at: datetime) -> None:
    """Note that an agent who was rung has taken the caller; the offers to others are withdrawn."""
    raise NotImplementedError


def let_go(participant: Participant, *, at: datetime) -> None:
    """Note that an agent is out, or will never be in: the offer is over, or the talk is and the wrap-up begins."""
    raise NotImplementedError


def turn(conference: Conference, *, at: datetime) -> None:
    """Note whose conversation it is now: who took it over has a part in it of their own."""
    raise NotImplementedError


def close(conference: Conference, *, at: datetime) -> None:
    """Note how a conversation ended: served, gone, back at the head of the line, or sent elsewhere."""
    raise NotImplementedError
