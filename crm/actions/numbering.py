"""Giving events their place: in the feed, and in their conversation.

One numberer at a time, and positions become visible in their order: whoever polls and has seen position 7 will never be
shown a 6 that they have not seen, in whatever order the transactions commit that wrote the events.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from crm.actions import delivering, whose
from crm.models import Event, Numbering

# Keys of advisory locks: held by who numbers, and by who is next.
NUMBERING, NEXT = 7_811_001, 7_811_002
AT_ONCE = 500

FIND = """
UPDATE crm_event SET conversation = calls_call.conversation FROM calls_call
WHERE crm_event.id = ANY(%(ids)s) AND calls_call.id = crm_event.call
    AND crm_event.conversation IS DISTINCT FROM calls_call.conversation
"""
# In the order in which they were written, and in a conversation after those that have a number already.
NUMBER = """
WITH fresh AS (
    SELECT id, conversation, row_number() OVER (ORDER BY id) AS place,
           row_number() OVER (PARTITION BY conversation ORDER BY id) AS turn
    FROM crm_event WHERE id = ANY(%(ids)s)
), before AS (
    SELECT wanted.conversation, coalesce((
        SELECT max(sequence) FROM crm_event WHERE crm_event.conversation = wanted.conversation), 0) AS sequence
    FROM (SELECT DISTINCT conversation FROM fresh WHERE conversation IS NOT NULL) AS wanted
)
UPDATE crm_event SET
    position = %(after)s + fresh.place,
    sequence = CASE WHEN fresh.conversation IS NULL THEN NULL ELSE before.sequence + fresh.turn END
FROM fresh LEFT JOIN before USING (conversation)
WHERE crm_event.id = fresh.id
"""


def number(*, at: datetime) -> int:
    """Number all events that are committed and have no number yet, and return how many.

    Returns 0 at once where another call of this function waits for its turn: that one will see all that this would.
    """
    if not _ask("pg_try_advisory_lock", NEXT):
        return 0
    numbered, is_next = 0, True
    try:
        while True:
            with transaction.atomic():
                _ask("pg_advisory_xact_lock", NUMBERING)
                if is_next:
                    is_next = not _ask("pg_advisory_unlock", NEXT)  # from here on, events may be too late for us to see
                some = _number_some(at)
            numbered += some
            if some < AT_ONCE:
                return numbered
    finally:
        if is_next:
            _ask("pg_advisory_unlock", NEXT)


def _number_some(at: datetime) -> int:
    found = list(Event.objects.unnumbered().order_by("id").values_list("id", flat=True)[:AT_ONCE])
    if found:
        _find_conversations(found)
        last, _made = Numbering.objects.get_or_create(pk=1)
        _give_places(found, after=last.position)
        Numbering.objects.filter(pk=1).update(position=last.position + len(found))
        whose.note_whose(found)
        delivering.fan_out(found, at=at)
    return len(found)


def _find_conversations(ids: Sequence[int]) -> None:
    """Of events about a call: its conversation may have become known after them, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, {"ids": list(ids)})


def _give_places(ids: Sequence[int], *, after: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, {"ids": list(ids), "after": after})


def _ask(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        return cursor.fetchone()[0] is not False
