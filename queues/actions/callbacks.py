"""Call me back: asked for, tried, and given to people where it does not come about.

A callback keeps its place in line by an entry without a call, which `match` offers like any other while
`calling_hours.may_call`. The agent who takes it is connected first; only then is the customer rung, once per try,
and has to press 1, so that no machine takes the call.
"""

from datetime import datetime
from uuid import UUID

from agents.models import User
from conferences.models import Conference, Participant
from queues.models import Callback, Entry


class NotCallable(Exception):
    """This number cannot be called back; the text says why, for people."""


class AlreadyAsked(Exception):
    """This number waits already to be called back from this queue."""

    def __init__(self, callback: Callback) -> None:
        super().__init__(str(callback))
        self.callback = callback


class Taken(Exception):
    """Somebody else looks after it."""


class NotNow(Exception):
    """The callback is not in a state for that."""


def ask(
    queue_id: int,
    number: str,
    *,
    call_id: UUID | None,
    language: str,
    aged_from: datetime,
    priority: int = 0,
    at: datetime,
) -> Callback:
    """Keep somebody's place in line and call them back at this number (E.164) when it is their turn.

    The place is as old as `aged_from`. Raises AlreadyAsked and NotCallable. Once it returns and is committed, it is
    true to say that the person will be called.
    """
    raise NotImplementedError


def cancel(callback_id: UUID, *, by: User | None, why: str, at: datetime) -> None:
    """Call nobody: the place in line is given up, and whoever is being rung for it is let go. Raises NotNow."""
    raise NotImplementedError


def cancel_for_number(number: str, *, queue_id: int | None = None, at: datetime) -> datetime | None:
    """Give up the live callbacks of somebody who has called again, and return since when the oldest place had aged.

    With `queue_id` (they join that queue) only the one of that queue, whose age their new entry goes on with; without
    (they talk to an agent) all of them.
    """
    raise NotImplementedError


def begin_try(entry: Entry, *, conference: Conference, at: datetime) -> Participant | None:
    """Ring the customer: an agent has accepted the offer of this entry, which has no call yet.

    None where there is nothing to ring for: the callback is tried already, or not wanted any more.
    """
    raise NotImplementedError


def note_connected(entry: Entry, *, call_id: UUID, at: datetime) -> None:
    """The customer is in the room: the callback is done, and the entry goes on as that of any caller."""
    raise NotImplementedError


def note_closed(entry: Entry, *, conference: Conference, at: datetime) -> bool:
    """Its room is closed without the customer having been in it: wait for the next try, or expire after the last.

    False where the customer was there: then it is the end of an ordinary conversation, and nothing happens here.
    """
    raise NotImplementedError


def sweep(*, at: datetime) -> int:
    """Expire what has waited too long, and settle tries whose room is closed. Returns how many."""
    raise NotImplementedError
