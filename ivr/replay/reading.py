"""Recorded visits of a period, read in bulk from the history of calls: one row for each, by a cursor of the server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from calls.models import Call, CallEvent, EventKind
from ivr.replay.recording import HUNG_UP, Visit

#: rows that are fetched from the server at once
AT_ONCE = 500
#: kinds of entries that tell how a visit went; what was heard counts only where the caller hung up
TELLING = (
    *("began", "entered", "pressed", "spoke", "silent", "left", "dialed", "screened", "known"),
    *("queued", "unqueued", "joined", "failed", "ended"),
)
HEARING = ("heard", "answered")
#: what is another in each call, and decides nothing
OWN = (
    *(
        "leg",
        "seconds",
        "contact",
        "matches",
        "number",
        "position",
        "who",
        "role",
        "line",
        "detail",
        "targets",
        "agent",
    ),
    *("twiml",),
)

_TEXT = """
    SELECT call.id, call.started_at, visit.ending, call.from_number, call.to_number, call.direction,
        extract(epoch FROM visit.began_at)::float8, told.text, told.moments, told.waits, {answers}
    FROM calls_call call JOIN ivr_visit visit ON visit.call_id = call.id
    CROSS JOIN LATERAL (
        SELECT string_agg(
                CASE event.kind WHEN 'answered' THEN 'answered'
                ELSE event.kind || ' ' || (event.data - %(own)s::text[])::text END, E'\\n' ORDER BY event.id
            ) AS text,
            string_agg(extract(epoch FROM event.at)::text, ' ' ORDER BY event.id) AS moments,
            array_agg((event.data->>'seconds')::int ORDER BY event.id) FILTER (WHERE event.kind = 'unqueued') AS waits
        FROM calls_callevent event
        WHERE event.call_id = call.id AND (
            event.kind = ANY(%(telling)s) OR (event.kind = ANY(%(hearing)s) AND (visit.ending = %(hung_up)s OR %(all)s))
        )
    ) told
    WHERE {where}
    ORDER BY call.started_at, call.id
"""
_ANSWERS = """
    (SELECT jsonb_object_agg(asked.step, asked.answer ORDER BY asked.wanted_at)
     FROM ivr_lookup asked WHERE asked.call_id = call.id AND asked.state = 'answered')
"""
# a flow is met also by who comes there from another one; of who has no history any more, the version tells it
_MET = """
    call.started_at >= %(since)s AND call.started_at < %(until)s AND visit.ended_at IS NOT NULL
    AND (%(lines)s::bigint[] IS NULL OR visit.line_id = ANY(%(lines)s))
    AND (visit.version_id = ANY(%(versions)s) OR EXISTS (
        SELECT FROM calls_callevent entered WHERE entered.call_id = call.id AND entered.kind = 'entered'
        AND entered.data->>'flow' = %(flow)s
    ))
"""
_AFTER = " AND (call.started_at, call.id) > (%(after_at)s, %(after)s)"


@dataclass(frozen=True, slots=True)
class Period:
    """Which visits are meant: those that met a flow, of calls that began between two moments, on some lines or all."""

    flow: int
    since: datetime
    until: datetime
    lines: tuple[int, ...] = ()


class Row(NamedTuple):
    """A recorded visit, and where it stands in the order in which they are read."""

    call: UUID
    at: datetime
    visit: Visit


def count(period: Period) -> int:
    """Tell how many visits there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM calls_call call JOIN ivr_visit visit ON visit.call_id = call.id WHERE {_MET}",  # noqa: S608
            _values(period),
        )
        return int(cursor.fetchone()[0])


def visits(
    period: Period, *, after: tuple[datetime, UUID] | None = None, limit: int | None = None, answers: bool = True
) -> Iterator[Row]:
    """Give the visits in the order of their calls, so many from one on; `answers`: with those of look-ups."""
    where = _MET + (_AFTER if after else "")
    at, call = after or (None, None)
    values = _values(period) | {"after_at": at, "after": call, "limit": limit, "all": False}
    yield from _read(where, values, answers=answers, limit=limit)


def visit_of(call: UUID) -> Visit | None:
    """Give one visit, with all that the caller heard."""
    values = {"call": call, "all": True, "limit": None}
    return next((row.visit for row in _read("call.id = %(call)s", values, answers=True, limit=None)), None)


def calls(period: Period) -> QuerySet[Call]:
    """Give the calls of a period, for pages that list them."""
    entered = CallEvent.objects.filter(
        call=OuterRef("pk"), kind=EventKind.ENTERED, data__contains={"flow": str(period.flow)}
    )
    found = Call.objects.filter(
        Q(visit__version__flow=period.flow) | Exists(entered),
        started_at__gte=period.since,
        started_at__lt=period.until,
        visit__ended_at__isnull=False,
    )
    return found.filter(visit__line__in=period.lines) if period.lines else found


def _read(where: str, values: dict[str, Any], *, answers: bool, limit: int | None) -> Iterator[Row]:
    statement = _TEXT.format(where=where, answers=_ANSWERS if answers else "NULL")
    if limit is not None:
        statement += " LIMIT %(limit)s"
    shared = {"own": list(OWN), "telling": list(TELLING), "hearing": list(HEARING), "hung_up": HUNG_UP}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, values | shared)
        while rows := cursor.fetchmany(AT_ONCE):
            for row in rows:
                yield _row(row)


def _row(row: tuple[Any, ...]) -> Row:
    call, at, ending, caller, called, direction, began, text, moments, waits, answers = row
    if direction.startswith("outbound"):
        caller, called = called, caller
    found = json.loads(answers) if answers else {}
    return Row(call, at, Visit(text or "", moments or "", waits or (), began, ending, caller, called, str(call), found))


def _values(period: Period) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id) FROM ivr_version WHERE flow_id = %s", [period.flow])
        versions = cursor.fetchone()[0] or []
    return {
        "since": period.since,
        "until": period.until,
        "lines": list(period.lines) or None,
        "versions": versions,
        "flow": str(period.flow),
    }
