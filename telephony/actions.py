"""Every write of this app: deliveries as they come and are answered, and the account's numbers as Twilio tells them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from telephony import client
from telephony.models import Delivery, PhoneNumber


class Received(NamedTuple):
    """A delivery that we hold the lock on. `answer` is None unless it was answered before."""

    id: int
    status_code: int
    answer: str | None


# Each of these is on the path of every webhook: one statement, without the ORM's own cost.
_RECEIVE = """
    INSERT INTO telephony_delivery AS delivery
        (identity, path, call_sid, form, state, attempts, answer, error, received_at)
    VALUES (%s, %s, %s, %s, 'received', 1, '', '', %s)
    ON CONFLICT (identity) DO UPDATE SET attempts = delivery.attempts + 1
    RETURNING id, state, status_code, answer
"""
_SETTLE = "UPDATE telephony_delivery SET state = 'done', status_code = %s, answer = %s WHERE id = %s"
_NOTE_FAILURE = """
    INSERT INTO telephony_delivery AS delivery
        (identity, path, call_sid, form, state, attempts, answer, error, received_at)
    VALUES (%s, %s, %s, %s, 'failed', 1, '', %s, %s)
    ON CONFLICT (identity) DO UPDATE SET
        attempts = delivery.attempts + 1,
        error = excluded.error,
        state = CASE delivery.state WHEN 'done' THEN 'done' ELSE 'failed' END
"""


def receive_delivery(*, identity: str, path: str, call_sid: str, form: Mapping[str, str], at: datetime) -> Received:
    """Store a request or find it stored, and hold its lock to the end of the transaction: a repeat waits here."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVE, (identity, path[:512], call_sid, json.dumps(form), at))
        found, state, status_code, answer = cursor.fetchone()
    done = state == Delivery.State.DONE
    return Received(found, status_code if done else 0, answer if done else None)


def settle_delivery(delivery: int, *, status_code: int, answer: str) -> None:
    """Keep the answer for every repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, (status_code, answer, delivery))


def note_failure(*, identity: str, path: str, call_sid: str, form: Mapping[str, str], error: str, at: datetime) -> None:
    """Keep the evidence of an attempt that was rolled back; what another attempt answered meanwhile stays answered."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_FAILURE, (identity, path[:512], call_sid, json.dumps(form), error, at))


def note_number(record: client.Number, *, at: datetime) -> PhoneNumber:
    """Mirror one number of the account."""
    mirrored, _ = PhoneNumber.objects.update_or_create(
        sid=record.sid, defaults=_columns(record) | {"synchronized_at": at}
    )
    return mirrored


@transaction.atomic
def synchronize_numbers(records: Iterable[client.Number], *, at: datetime) -> None:
    """Mirror all numbers of the account. Those that are no longer in it stay, marked as gone: calls speak of them.

    A number that left and came back has another SID, and keeps its row.
    """
    present = {record.sid: record for record in records}
    for record in present.values():
        PhoneNumber.objects.filter(number=record.number).exclude(sid=record.sid).update(sid=record.sid)
        note_number(record, at=at)
    PhoneNumber.objects.exclude(sid__in=present).filter(is_gone=False).update(is_gone=True, synchronized_at=at)


def _columns(record: client.Number) -> dict[str, object]:
    return {
        "number": record.number,
        "friendly_name": record.friendly_name,
        "voice_url": record.voice_url,
        "voice_method": record.voice_method,
        "voice_fallback_url": record.voice_fallback_url,
        "status_callback": record.status_callback,
        "voice_application_sid": record.voice_application_sid,
        "sms_url": record.sms_url,
        "sms_fallback_url": record.sms_fallback_url,
        "sms_application_sid": record.sms_application_sid,
        "trunk_sid": record.trunk_sid,
        "capabilities": dict(record.capabilities),
        "is_gone": False,
    }
