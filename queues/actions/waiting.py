"""Coming into a queue, being moved in it, and going out of it without having been talked to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agents.models import User
from queues.estimate import Band
from queues.models import Entry


class Full(Exception):
    """As many people wait in the queue as it takes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody who waits may be told now; None is what is better not said."""

    position: int | None
    minutes: Band | None


def join(
    queue_id: int,
    *,
    call_id: UUID,
    language: str,
    priority: int = 0,
    onward: str,
    at: datetime,
    is_first: bool = False,
) -> Entry:
    """Put a call into a queue, or give the place that it has there already. Raises Full."""
    raise NotImplementedError


def leave(call_id: UUID, *, why: str, at: datetime) -> bool:
    """Take a call out of its queue because the caller chose so, and return whether it was waiting; `why` in words."""
    raise NotImplementedError


def time_out(call_id: UUID, *, at: datetime) -> bool:
    """Take a call out of its queue because it waited too long, unless somebody is being rung for it right now."""
    raise NotImplementedError


def call_over(call_id: UUID, *, at: datetime) -> None:
    """Note that a caller who still waited is gone."""
    raise NotImplementedError


def move(entry_id: UUID, queue_id: int, *, by: User | None, at: datetime) -> Entry:
    """Let somebody who waits do so in another queue, with the time that they have waited already."""
    raise NotImplementedError


def pull_forward(entry_id: UUID, *, by: User, at: datetime) -> None:
    """Let somebody who waits be served before all others."""
    raise NotImplementedError


def tell_wait(call_id: UUID, *, at: datetime) -> Told:
    """Give what the caller may be told of the wait, and remember it: neither number ever grows for one caller."""
    raise NotImplementedError
