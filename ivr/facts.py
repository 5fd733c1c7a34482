"""Reads what a document asks about, so that the engine gets plain data."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ivr import documents
from ivr.document import Document
from ivr.engine import Facts
from ivr.models import Schedule
from ivr.opening import DatedException, Interval, Opening, Week, opening
from telephony.twiml import Verb


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
    accepted: bool = False,
    apology: tuple[Verb, ...] = (),
) -> Reading:
    """Read all that may be asked from `step` on before the caller is heard again; nothing where nothing may."""
    schedules, versions, flows = set[str](), dict[str, int](), dict[str, Document]()
    waiting = [document.ahead(step)]
    while waiting:
        ahead = waiting.pop()
        schedules |= ahead.schedules
        for flow, version in _published(ahead.flows - flows.keys()):
            versions[flow], flows[flow] = version, documents.frozen(version)
            waiting.append(flows[flow].ahead(flows[flow].first))
    facts = Facts(
        openings=openings(schedules, at=at) if schedules else {},
        flows=flows,
        accepted=accepted,
        caller=caller,
        own_number=called if called.startswith("+") else settings.TWILIO_CALLER_ID,
        apology=apology,
    )
    return Reading(facts, versions)


def _published(flows: Collection[str]) -> Iterable[tuple[str, int]]:
    return documents.published(flows).items() if flows else ()


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
