"""The callers of a day are counted by step and exit, from the history of their calls."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from calls.models import EventKind
from ivr.actions.visits import CALLER_HUNG_UP
from ivr.figures import DAYS
from ivr.models import StepCount

# Who hangs up after they were connected, or after their message, has not given up.
_COUNT = """
WITH visit AS (
    SELECT visit.call_id, visit.ending, visit.position ->> 'step' AS step
    FROM calls_call AS call JOIN ivr_visit AS visit ON visit.call_id = call.id
    WHERE call.started_at >= %(begin)s AND call.started_at < %(end)s
), passed AS (
    SELECT event.data ->> 'step' AS step, event.data ->> 'exit' AS exit, count(*) AS callers
    FROM visit JOIN calls_callevent AS event ON event.call_id = visit.call_id
    WHERE event.kind = %(left)s
    GROUP BY 1, 2
), gone AS (
    SELECT step, '' AS exit, count(*) AS callers
    FROM visit
    WHERE ending = %(hung_up)s AND step <> ''
    AND NOT EXISTS (
        SELECT FROM calls_callevent AS event WHERE event.call_id = visit.call_id AND event.kind = ANY(%(served)s)
    )
    AND NOT EXISTS (SELECT FROM calls_call AS leg WHERE leg.parent_id = visit.call_id AND leg.answered_at IS NOT NULL)
    GROUP BY 1
)
INSERT INTO ivr_stepcount (day, step, exit, callers)
SELECT %(day)s, left(step, 32), left(exit, 80), callers
FROM (SELECT * FROM passed UNION ALL SELECT * FROM gone) AS counted
WHERE step <> '' AND exit IS NOT NULL
ON CONFLICT (step, day, exit) DO UPDATE SET callers = excluded.callers
"""


def count_days(*, at: datetime) -> None:
    """Count today's and yesterday's callers anew, and earlier days that were not counted yet; forget what is old."""
    today = at.astimezone(UTC).date()
    shown = [today - timedelta(days=back) for back in range(DAYS)]
    counted = set(StepCount.objects.filter(day__in=shown).values_list("day", flat=True).distinct())
    for day in shown:
        if day not in counted or day >= today - timedelta(days=1):
            count_day(day)
    StepCount.objects.filter(day__lt=today - timedelta(days=400)).delete()


def count_day(day: date) -> None:
    """Count the callers whose calls began on a day, in place of what was counted of it before."""
    begin = datetime.combine(day, time(), UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        StepCount.objects.filter(day=day).delete()
        cursor.execute(
            _COUNT,
            {
                "begin": begin,
                "end": begin + timedelta(days=1),
                "day": day,
                "left": EventKind.LEFT,
                "hung_up": CALLER_HUNG_UP,
                "served": [EventKind.JOINED, EventKind.VOICEMAIL],
            },
        )
