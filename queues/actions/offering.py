"""Asking agents to take who waits."""

from datetime import datetime


def match(*, at: datetime) -> int:
    """Decide who is offered to whom now, have the agents rung, and return how many.

    Returns 0 at once where another call of this function waits for its turn: that one will see all that this would.
    """
    raise NotImplementedError
