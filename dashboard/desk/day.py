"""The agent's day: how long in which state, and how many calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from agents.models import PresenceChange
from agents.states import Standing
from dashboard.desk import words
from dashboard.desk.viewer import Viewer
from dashboard.desk.words import Word
from queues.models import Handling, Offer
from queues.states import OfferState

TOLD = (
    Standing.READY,
    Standing.TALKING,
    Standing.WRAP_UP,
    Standing.NOT_READY,
    Standing.UNREACHABLE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    standing: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    word: Word
    length: timedelta


@dataclass(frozen=True, slots=True)
class Day:
    rows: tuple[Row, ...]
    handled: int
    missed: int
    talked: timedelta
    mean: timedelta | None


def day(viewer: Viewer) -> Day:
    since = timezone.localtime(viewer.at).replace(hour=0, minute=0, second=0, microsecond=0)
    changes = PresenceChange.objects.filter(agent=viewer.agent).exclude(until__lte=since)
    stretches = [Stretch(*row) for row in changes.values_list("standing", "at", "until")]
    spans = [
        (ended_at or viewer.at) - began_at
        for began_at, ended_at in Handling.objects.filter(agent=viewer.agent, began_at__gte=since).values_list(
            "began_at", "ended_at"
        )
    ]
    missed = Offer.objects.filter(agent=viewer.agent, state=OfferState.MISSED, offered_at__gte=since).count()
    talked = words.total(spans)
    return Day(
        rows=tuple(rows(stretches, since=since, now=viewer.at)),
        handled=len(spans),
        missed=missed,
        talked=talked,
        mean=talked / len(spans) if spans else None,
    )


def rows(stretches: Sequence[Stretch], *, since: datetime, now: datetime) -> list[Row]:
    """Add up the time in each state from `since` on; the present stretch lasts until now."""
    return [
        Row(words.standing(standing), words.total([_within(one, since, now) for one in mine]))
        for standing in TOLD
        if (mine := [one for one in stretches if one.standing == standing]) or standing == Standing.READY
    ]


def _within(one: Stretch, since: datetime, now: datetime) -> timedelta:
    return max((one.until or now) - max(one.at, since), timedelta(0))
