"""Figures of a queue's day, by definitions that are shown with them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Day:
    """Callers (no callbacks) who came since the day began.

    `service_level`: of all who were answered or gave up after the queue's `short_abandon` seconds, the share that was
    answered within `answer_within` seconds; None before there was anybody.
    """

    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    abandoned_short: int
    timed_out: int
    left: int
    longest_wait: timedelta
    answer_within: int
    answer_share: int
    short_abandon: int

    @property
    def service_level(self) -> float | None:
        counted = self.answered + self.abandoned - self.abandoned_short
        return self.answered_in_time / counted if counted else None


def today(queue_ids: Collection[int] | None, *, since: datetime) -> Mapping[int, Day]:
    """Give the figures of those who joined at `since` or later, all queues for None. One query."""
    raise NotImplementedError
