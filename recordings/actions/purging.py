"""What is left of deleted recordings outside of our rows: claimed by workers, and noted as gone."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from recordings.models import Copy, Discard, Recording

Rows = TypeVar("Rows", bound=QuerySet[Any])

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
NO_FILES = ~Exists(Discard.objects.filter(recording=OuterRef("pk")))


def claim_discards(*, limit: int, at: datetime, recordings: Collection[UUID] | None = None) -> list[Discard]:
    """Claim files to delete, the oldest first: those of some recordings, or any.

    While a worker still brings a recording in, its files wait: it might write one more.
    """
    rows = _due(Discard.objects.all(), at=at)
    if recordings is not None:
        rows = rows.filter(recording__in=recordings)
    brought_in = Recording.objects.filter(pk=OuterRef("recording"), leased_until__gt=at)
    rows = rows.filter(~Exists(brought_in)).order_by("at", "pk")
    with transaction.atomic():
        claimed = list(rows.select_for_update(skip_locked=True)[:limit])
        Discard.objects.filter(pk__in=[row.pk for row in claimed]).update(
            leased_until=at + LEASE, attempts=F("attempts") + 1
        )
    for row in claimed:
        row.attempts += 1
    return claimed


def spoken_of(names: Collection[str]) -> set[str]:
    """Give those files of which a copy speaks: made anew meanwhile."""
    return set(Copy.objects.filter(name__in=names).values_list("name", flat=True))


def note_discarded(discards: Collection[int]) -> None:
    """Note that files are gone."""
    with transaction.atomic():
        Discard.objects.filter(pk__in=discards).delete()


def note_discard_failed(discard: Discard, *, why: str, at: datetime) -> None:
    Discard.objects.filter(pk=discard.pk).update(
        failure=why, leased_until=None, retry_at=at + pause_after(discard.attempts)
    )


def note_unheard_of(*, at: datetime, recordings: Collection[UUID] | None = None) -> int:
    """Note, of deleted recordings that Twilio had not any more anyway, that with their files they are gone."""
    rows = _due(Recording.objects.purging(), at=at).filter(NO_FILES, cleared_at__isnull=False)
    if recordings is not None:
        rows = rows.filter(pk__in=recordings)
    return int(rows.update(purged_at=at, failure="", retry_at=None, leased_until=None))


def claim_purges(*, limit: int, at: datetime, recordings: Collection[UUID] | None = None) -> list[Recording]:
    """Claim deleted recordings whose files are gone and whose audio at Twilio is to be deleted, the oldest first."""
    rows = _due(Recording.objects.purging(), at=at).filter(NO_FILES, cleared_at__isnull=True)
    if recordings is not None:
        rows = rows.filter(pk__in=recordings)
    rows = rows.order_by("deleted_at", "pk")
    with transaction.atomic():
        claimed = list(rows.select_for_update(skip_locked=True, no_key=True)[:limit])
        Recording.objects.filter(pk__in=[row.pk for row in claimed]).update(
            leased_until=at + LEASE, attempts=F("attempts") + 1
        )
    for row in claimed:
        row.attempts += 1
    return claimed


def note_purged(recordings: Collection[UUID], *, at: datetime) -> None:
    """Note that nothing is left of these anywhere that we can reach."""
    Recording.objects.purging().filter(pk__in=recordings).update(
        purged_at=at, cleared_at=Coalesce("cleared_at", at), failure="", retry_at=None, leased_until=None
    )


def note_purge_failed(recording: Recording, *, why: str, at: datetime) -> None:
    """Note in words why Twilio has it still; it is tried again, each pause twice as long, up to a quarter of a day."""
    Recording.objects.purging().filter(pk=recording.pk).update(
        failure=why, leased_until=None, retry_at=at + pause_after(recording.attempts)
    )


def pause_after(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << min(max(attempts, 1) - 1, 20)), LONGEST_PAUSE)


def _due(rows: Rows, *, at: datetime) -> Rows:
    return rows.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=at), Q(retry_at__isnull=True) | Q(retry_at__lte=at)
    )
