"""Deliveries: made when events are numbered, claimed by whoever sends them, and noted.

A later event of a conversation waits until the one before is delivered or given up. What waits so is looked at once for
each try of what it waits for: it is put off as far as that, and woken when that is done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.actions import subscribing
from crm.models import Delivery, Subscription, Try
from crm.retrying import PATIENCE, Outcome, Verdict, is_worn_out
from crm.signals import deliveries_due
from crm.states import DeliveryState

LEASE = timedelta(seconds=60)  # longer than a try may take
LOOKED_AT = 100  # of each subscription, at once
MOST_KEPT = 16_384  # letters of a body in the log
MOST_REPLAYED = 10_000

FAN_OUT = """
INSERT INTO crm_delivery (id, subscription_id, event_id, conversation, position, state, tries, due_at, made_at)
SELECT gen_random_uuid(), crm_subscription.id, crm_event.id, crm_event.conversation, crm_event.position, 'waiting', 0,
       %(at)s, %(at)s
FROM crm_event
JOIN crm_subscription ON crm_event.only_id = crm_subscription.id OR crm_event.only_id IS NULL AND (
    crm_subscription.types = '{}' OR crm_event.type = ANY (crm_subscription.types))
JOIN agents_user ON agents_user.id = crm_subscription.owner_id AND agents_user.is_active
WHERE crm_event.id = ANY (%(ids)s) AND crm_subscription.disabled_at IS NULL
ON CONFLICT (event_id, subscription_id) DO NOTHING
"""
# Who is first in its line, and may be tried; who stands behind is put off, unless it was woken or taken meanwhile.
LOOK = """
WITH due AS MATERIALIZED (
    SELECT seen.id, seen.subscription_id, seen.due_at, seen.position, coalesce(first.id, seen.id) AS first,
        greatest(first.due_at, %(until)s) AS until
    FROM unnest(%(subscriptions)s::uuid[]) AS free (id)
    CROSS JOIN LATERAL (
        SELECT id, subscription_id, conversation, due_at, position FROM crm_delivery
        WHERE subscription_id = free.id AND state = 'waiting' AND due_at <= %(at)s
        ORDER BY due_at, position LIMIT %(most)s) AS seen
    LEFT JOIN LATERAL (
        SELECT id, due_at FROM crm_delivery
        WHERE subscription_id = seen.subscription_id AND conversation = seen.conversation AND state = 'waiting'
        ORDER BY position LIMIT 1) AS first ON true
), behind AS (
    SELECT crm_delivery.id, due.until FROM due JOIN crm_delivery ON crm_delivery.id = due.id
    WHERE due.first <> due.id AND crm_delivery.due_at = due.due_at
    FOR UPDATE OF crm_delivery SKIP LOCKED
), put_off AS (
    UPDATE crm_delivery SET due_at = behind.until FROM behind WHERE crm_delivery.id = behind.id
)
SELECT id, subscription_id FROM due WHERE first = id ORDER BY due_at, position
"""
CLAIM = """
UPDATE crm_delivery SET tries = tries + 1, due_at = %(until)s
WHERE id IN (
    SELECT id FROM crm_delivery WHERE id = ANY (%(ids)s) AND state = 'waiting' AND due_at <= %(at)s
    FOR UPDATE SKIP LOCKED)
RETURNING id
"""
NOTE = """
UPDATE crm_delivery SET state = done.state, due_at = done.due_at,
    ended_at = CASE WHEN done.state = 'waiting' THEN NULL ELSE %(at)s::timestamptz END
FROM unnest(%(ids)s::uuid[], %(tries)s::int[], %(states)s::text[], %(moments)s::timestamptz[])
    AS done (id, tries, state, due_at)
WHERE crm_delivery.id = done.id AND crm_delivery.tries = done.tries AND crm_delivery.state = 'waiting'
RETURNING crm_delivery.id
"""
# Written also where it is due already: whoever is about to put it off sees that it is another row by now.
WAKE = """
UPDATE crm_delivery SET due_at = %(at)s
FROM unnest(%(subscriptions)s::uuid[], %(conversations)s::uuid[]) AS done (subscription_id, conversation)
WHERE crm_delivery.id = (
    SELECT id FROM crm_delivery AS next
    WHERE next.subscription_id = done.subscription_id AND next.conversation = done.conversation
        AND next.state = 'waiting' ORDER BY next.position LIMIT 1)
    AND crm_delivery.tries = 0
"""


class TooMany(Exception):
    """So many events are not replayed at once; the text says what to do, for people."""


@dataclass(frozen=True, slots=True)
class Told:
    """One try of one delivery: what was sent, what came back, and what follows of it."""

    delivery: Delivery
    verdict: Verdict
    at: datetime
    milliseconds: int
    request_headers: Mapping[str, str]
    request_body: str
    status: int | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer_body: str = ""
    failure: str = ""


def fan_out(events: Sequence[int], *, at: datetime) -> int:
    """Make the deliveries of events that have just been numbered, and return how many."""
    with connection.cursor() as cursor:
        cursor.execute(FAN_OUT, {"ids": list(events), "at": at})
        made: int = cursor.rowcount
    if made:
        deliveries_due.send(sender=Delivery)
    return made


def claim(free: Mapping[UUID, int], *, room: int, at: datetime) -> list[Delivery]:
    """Claim deliveries that are due, in a conversation only the next one.

    Of each subscription at most as many as `free` says, and `room` of all: by turns, so that none has all of it.
    """
    if not free or room <= 0:
        return []
    with transaction.atomic():
        lines: dict[UUID, list[UUID]] = {subscription: [] for subscription in free}
        values = {"subscriptions": list(free), "at": at, "until": at + LEASE, "most": LOOKED_AT}
        for pk, subscription in _rows(LOOK, values):
            lines[subscription].append(pk)
        turns = zip_longest(*(line[: free[subscription]] for subscription, line in lines.items()))
        wanted = [pk for turn in turns for pk in turn if pk is not None][:room]
        if not wanted:
            return []
        claimed = [row[0] for row in _rows(CLAIM, {"ids": wanted, "at": at, "until": at + LEASE})]
        rows = Delivery.objects.filter(pk__in=claimed).select_related("event", "subscription__owner")
        return list(rows.order_by("position"))


def note(told: Sequence[Told], *, at: datetime) -> None:
    """Note what came of tries: the log, what is tried again and when, who waits behind, and how subscriptions fare.

    A claim that was lost meanwhile leaves a line in the log and moves nothing.
    """
    if not told:
        return
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(no_key=True).filter(pk__in=[one.delivery.pk for one in told])
        there = set(rows.values_list("pk", flat=True))  # without those whose subscription was removed meanwhile
        told = [one for one in told if one.delivery.pk in there]
        Try.objects.bulk_create([_logged(one) for one in told])
        values = {
            "ids": [one.delivery.pk for one in told],
            "tries": [one.delivery.tries for one in told],
            "states": [str(_state(one.verdict)) for one in told],
            "moments": [at + one.verdict.pause for one in told],
            "at": at,
        }
        noted = {row[0] for row in _rows(NOTE, values)}
        done = [one.delivery for one in told if one.delivery.pk in noted and one.verdict.outcome is not Outcome.AGAIN]
        _wake(done, at=at)
        _note_health(told, at=at)


def drop(deliveries: Iterable[Delivery], *, at: datetime) -> None:
    """Forget deliveries of events that their subscription's owner may not see."""
    rows = list(deliveries)
    if rows:
        Delivery.objects.filter(pk__in=[one.pk for one in rows]).delete()
        _wake(rows, at=at)


def replay(delivery: Delivery, *, at: datetime) -> None:
    """Send one once more, whatever became of it; its receiver sees the same `webhook-id`."""
    again = Delivery.objects.filter(pk=delivery.pk)
    again.update(state=DeliveryState.WAITING, tries=0, due_at=at, ended_at=None)
    deliveries_due.send(sender=Delivery)


def replay_range(subscription: Subscription, *, since: datetime, until: datetime, at: datetime) -> int:
    """Send all events of a stretch of time once more, also those of which it was not told; return how many.

    Raises TooMany.
    """
    found: dict[str, Any] = {"subscription": subscription.pk, "since": since, "until": until, "at": at}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM (SELECT FROM crm_event JOIN crm_subscription ON crm_subscription.id ="
                " %(subscription)s WHERE crm_event.occurred_at >= %(since)s AND crm_event.occurred_at < %(until)s"
                " AND position IS NOT NULL AND only_id IS NULL AND (types = '{}' OR type = ANY (types)) LIMIT %(most)s)"
                " AS found",
                found | {"most": MOST_REPLAYED + 1},
            )
            if cursor.fetchone()[0] > MOST_REPLAYED:
                raise TooMany(
                    _("More than %(most)d events happened then. Choose a shorter time.") % {"most": MOST_REPLAYED}
                )
            cursor.execute(
                "INSERT INTO crm_delivery (id, subscription_id, event_id, conversation, position, state, tries, due_at,"
                " made_at) SELECT gen_random_uuid(), crm_subscription.id, crm_event.id, crm_event.conversation,"
                " crm_event.position, 'waiting', 0, %(at)s, %(at)s FROM crm_event JOIN crm_subscription ON"
                " crm_subscription.id = %(subscription)s WHERE crm_event.occurred_at >= %(since)s AND"
                " crm_event.occurred_at < %(until)s AND position IS NOT NULL AND only_id IS NULL"
                " AND (types = '{}' OR type = ANY (types)) ON CONFLICT (event_id, subscription_id)"
                " DO UPDATE SET state = 'waiting', tries = 0, due_at = excluded.due_at, ended_at = NULL",
                found,
            )
            count: int = cursor.rowcount
        deliveries_due.send(sender=Delivery)
    return count


def _wake(done: Sequence[Delivery], *, at: datetime) -> None:
    """Let the next one of each conversation be tried now."""
    lines = {(one.subscription_id, one.conversation) for one in done if one.conversation is not None}
    if lines:
        with connection.cursor() as cursor:
            subscriptions, conversations = zip(*lines, strict=True)
            found: dict[str, Any] = {
                "subscriptions": list(subscriptions),
                "conversations": list(conversations),
                "at": at,
            }
            cursor.execute(WAKE, found)


def _note_health(told: Sequence[Told], *, at: datetime) -> None:
    well = {one.delivery.subscription_id for one in told if one.verdict.outcome is Outcome.DELIVERED}
    ill = {one.delivery.subscription_id for one in told} - well
    Subscription.objects.filter(pk__in=well, failing_since__isnull=False).update(failing_since=None)
    Subscription.objects.filter(pk__in=ill, failing_since__isnull=True).update(failing_since=at)
    gone = {one.delivery.subscription_id for one in told if one.verdict.outcome is Outcome.GONE}
    for subscription in Subscription.objects.filter(pk__in=ill | gone, disabled_at__isnull=True):
        if subscription.pk in gone:
            subscribing.disable(subscription, because=_("Its address says that it is gone (410)."), at=at)
        elif is_worn_out(subscription.failing_since, at=at):
            days = PATIENCE.days
            because = _("It has accepted nothing for %(days)d days.") % {"days": days}
            subscribing.disable(subscription, because=because, at=at)


def _logged(told: Told) -> Try:
    return Try(
        delivery=told.delivery,
        number=told.delivery.tries,
        at=told.at,
        milliseconds=told.milliseconds,
        request_headers=dict(told.request_headers),
        request_body=told.request_body[:MOST_KEPT],
        status=told.status,
        answer_headers=dict(told.answer_headers),
        answer_body=told.answer_body[:MOST_KEPT].replace("\0", ""),
        failure=told.failure[:255],
    )


def _state(verdict: Verdict) -> DeliveryState:
    match verdict.outcome:
        case Outcome.DELIVERED:
            return DeliveryState.DELIVERED
        case Outcome.AGAIN:
            return DeliveryState.WAITING
        case Outcome.GIVEN_UP | Outcome.GONE:
            return DeliveryState.GIVEN_UP


def _rows(statement: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
