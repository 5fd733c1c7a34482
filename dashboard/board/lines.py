"""Queues as they stand: who waits, who could take them, and how the day goes by a definition that is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from dashboard.board.viewer import Viewer
from queues import facts, statistics
from queues.facts import Status
from queues.models import Queue
from queues.statistics import Day


@dataclass(frozen=True, slots=True)
class Line:
    """`level` in percent, None before anybody came. `hint` is what needs somebody's eye, in words."""

    name: str
    status: Status
    day: Day
    level: int | None
    is_met: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Lines:
    lines: tuple[Line, ...]
    since: datetime

    @property
    def waiting(self) -> int:
        return sum(line.status.waiting for line in self.lines)


def lines(viewer: Viewer) -> Lines:
    """Read the queues that the viewer watches; those where somebody waits longest come first."""
    since = midnight(viewer.at)
    watched = list(Queue.objects.supervised_by(viewer.user).values_list("pk", flat=True))
    status = facts.status(watched, at=viewer.at)
    days = statistics.today(watched, since=since)
    found = [_line(status[pk], days[pk]) for pk in status]
    return Lines(tuple(sorted(found, key=lambda one: (-one.status.longest_wait, one.name))), since)


def midnight(at: datetime) -> datetime:
    """Give the beginning of the day in the viewer's time zone."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _line(status: Status, day: Day) -> Line:
    level = None if day.service_level is None else int(day.service_level * 100)
    return Line(status.name, status, day, level, level is None or level >= day.answer_share, _hint(status, day))


def _hint(status: Status, day: Day) -> str:
    if status.is_full:
        return "Full"
    if status.waiting and not status.staffed:
        return "Nobody is staffed"
    if status.longest_wait > timedelta(seconds=day.answer_within):
        return f"Longer than {day.answer_within} s"
    return ""
