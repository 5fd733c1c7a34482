"""A text in place of a call that did not come about: once for a person in a period, in allowed hours."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from calls.models import Call
from calls.states import FINAL
from compliance.models import Scope
from dialing import calling_hours
from messaging import missed
from messaging.actions.sending import NotSent, send
from messaging.models import FallbackRule, Message
from messaging.rules import Fallback, comes_again, goes_at, governing
from messaging.states import Missed, Rule, State, Why
from queues.models import Entry
from queues.states import EntryState
from recordings.models import MissedCall
from telephony import numbers

logger = logging.getLogger(__name__)

FALLING_BACK = 0x6D69_7373  # "miss"; the second key is of the number
SETTLES = timedelta(minutes=1)  # from a call's end until all that hangs on it is written down
LOOKED_BACK = timedelta(minutes=30)
SWEPT_AT_ONCE = 100


def fall_back(call_id: UUID, *, at: datetime) -> Message | None:
    """Want a text in place of a call that did not come about, if a rule says so; None where none does.

    Whether it is sent or not, and why, a row tells: one for each call, whoever comes to it first.
    """
    with transaction.atomic():
        rules = list(FallbackRule.objects.filter(is_active=True).select_related("queue", "sender"))
        call = Call.objects.filter(pk=call_id).first() if rules else None
        if call is None or (kind := missed.how(call)) is None:
            return None
        scope = Scope.objects.filter(pk=call_id).select_related("queue").first()
        queue = scope.queue if scope else None
        language = scope.language if scope else ""
        by_id = {rule.pk: rule for rule in rules}
        chosen = governing(map(_as_rule, rules), queue=queue.pk if queue else None, language=language)
        if chosen is None or kind not in chosen.after:
            return None
        _alone_with(call.other_end)
        if Message.objects.filter(call=call, why=Why.FALLBACK).exists():
            return None
        rule = by_id[chosen.id]
        our_number = scope.number if scope and scope.number else call.our_end
        values: dict[str, Any] = {
            "body": rule.body.replace("{number}", numbers.show(our_number)).replace(
                "{queue}", queue.name if queue else ""
            ),
            "call": call,
            "language": language,
            "fallback": rule,
            "why": Why.FALLBACK,
        }
        moment = _moment(chosen, call.other_end, at=at)
        if isinstance(moment, Rule):
            values["forbidden"] = moment
        elif moment > at:
            values["not_before"] = moment
        try:
            return send(to=call.other_end, queue=queue, sender=rule.sender, at=at, **values)
        except NotSent as told:
            return told.message


def sweep_missed(*, at: datetime) -> list[UUID]:
    """Name calls that may have to be followed by a text and were looked at by nobody, a bounded number."""
    if not FallbackRule.objects.filter(is_active=True).exists():
        return []
    gave_up = Exists(
        Entry.objects.filter(call=OuterRef("pk"), state__in=(EntryState.ABANDONED, EntryState.TIMED_OUT))
    ) | Exists(MissedCall.objects.filter(call=OuterRef("pk")))
    unreached = Q(direction__startswith="outbound", status__in=missed.OUTBOUND, attempt__isnull=False)
    rows = Call.objects.filter(
        unreached | Q(gave_up),
        ~Exists(Message.objects.filter(call=OuterRef("pk"), why=Why.FALLBACK)),
        status__in=FINAL,
        ended_at__gte=at - LOOKED_BACK,
        ended_at__lt=at - SETTLES,
    )
    # in no order: those that no rule is for must not stand before the others
    return list(rows.order_by("?").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def _moment(rule: Fallback, number: str, *, at: datetime) -> datetime | Rule:
    """Give when the text goes, or the rule by which it does not."""
    if not numbers.is_e164(number):
        return Rule.NO_NUMBER
    sent = Message.objects.filter(thread__number=number, why=Why.FALLBACK, at__gt=at - rule.every).exclude(
        state=State.NOT_SENT
    )
    if comes_again(rule, list(sent.values_list("at", flat=True)), at=at):
        return Rule.ALREADY
    return goes_at(rule, calling_hours.zones(number, default=settings.TIME_ZONE), at=at) or Rule.HOURS


def _as_rule(row: FallbackRule) -> Fallback:
    wishes = {
        Missed.BUSY: row.after_busy,
        Missed.UNANSWERED: row.after_unanswered,
        Missed.FAILED: row.after_failed,
        Missed.ABANDONED: row.after_abandoned,
    }
    return Fallback(
        id=row.pk,
        queue=row.queue_id,
        language=row.language,
        after=frozenset(kind for kind, wanted in wishes.items() if wanted),
        every=timedelta(hours=row.every_hours),
        opens=row.opens,
        closes=row.closes,
        waits=timedelta(hours=row.waits_hours),
    )


def _alone_with(number: str) -> None:
    """Let one transaction at a time decide on texts to a person: of two calls at once only one leads to a text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [FALLING_BACK, number])
