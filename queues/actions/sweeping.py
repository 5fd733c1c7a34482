"""What time changes, and what has come apart."""

from datetime import datetime


def keep_time(*, at: datetime) -> int:
    """End offers, waits and wrap-ups whose time is up, and return how many."""
    raise NotImplementedError


def sweep(*, at: datetime) -> int:
    """Put right what does not agree with conversations, calls and agents, and return how many rows."""
    raise NotImplementedError
