"""What is closed at once now: for everybody who answers callers, or watches over those who do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agents.models import User
from ivr.models import Closure


class Viewer(Protocol):
    """Who looks, at a desk or at a board, and when."""

    @property
    def user(self) -> User: ...

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Closed:
    """`ends_at` is None where it stays closed until somebody opens it."""

    names: str
    reason: str
    ends_at: datetime | None
    may_open: bool


def closed(viewer: Viewer) -> list[Closed]:
    """Read what is closed at once. What callers meet is no secret from anybody who talks to them."""
    may_open = viewer.user.has_perm("ivr.close_now")
    lasting = Closure.objects.lasting(at=viewer.at).order_by("began_at", "pk").prefetch_related("schedules")
    return [
        Closed(", ".join(sorted(schedule.name for schedule in one.schedules.all())), one.reason, one.ends_at, may_open)
        for one in lasting
    ]
