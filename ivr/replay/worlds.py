"""What a replay needs of the database besides recordings, read once: flows, versions, hours, and names."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from compliance.models import Policy
from compliance.states import Mode
from ivr import documents
from ivr.document import Document, parse
from ivr.hours.opening import Opening, stretches
from ivr.hours.timetables import timetables
from ivr.kinds.look_up import LookUp
from ivr.kinds.settings import Broken
from ivr.models import Flow, Schedule, Version
from ivr.replay.walking import World
from queues.models import Queue

#: longer than any call
SPARE = timedelta(days=2)


@dataclass(slots=True)
class Editions:
    """All versions of all flows: which one was published at a moment."""

    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    moments: dict[str, tuple[list[float], list[int]]] = field(default_factory=dict)
    all_moments: list[float] = field(default_factory=list)

    def find(self, flow: str, number: int | None, at: float) -> Document | None:
        """Give a version by its number, else the one that was published last before the moment."""
        version = self.numbers.get((flow, number)) if number is not None else self._at(flow, at)
        if version is None:
            return None
        try:
            return documents.frozen(version)
        except (Broken, Version.DoesNotExist):
            return None

    def at(self, moment: float) -> int:
        """Count what had been published before; between two moments with the same count nothing was."""
        return bisect_right(self.all_moments, moment)

    def _at(self, flow: str, at: float) -> int | None:
        moments, versions = self.moments.get(flow, ([], []))
        place = bisect_right(moments, at)
        return versions[place - 1] if place else None


@dataclass(frozen=True, slots=True)
class Opened:
    """A world, and whether look-ups count in it."""

    world: World
    editions: Editions
    looks_up: bool


def world(document: Mapping[str, Any], since: datetime, until: datetime) -> Opened:
    """Read the world for a draft, and for calls that began between two moments. Raises Broken."""
    draft = parse(dict(document))
    flows = {str(flow): version for flow, version in _published().items()}
    walked = {flow: one for flow, version in flows.items() if (one := _frozen(version)) is not None}
    walked[draft.flow] = draft
    editions = _editions()
    kinds = [step for one in walked.values() for step in one.steps.values()]
    found = World(
        draft=draft,
        flows=walked,
        opening=_openings(since, until),
        was=editions.find,
        longest={str(pk): seconds for pk, seconds in Queue.objects.values_list("pk", "longest_wait")},
        asks=Policy.objects.filter(is_active=True).exclude(consent=Mode.NONE).exists(),
    )
    return Opened(
        found,
        editions,
        looks_up=any(isinstance(step, LookUp) for step in kinds),
    )


def _published() -> dict[int, int]:
    rows = Flow.objects.filter(published__isnull=False).values_list("pk", "published_id")
    return {flow: version for flow, version in rows if version is not None}


def _frozen(version: int) -> Document | None:
    try:
        return documents.frozen(version)
    except Broken:
        return None


def _editions() -> Editions:
    found = Editions()
    rows = Version.objects.order_by("published_at", "pk").values_list("pk", "flow_id", "number", "published_at")
    for pk, flow, number, published_at in rows:
        found.numbers[str(flow), number] = pk
        moments, versions = found.moments.setdefault(str(flow), ([], []))
        moments.append(published_at.timestamp())
        versions.append(pk)
        found.all_moments.append(published_at.timestamp())
    return found


def _openings(since: datetime, until: datetime) -> Callable[[str, float], Opening | None]:
    """Give the schedules of a period as a function of a moment."""
    begins, ends = since - SPARE, until + SPARE
    keys = list(Schedule.objects.values_list("pk", flat=True))
    read = timetables(keys, since=begins, until=ends)
    lines: dict[str, tuple[list[float], list[Opening]]] = {}

    def opening(schedule: str, moment: float) -> Opening | None:
        if schedule not in read:
            return None
        if schedule not in lines:
            found = list(stretches(read[schedule].week, begins, ends))
            lines[schedule] = [one.begins.timestamp() for one in found], [one.opening for one in found]
        moments, openings = lines[schedule]
        return openings[max(bisect_right(moments, moment) - 1, 0)]

    return opening
