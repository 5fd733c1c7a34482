"""Figures of a queue's day, by definitions that are shown with them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from queues.models import Queue
from queues.states import EntryState


@dataclass(frozen=True, slots=True)
class Day:
    """Callers (no callbacks) who came since the day began.

    `service_level`: of all who were answered or gave up after the queue's `short_abandon` seconds, the share that was
    answered within `answer_within` seconds; None before there was anybody.
    """

    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    abandoned_short: int
    timed_out: int
    left: int
    longest_wait: timedelta
    answer_within: int
    answer_share: int
    short_abandon: int

    @property
    def service_level(self) -> float | None:
        counted = self.answered + self.abandoned - self.abandoned_short
        return self.answered_in_time / counted if counted else None

    @property
    def shown_level(self) -> int | None:
        """The service level in whole percent, rounded down: what is not reached is not shown as reached."""
        return None if self.service_level is None else int(self.service_level * 100)


def today(queue_ids: Collection[int] | None, *, since: datetime) -> Mapping[int, Day]:
    """Give the figures of those who joined at `since` or later, all queues for None. One query.

    Callbacks are left out, and who came back to the line from an agent is counted once, as answered.
    """
    queues = Queue.objects.all() if queue_ids is None else Queue.objects.filter(pk__in=queue_ids)
    came = Q(entries__joined_at__gte=since, entries__callback__isnull=True)
    answered = came & Q(entries__answered_at__isnull=False)
    unanswered = came & Q(entries__answered_at__isnull=True)
    abandoned = unanswered & Q(entries__state=EntryState.ABANDONED)
    rows: QuerySet[Any] = queues.annotate(
        offered=Count("entries", filter=came),
        answered=Count("entries", filter=answered),
        answered_in_time=Count("entries", filter=answered & Q(entries__answered_at__lte=_after("answer_within"))),
        abandoned=Count("entries", filter=abandoned),
        abandoned_short=Count("entries", filter=abandoned & Q(entries__ended_at__lt=_after("short_abandon"))),
        timed_out=Count("entries", filter=unanswered & Q(entries__state=EntryState.TIMED_OUT)),
        left=Count("entries", filter=unanswered & Q(entries__state=EntryState.LEFT)),
        longest=Max(Coalesce(F("entries__answered_at"), F("entries__ended_at")) - F("entries__joined_at"), filter=came),
    )
    return {
        row.pk: Day(
            offered=row.offered,
            answered=row.answered,
            answered_in_time=row.answered_in_time,
            abandoned=row.abandoned,
            abandoned_short=row.abandoned_short,
            timed_out=row.timed_out,
            left=row.left,
            longest_wait=row.longest or timedelta(0),
            answer_within=row.answer_within,
            answer_share=row.answer_share,
            short_abandon=row.short_abandon,
        )
        for row in rows.order_by("name")
    }


def _after(seconds: str) -> Combinable:
    """Give the moment that lies a queue's number of seconds after somebody joined it."""
    span = ExpressionWrapper(F(seconds) * Value(timedelta(seconds=1)), output_field=DurationField())
    return ExpressionWrapper(F("entries__joined_at") + span, output_field=DateTimeField())
