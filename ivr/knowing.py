"""Reads what the checks of a document must know beyond it (`ivr.problems.knowledge`)."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef

from agents.models import AgentSkill, PresenceChange
from agents.states import Standing
from compliance.policies import Facts, possible
from compliance.reading import RECORDS_TALKS, active, rule_of
from compliance.states import Begins
from dialing import reading as dialing
from ivr import documents
from ivr.document import Document
from ivr.hours import ahead as ahead_of_time
from ivr.hours.timetables import timetables
from ivr.kinds.base import Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.hours import Hours
from ivr.kinds.queue import Queue as QueueStep
from ivr.kinds.settings import Broken
from ivr.models import Audio, Flow, Line
from ivr.models import Step as DraftStep
from ivr.problems import staffing
from ivr.problems.knowledge import Holiday, Knowledge, KnownLine, KnownQueue, Lacking, Recording, Unconfirmed
from queues.models import Membership, Queue, QueueSkill
from telephony.models import PhoneNumber

LONGEST_ITEM = 60  # seconds between two looks at somebody who waits
LOOKED_BACK = timedelta(weeks=staffing.WEEKS)
FEWEST_DAYS = timedelta(days=7)  # of history before it says anything


def knowledge(document: Document, *, at: datetime) -> Knowledge:
    """Read all that the checks of `document` ask about."""
    own = frozenset(PhoneNumber.objects.filter(is_gone=False).values_list("number", flat=True))
    if own and settings.TWILIO_CALLER_ID:
        own |= {settings.TWILIO_CALLER_ID}  # may be one that is only verified
    with_version = Flow.objects.filter(published__isnull=False).values_list("pk", flat=True)
    sounds = _sounds(document)
    ways = leading(document.flow)
    hours = {int(step.reference) for step in _of_kind(document, Hours) if step.reference.isdecimal()}
    return Knowledge(
        # before the first synchronization nothing is known of our numbers
        numbers=own or None,
        published=frozenset(map(str, with_version)),
        queues=_queues(document, at=at),
        long=frozenset(sound for sound, seconds in sounds.items() if seconds > LONGEST_ITEM),
        sounds=sounds,
        flows=ahead(document),
        lines=tuple(line for line, _flow in ways),
        countries=dialing.limits().bounds.countries,
        home=settings.DEFAULT_COUNTRY,
        weeks={key: (table.name, table.week) for key, table in timetables(hours, since=at).items()} if hours else {},
        at=at,
        time_zone=settings.TIME_ZONE,
        holidays=tuple(_holidays(hours, at=at)) if hours else (),
        unconfirmed=tuple(_unconfirmed(at=at)) if hours else (),
        recordings=tuple(_recordings(ways)) if _asks_secrets(document) else (),
    )


def ahead(document: Document) -> dict[str, Document]:
    """Give the published documents of the flows that calls of `document` may go on in, by id."""
    found: dict[str, Document] = {}
    wanted = _entered(document)
    while wanted:
        fresh = published(wanted)
        found |= fresh
        wanted = {key for one in fresh.values() for key in _entered(one)} - found.keys() - {document.flow}
    return found


def published(flows: Collection[str]) -> dict[str, Document]:
    """Give what callers meet of these flows; one that cannot be read is as good as not published."""
    found: dict[str, Document] = {}
    for flow, version in documents.published(flows).items():
        try:
            found[flow] = documents.frozen(version)
        except Broken:
            continue
    return found


def leading(flow: str) -> list[tuple[KnownLine, int]]:
    """Give the lines whose calls may come to a flow, each with the flow in which such calls begin.

    Drafts say which flow leads to which; what callers meet may still be older.
    """
    if not flow.isdecimal():
        return []
    back: dict[int, set[int]] = {}
    for here, there in DraftStep.objects.filter(to_flow__isnull=False).values_list("flow_id", "to_flow_id"):
        back.setdefault(there or 0, set()).add(here)
    reached, waiting = {int(flow)}, [int(flow)]
    while waiting:
        fresh = back.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting += fresh
    rows = Line.objects.filter(flow__in=reached).order_by("name", "pk")
    return [
        (KnownLine(row.name, row.address, row.forward_to, row.flow_id == int(flow)), row.flow_id)
        for row in rows
        if row.flow_id is not None
    ]


def _entered(document: Document) -> set[str]:
    here = {step.reference for step in document.steps.values() if isinstance(step, GoToFlow)}
    return {key for key in here - {document.flow} if key.isdecimal()}


def _sounds(document: Document) -> dict[str, float]:
    wanted = {one.audio for prompt in document.script.prompts.values() for one in prompt.wordings.values()} - {""}
    return dict(Audio.objects.filter(sha256__in=wanted).values_list("sha256", "seconds")) if wanted else {}


def _of_kind(document: Document, kind: type[Step]) -> Iterator[Step]:
    return (step for step in document.steps.values() if isinstance(step, kind))


def _holidays(hours: Collection[int], *, at: datetime) -> Iterator[Holiday]:
    for one in ahead_of_time.holidays(at=at, of=hours):
        yield Holiday(one.schedule, one.date, one.name, one.has_prompt)


def _unconfirmed(*, at: datetime) -> Iterator[Unconfirmed]:
    for one in ahead_of_time.unconfirmed(at=at):
        yield Unconfirmed(one.schedule, one.year)


def _queues(document: Document, *, at: datetime) -> dict[str, KnownQueue]:
    steps = document.steps.values()
    wanted = {
        int(one.reference) for one in steps if isinstance(one, QueueStep | CallBack) and one.reference.isdecimal()
    }
    if not wanted:
        return {}
    lacking: dict[int, list[Lacking]] = {}
    able = AgentSkill.objects.filter(
        skill=OuterRef("skill"), level__gte=OuterRef("level"), agent__memberships__queue=OuterRef("queue")
    )
    asked = QueueSkill.objects.filter(queue__in=wanted).exclude(Exists(able)).select_related("skill")
    for row in asked.order_by("skill__name"):
        lacking.setdefault(row.queue_id, []).append(Lacking(row.skill.name, row.level))
    watched = {int(key) for key in staffing.watched(document) if key.isdecimal()}
    present = _present(watched, at=at) if watched else None
    taking = Membership.objects.filter(queue__in=wanted, agent__is_active=True).order_by()
    members = dict(taking.values_list("queue").annotate(Count("pk")))
    return {
        str(row.pk): KnownQueue(
            name=row.name,
            members=members.get(row.pk, 0),
            lacking=tuple(lacking.get(row.pk, ())),
            longest=row.longest_wait,
            calls_from=bool(row.caller_id or settings.TWILIO_CALLER_ID),
            present=None if present is None or row.pk not in watched else frozenset(present.get(row.pk, ())),
        )
        for row in Queue.objects.filter(pk__in=wanted)
    }


def _present(queues: Collection[int], *, at: datetime) -> dict[int, set[datetime]] | None:
    """Give the hours in which a member of each queue was at a desk. None where the history is too short to tell."""
    first = PresenceChange.objects.order_by("at").values_list("at", flat=True).first()
    if first is None or at - first < FEWEST_DAYS:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT membership.queue_id, generate_series("
            "  date_trunc('hour', greatest(change.at, %(begin)s), 'UTC'),"
            "  least(coalesce(change.until, %(end)s), %(end)s), interval '1 hour')"
            " FROM agents_presencechange change JOIN queues_membership membership USING (agent_id)"
            " WHERE membership.queue_id = ANY(%(queues)s) AND change.standing <> %(offline)s"
            " AND change.at < %(end)s AND (change.until IS NULL OR change.until > %(begin)s)",
            {"begin": at - LOOKED_BACK, "end": at, "queues": list(queues), "offline": Standing.OFFLINE.value},
        )
        found: dict[int, set[datetime]] = {}
        for queue, hour in cursor.fetchall():
            found.setdefault(queue, set()).add(hour.astimezone(UTC))
    return found


def _asks_secrets(document: Document) -> bool:
    return any(step.hides_input for step in document.steps.values())


def _recordings(ways: Collection[tuple[KnownLine, int]]) -> Iterator[Recording]:
    """Give the policies that may record such calls from the beginning, each once."""
    policies = {one.pk: one for one in active(RECORDS_TALKS) if one.queue_id is None and one.share}
    rules = [rule_of(one) for one in policies.values()]
    came = [Facts(line.address if line.address.startswith("+") else "", flow) for line, flow in ways]
    counting = [
        rule for known in came or [Facts()] for subject in RECORDS_TALKS for rule in possible(rules, subject, known)
    ]
    for key in dict.fromkeys(rule.id for rule in counting):
        if policies[key].begins == Begins.CALL:
            yield Recording(policies[key].name, policies[key].pause_limit)
