"""Looking for what is known of a number: each thing becomes an item of the erasure, once however often it is looked.

What is found again after it was thought gone is open again.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from compliance import holds
from retention.actions.conversations import with_legs
from retention.models import Erasure
from retention.places import PLACES, Place
from retention.things import Thing
from retention.traces import pattern

AT_ONCE = 500

# The calls that somebody with the number was on, each with the calls of the customers in whose conversations it is.
_CALLS = """
    WITH RECURSIVE person (id) AS (
        SELECT id FROM calls_call WHERE from_number = %(number)s
        UNION SELECT id FROM calls_call WHERE to_number = %(number)s
        UNION SELECT id FROM calls_call WHERE forwarded_from = %(number)s OR caller_name ~ %(pattern)s
        UNION SELECT call_id FROM compliance_scope WHERE caller = %(number)s
        UNION SELECT call_id FROM conferences_participant WHERE address = %(number)s AND call_id IS NOT NULL
        UNION SELECT id FROM calls_call WHERE sid = ANY (%(told)s)
    ),
    climb (id, top) AS (
        SELECT id, id FROM person
        UNION
        SELECT climb.id, above.id FROM climb CROSS JOIN LATERAL (
            SELECT parent_id FROM calls_call WHERE calls_call.id = climb.top
            UNION ALL
            SELECT room.customer_id FROM conferences_participant AS mine
            JOIN conferences_conference AS room ON room.id = mine.conference_id
            WHERE mine.call_id = climb.top AND mine.role <> 'customer'
        ) AS above (id)
        WHERE above.id IS NOT NULL AND above.id <> climb.top
    )
    SELECT climb.id, climb.top, climb.top IN (SELECT id FROM person)
    FROM climb JOIN calls_call AS highest ON highest.id = climb.top
    WHERE highest.parent_id IS NULL AND NOT EXISTS (
        SELECT FROM conferences_participant AS mine JOIN conferences_conference AS room ON room.id = mine.conference_id
        WHERE mine.call_id = climb.top AND mine.role <> 'customer' AND room.customer_id <> climb.top
    )
"""
# Of these calls those on which the person was heard by others than their own agents.
_HEARD = """
    SELECT id FROM calls_call WHERE id = ANY (%(legs)s) AND answered_at IS NOT NULL
    UNION
    SELECT mine.call_id FROM conferences_participant AS mine
    JOIN conferences_conference AS room ON room.id = mine.conference_id
    WHERE mine.call_id = ANY (%(own)s) AND room.customer_id IS NULL
"""
# What is found becomes an item each; what is found again after it was thought gone is open again.
_NOTE = """
    INSERT INTO retention_erasureitem AS item (erasure_id, kind, key, state, found_at, tries, why, went)
    SELECT %(erasure)s, %(kind)s, found.key, 'found', %(at)s, 0, '', '{}' FROM (
"""
_NOTED = """
    ) AS found (key)
    ON CONFLICT (erasure_id, kind, key) DO UPDATE
    SET state = 'found', why = '', retry_at = NULL, done_at = NULL, checked_at = NULL, asked_at = NULL, tries = 0
    WHERE item.state IN ('done', 'checked')
"""
_KEYS = "SELECT unnest(%(keys)s::text[])"
_CALLBACKS = "SELECT id::text FROM queues_callback WHERE number = %(number)s"
_TEXTS = "SELECT id::text FROM messaging_thread WHERE number = %(number)s"
_ORDERS = "SELECT id::text FROM outbound_order WHERE number = %(number)s"
_ATTEMPTS = "SELECT id::text FROM dialing_attempt WHERE number = %(number)s"
_HOLDS = "SELECT id::text FROM compliance_hold WHERE caller = %(number)s"
_CONTACTS = "SELECT DISTINCT contact_id::text FROM contacts_contactnumber WHERE number = %(number)s"
_OPT_OUTS = "SELECT id::text FROM contacts_optout WHERE number = %(number)s"
# Of contacts that have no other number, and of those that became one with them. Those of calls go with these, and in
# all others the number is hidden.
_EVENTS = """
    WITH RECURSIVE gone (id) AS (
        SELECT mine.contact_id FROM contacts_contactnumber AS mine WHERE mine.number = %(number)s AND NOT EXISTS (
            SELECT FROM contacts_contactnumber AS other WHERE other.contact_id = mine.contact_id
            AND other.number <> %(number)s
        )
        UNION
        SELECT change.other FROM gone JOIN contacts_change AS change ON change.contact = gone.id
        WHERE change.what = 'merged' AND change.other IS NOT NULL
    )
    SELECT event.id::text FROM crm_event AS event WHERE event.contact IN (SELECT id FROM gone)
"""
_DELIVERIES = """
    SELECT id::text FROM telephony_delivery
    WHERE call_sid = ANY (%(sids)s) OR form::text ~ %(pattern)s OR answer ~ %(pattern)s OR error ~ %(pattern)s
"""
# Recordings of these calls, but for those that are gone for good already.
_RECORDINGS = """
    SELECT id::text FROM recordings_recording
    WHERE call_id = ANY (%(calls)s) AND NOT (state = 'deleted' AND purged_at IS NOT NULL) AND state <> 'absent'
"""
_SIDS = "SELECT sid FROM calls_call WHERE id = ANY (%s) AND sid <> ''"


def look_here(erasure: Erasure, *, sids: Collection[str] = (), at: datetime) -> None:
    """Find what our own tables know of the number, of the calls with these sids, and whom to ask Twilio about.

    A conversation of which the person is the customer goes as a whole. Where the person was rung into the conversation
    of somebody else only their part goes, and what was recorded of it: their voice is on that.
    """
    told = {
        "number": erasure.number,
        "pattern": pattern(erasure.number),
        "told": list(sids),
        "erasure": erasure.pk,
        "at": at,
    }
    with transaction.atomic():
        rows = _read(_CALLS, told)
        own = {top for _call, top, is_own in rows if is_own}
        legs = {call for call, _top, is_own in rows if not is_own}
        whole = with_legs(own)
        legs -= whole
        heard = _read(_HEARD, {"legs": list(legs), "own": list(own)})
        shared = {one for (call,) in heard for one in holds.conversation(call)}
        known = [row[0] for row in _read(_SIDS, [list(whole | legs)])]
        note_found(erasure, Thing.CALL, map(str, own), at=at)
        note_found(erasure, Thing.LEG, map(str, legs), at=at)
        note_found(erasure, Thing.TWILIO_CALL, known, at=at)
        _note(Thing.RECORDING, _RECORDINGS, told | {"calls": list(whole | legs | shared)})
        _note(Thing.CALLBACK, _CALLBACKS, told)
        _note(Thing.EVENT, _EVENTS, told)
        _note(Thing.CONTACT, _CONTACTS, told)
        _note(Thing.OPT_OUT, _OPT_OUTS, told)
        _note(Thing.TEXT, _TEXTS, told)
        _note(Thing.ORDER, _ORDERS, told)
        _note(Thing.ATTEMPT, _ATTEMPTS, told)
        _note(Thing.DELIVERY, _DELIVERIES, told | {"sids": known})
        _note(Thing.HOLD, _HOLDS, told)
        for place in PLACES:
            _look_at(place, told, going=whole | legs)


def note_found(erasure: Erasure, kind: Thing, keys: Iterable[str], *, at: datetime) -> None:
    """Note things by their ids, in batches, whoever has found them."""
    rest = iter(keys)
    while batch := list(islice(rest, AT_ONCE)):
        _note(kind, _KEYS, {"erasure": erasure.pk, "at": at, "keys": batch})


def _look_at(place: Place, told: dict[str, Any], *, going: Collection[UUID]) -> None:
    table = apps.get_model(place.model)._meta.db_table
    named = " OR ".join(f"row.{field}::text ~ %(pattern)s" for field in place.fields)
    goes = f"coalesce({place.call} = ANY (%(going)s), false)"
    rows = f"SELECT %(model)s || ':' || row.id FROM {table} AS row WHERE ({named}) AND NOT {goes}"  # noqa: S608  our names
    _note(Thing.MENTION, rows, told | {"model": place.model, "going": list(going)})


def _note(kind: Thing, keys: str, told: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(" ".join((_NOTE, keys, _NOTED)), told | {"kind": kind})


def _read(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
