"""Claiming what is to be fetched, and noting what became of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from recordings.actions.rows import tell
from recordings.models import Recording
from recordings.states import State

# A claim lasts this long and is renewed while audio flows: so long waits the work of a worker that was killed.
LEASE = timedelta(seconds=60)
STORING_LEASE = timedelta(minutes=10)  # a bucket takes the file in one piece, and nobody renews meanwhile
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
TRIES = 20  # over about three days
SWEPT_AT_ONCE = 100
CLAIMS_LOCK = 0x7265_636F  # "reco"; any number that no other advisory lock uses


def sweep_due(*, at: datetime) -> list[UUID]:
    """Name the recordings whose audio should be fetched now, the oldest first."""
    return list(Recording.objects.due(at=at).order_by("announced_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def claim_fetch(recording_id: UUID, *, at: datetime) -> Recording | None:
    """Claim a recording for this worker; None where it is not due, or as many are being fetched as may be."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS_LOCK])  # the count must hold until the claim
        if Recording.objects.claimed(at=at).count() >= settings.RECORDING_FETCHES:
            return None
        won = (
            Recording.objects.due(at=at)
            .filter(pk=recording_id)
            .update(leased_until=at + LEASE, attempts=models.F("attempts") + 1)
        )
        return Recording.objects.get(pk=recording_id) if won else None


def renew_claim(recording: Recording, *, until: datetime) -> bool:
    """Keep a claim; False where it has run out and somebody else has it: then stop."""
    won = Recording.objects.filter(pk=recording.pk, leased_until=recording.leased_until).update(leased_until=until)
    recording.leased_until = until
    return won == 1


def note_fetched(recording: Recording, *, name: str, size: int, sha256: str, at: datetime) -> bool:
    """Note that the audio is in our storage. False where the claim was lost meanwhile, and nothing is changed."""
    return _settle(
        recording,
        {
            "state": State.FETCHED,
            "audio": name,
            "size": size,
            "sha256": sha256,
            "fetched_at": at,
            "failure": "",
            "retry_at": None,
        },
        at=at,
    )


def note_fetch_failed(recording: Recording, *, why: str, at: datetime) -> bool:
    """Note in words why the audio could not be had, and when to try again: each pause twice as long, at last never."""
    retry_at = None if recording.attempts >= TRIES else at + pause_after(recording.attempts)
    return _settle(recording, {"state": State.FAILED, "failure": why, "retry_at": retry_at}, at=at)


def pause_after(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << attempts - 1), LONGEST_PAUSE)


def retry(recording: Recording, *, at: datetime) -> bool:
    """Make a failed recording due now, with all its tries; False where it has not failed."""
    failed = Recording.objects.filter(pk=recording.pk, state=State.FAILED)
    return failed.update(retry_at=at, attempts=0) == 1


def _settle(recording: Recording, changes: dict[str, Any], *, at: datetime) -> bool:
    was = recording.state
    with transaction.atomic():
        held = Recording.objects.filter(
            pk=recording.pk, leased_until=recording.leased_until, state__in=[State.READY, State.FAILED]
        )
        if not held.update(leased_until=None, **changes):
            return False
        recording.refresh_from_db()
        if changes["state"] != was:
            tell(recording, at=at)
    return True
