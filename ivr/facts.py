"""Reads what a document asks about, so that the engine gets plain data."""

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ivr import documents
from ivr.document import Document
from ivr.engine import Facts
from ivr.kinds.settings import Broken
from ivr.models import Schedule
from ivr.opening import DatedException, Interval, Opening, Week, opening
from telephony.twiml import Verb

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts, and which version each flow that may be entered would be entered in."""

    facts: Facts
    versions: Mapping[str, int]


def read(
    document: Document,
    step: str,
    *,
    at: datetime,
    caller: str,
    called: str,
    arriving: bool = False,
    accepted: bool = False,
    apology: tuple[Verb, ...] = (),
) -> Reading:
    """Read all that may be asked from `step` on before the caller is heard again; nothing where nothing may."""
    schedules, versions, flows = set[str](), dict[str, int](), dict[str, Document]()
    waiting = [document.ahead(step, arriving=arriving)]
    while waiting:
        ahead = waiting.pop()
        schedules |= ahead.schedules
        for flow, version, entered in _published(ahead.flows - flows.keys()):
            versions[flow], flows[flow] = version, entered
            waiting.append(entered.ahead(entered.first, arriving=True))
    facts = Facts(
        openings=openings(schedules, at=at) if schedules else {},
        flows=flows,
        accepted=accepted,
        caller=caller,
        own_number=called if called.startswith("+") else settings.TWILIO_CALLER_ID,
        apology=apology,
    )
    return Reading(facts, versions)


def _published(flows: Collection[str]) -> Iterator[tuple[str, int, Document]]:
    """Give what callers of these flows meet; a version that cannot be walked is as good as none."""
    for flow, version in documents.published(flows).items() if flows else ():
        try:
            yield flow, version, documents.frozen(version)
        except Broken as broken:
            logger.error("version %s of flow %s cannot be walked: %s", version, flow, broken)


def openings(schedules: Collection[str], *, at: datetime) -> dict[str, Opening]:
    """Tell of each schedule whether it is open at `at`."""
    rows = Schedule.objects.filter(pk__in=schedules).prefetch_related("intervals", "exceptions")
    return {str(row.pk): opening(week(row), at) for row in rows}


def week(schedule: Schedule) -> Week:
    """Turn a schedule's rows into the data that `ivr.opening` computes with."""
    return Week(
        schedule.time_zone,
        tuple(Interval(row.weekday, row.opens, row.closes) for row in schedule.intervals.all()),
        tuple(DatedException(row.date, row.name, row.opens, row.closes) for row in schedule.exceptions.all()),
    )
