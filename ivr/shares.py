"""Reads from the history of calls how those ended that a step has shared out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from calls.states import FINAL
from ivr.kinds.send_away import SENT_AWAY

# each call counts once, by the way that it took first; what counts is what came after that
_READ = """
WITH shared AS (
  SELECT DISTINCT ON (event.call_id) event.call_id, event.id, event.at, event.data->>'exit' AS way,
    call.ended_at, call.status = ANY(%(final)s) AS is_over
  FROM calls_call call JOIN calls_callevent event ON event.call_id = call.id
  WHERE call.started_at >= %(since)s AND call.started_at < %(until)s AND event.kind = 'left'
    AND event.data->>'step' = %(step)s
  ORDER BY event.call_id, event.id
), ended AS (
  SELECT shared.*, visit.ending,
    EXISTS (SELECT FROM queues_entry entry WHERE entry.call_id = shared.call_id AND entry.answered_at >= shared.at)
    OR EXISTS (
      SELECT FROM calls_callevent event
      WHERE event.call_id = shared.call_id AND event.id > shared.id AND event.kind = 'dialed' AND (
        event.data->>'bridged' = 'true'
        OR (event.data->>'bridged' IS NULL AND event.data->>'status' IN ('completed', 'answered'))
      )
    ) AS person,
    EXISTS (
      SELECT FROM calls_callevent event
      WHERE event.call_id = shared.call_id AND event.id > shared.id AND event.kind = 'voicemail'
    ) AS mailbox
  FROM shared LEFT JOIN ivr_visit visit ON visit.call_id = shared.call_id
)
SELECT way, count(*) FILTER (WHERE is_over),
  count(*) FILTER (WHERE is_over AND person),
  count(*) FILTER (WHERE is_over AND mailbox AND NOT person),
  count(*) FILTER (WHERE is_over AND NOT person AND NOT mailbox AND ending = 'caller hung up'),
  count(*) FILTER (WHERE is_over AND NOT person AND NOT mailbox AND ending = %(away)s),
  coalesce(avg(extract(epoch FROM ended_at - at)::float) FILTER (WHERE is_over AND ended_at >= at), 0),
  count(*) FILTER (WHERE NOT is_over)
FROM ended GROUP BY way
"""


@dataclass(frozen=True, slots=True)
class Way:
    """How the calls of a way ended: of all `calls` that are over. `seconds` are the mean from the step to the end.

    A call that reached a person counts there alone, also if a message was left later.
    """

    exit: str
    calls: int = 0
    person: int = 0
    mailbox: int = 0
    gave_up: int = 0
    away: int = 0
    seconds: float = 0.0
    live: int = 0

    @property
    def otherwise(self) -> int:
        """Ended some other way, such as by the flow itself, or with a call back promised."""
        return self.calls - self.person - self.mailbox - self.gave_up - self.away


def ways(step: int, *, since: datetime, until: datetime) -> dict[str, Way]:
    """Tell of the calls that came in then, by the way on which they left the step."""
    asked: dict[str, Any] = {
        "final": sorted(FINAL),
        "since": since,
        "until": until,
        "step": str(step),
        "away": SENT_AWAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, asked)
        found = [Way(*row) for row in cursor.fetchall()]
    return {way.exit: way for way in found}
