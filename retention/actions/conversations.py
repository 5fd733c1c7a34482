"""Deleting conversations: a customer's call, its legs, and all that hangs on them in any table."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from calls.models import Call, CallEvent
from conferences.models import Conference, Participant
from conferences.room import Role
from crm.models import Event
from dialing.models import Attempt
from outbound.models import Order
from outbound.states import LIVE
from queues.models import Callback, Entry, Handling
from recordings.actions.deleting import delete_recordings
from recordings.models import Discard, Recording
from recordings.states import State
from telephony.models import Delivery

_LEGS = """
    WITH RECURSIVE met (id) AS (
        SELECT unnest(%(calls)s::uuid[])
        UNION
        SELECT near.id FROM met CROSS JOIN LATERAL (
            SELECT leg.id FROM calls_call AS leg WHERE leg.parent_id = met.id
            UNION ALL
            SELECT beside.call_id FROM conferences_conference AS room
            JOIN conferences_participant AS beside ON beside.conference_id = room.id
            WHERE room.customer_id = met.id AND beside.role <> %(customer)s
        ) AS near (id)
        WHERE near.id IS NOT NULL
        AND NOT EXISTS (SELECT FROM conferences_conference AS own WHERE own.customer_id = near.id)
    )
    SELECT id FROM met
"""


def with_legs(calls: Collection[UUID]) -> set[UUID]:
    """Give customers' calls with their legs: those rung by them, and those rung into their rooms."""
    with connection.cursor() as cursor:
        cursor.execute(_LEGS, {"calls": list(calls), "customer": Role.CUSTOMER})
        return {row[0] for row in cursor.fetchall()}


def delete_conversations(calls: Collection[UUID], *, deleted_for: str, at: datetime) -> Counter[str]:
    """Delete customers' calls with all that hangs on them, and tell how much went of each table.

    Of recordings that are not purged yet the rows stay, without a call, until they are. The database refuses all of it
    where one is held.
    """
    with transaction.atomic():
        gone = with_legs(calls)
        return delete_calls(gone, rooms=Conference.objects.filter(customer__in=gone), deleted_for=deleted_for, at=at)


def delete_calls(
    calls: Collection[UUID], *, rooms: "QuerySet[Conference]", deleted_for: str, at: datetime
) -> Counter[str]:
    """Delete these calls and no leg more, with what hangs on them, and these rooms."""
    went: Counter[str] = Counter()
    with transaction.atomic():
        let_evidence_go()
        sids = list(Call.objects.filter(pk__in=calls).values_list("sid", flat=True))
        delete_recordings(
            list(Recording.objects.kept().filter(call__in=calls).values_list("pk", flat=True)),
            deleted_for=deleted_for,
            at=at,
        )
        room_ids = list(rooms.values_list("pk", flat=True))
        callbacks = Callback.objects.filter(call__in=calls).values("pk")
        entries = Entry.objects.filter(Q(call__in=calls) | Q(callback__in=callbacks) | Q(conference__in=room_ids))
        beside = Participant.objects.filter(Q(call__in=calls) | Q(call_sid__in=[sid for sid in sids if sid]))
        entered = list(beside.exclude(conference__in=room_ids).values_list("conference", flat=True))
        waits = ~Q(state=State.DELETED) | Q(purged_at__isnull=False) | Q(state=State.ABSENT)
        recordings = Recording.objects.filter(waits, call__in=calls)
        for rows in (
            Handling.objects.filter(Q(entry__in=entries.values("pk")) | Q(conference__in=room_ids)),
            entries,
            Callback.objects.filter(call__in=calls),
            Order.objects.filter(Q(call__in=calls) | Q(conference__in=room_ids)).exclude(state__in=LIVE),
            Attempt.objects.filter(call__in=calls),
            beside,
            Conference.objects.filter(pk__in=room_ids),
            emptied(entered),
            recordings,
            Delivery.objects.filter(call_sid__in=[sid for sid in sids if sid]),
            CallEvent.objects.filter(call__in=calls),
            _told_of(calls),
            Call.objects.filter(pk__in=calls),
        ):
            add(went, rows.delete()[1])
    return went


def _told_of(calls: Collection[UUID]) -> "QuerySet[Event]":
    """Give the events about these calls, and those of conversations in which there is no other call."""
    gone = Call.objects.filter(pk__in=calls)
    others = Call.objects.filter(conversation=OuterRef("conversation")).exclude(pk__in=calls)
    alone = Q(conversation__in=list(gone.values_list("conversation", flat=True))) & ~Exists(others)
    return Event.objects.filter(Q(call__in=calls) | alone)


def delete_histories(calls: Collection[UUID]) -> int:
    """Delete what the histories of these conversations tell."""
    with transaction.atomic():
        deleted, _ = CallEvent.objects.filter(call__in=with_legs(calls)).delete()
    return deleted


def emptied(rooms: Collection[UUID]) -> "QuerySet[Conference]":
    """Give those of the rooms in which nobody is known any more, and that are over."""
    anybody = Participant.objects.filter(conference=OuterRef("pk"))
    return Conference.objects.filter(~Exists(anybody), pk__in=rooms, ended_at__isnull=False, customer__isnull=True)


def let_evidence_go() -> None:
    """Say for this transaction that evidence goes with what it is evidence of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('compliance.erasing', 'on', true)")


def add(went: Counter[str], deleted: Mapping[str, int]) -> None:
    went.update({label: count for label, count in deleted.items() if count})


def forget_tombstones(*, before: datetime, limit: int) -> int:
    """Delete the rows of recordings that are gone everywhere, and whose call is gone, too."""
    rows = Recording.objects.filter(
        ~Exists(Discard.objects.filter(recording=OuterRef("pk"))),
        state=State.DELETED,
        call__isnull=True,
        purged_at__lt=before,
    )
    with transaction.atomic():
        ids = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Recording.objects.filter(pk__in=ids).delete()
    return len(ids)
