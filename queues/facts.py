"""Reads what flows, desks and boards ask about queues into plain data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from queues.states import EntryState


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands: its present entry, or the last where it has none.

    `position`: 1 is next; 0 for who does not wait any more. `destination`: where the conversation sent the caller on
    to (`step:<flow>:<step>`, `queue:<id>`), "" for nowhere.
    """

    state: EntryState
    queue_id: int
    queue: str
    position: int
    waited: timedelta
    is_first: bool
    destination: str


@dataclass(frozen=True, slots=True)
class Status:
    """`staffed`: members at their desks who take calls, busy or not. `ready`: those who could be rung right now.

    `longest_wait`: of who waits now. `served` and `answered_share`: see `queues.statistics`.
    """

    name: str
    waiting: int
    most_waiting: int | None
    staffed: int
    ready: int
    longest_wait: timedelta

    @property
    def is_full(self) -> bool:
        return self.most_waiting is not None and self.waiting >= self.most_waiting


def standing_of(call_id: UUID, *, at: datetime) -> Place | None:
    """Tell where a call stands, None for one that never was in a queue."""
    raise NotImplementedError


def status(queue_ids: Collection[int] | None, *, at: datetime) -> Mapping[int, Status]:
    """Tell how queues stand now, all of them for None; a queue that does not exist is left out. One query."""
    raise NotImplementedError
