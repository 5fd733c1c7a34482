"""Claiming the next stage of a recording, and noting what became of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from recordings.actions.rows import change, moved, tell, tell_failed
from recordings.files import Sealed
from recordings.models import Copy, Recording
from recordings.pipeline import FETCHING, LEADS_TO, LONGEST_PAUSE, TRIES, Stage, beside, counts_anew, pause_after
from recordings.signals import recording_stored
from recordings.states import LOSABLE, CopyKind, State

# A claim lasts this long and is renewed while the work goes on: so long waits the work of a worker that was killed.
LEASE = timedelta(seconds=60)
SWEPT_AT_ONCE = 100
CLAIMS_LOCK = 0x7265_636F  # "reco"; any number that no other advisory lock uses
# What a crash of the database forgets of this transaction is only done again: no need to wait for the disk.
FORGETTABLE = "SET LOCAL synchronous_commit = off"
SPOOLED = frozenset({State.FETCHED, State.VERIFIED})
UNHEARD = "It was tried again and again, and each time the worker came to its end without a word; its log may say why."


def sweep_due(*, at: datetime, stages: Collection[Stage] = tuple(Stage), most: int = SWEPT_AT_ONCE) -> list[UUID]:
    """Name the recordings on which somebody should work now, the oldest first."""
    due = Recording.objects.due(at=at, stages=stages).order_by("announced_at")
    return list(due.values_list("pk", flat=True)[:most])


def claim_stage(recording_id: UUID, *, at: datetime) -> Recording | None:
    """Claim a recording's next stage for this worker; None where it is not due, or where enough of its kind are.

    The claim lasts for all stages of one kind: what was fetched lies on this machine.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FORGETTABLE)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS_LOCK])  # the count must hold until the claim
        recording = Recording.objects.due(at=at).select_for_update(no_key=True).filter(pk=recording_id).first()
        if recording is None:
            return None
        stages = beside(Stage(recording.stage))
        most = settings.RECORDING_FETCHES if stages is FETCHING else settings.TRANSCRIPTIONS_AT_ONCE
        if Recording.objects.claimed(at=at, stages=stages).count() >= most:
            return None
        if recording.attempts >= TRIES:  # a worker that fails says so, and is heard
            change(recording, {"failure": recording.failure or UNHEARD, "retry_at": None, "leased_until": None})
            tell_failed(recording, at=at)
            return None
        change(recording, {"leased_until": at + lease_of(recording), "attempts": recording.attempts + 1})
        return recording


def lease_of(recording: Recording) -> timedelta:
    """Tell how long a claim lasts without being renewed: as long as a provider of speech to text may be waited for."""
    is_quick = not recording.stage or recording.stage in FETCHING
    return LEASE if is_quick else LEASE + timedelta(seconds=settings.TRANSCRIPTION_TIMEOUT)


def renew_claim(recording: Recording, *, until: datetime) -> bool:
    """Keep a claim; False where it has run out and somebody else has it: then stop."""
    won = Recording.objects.filter(pk=recording.pk, leased_until=recording.leased_until).update(leased_until=until)
    recording.leased_until = until
    return won == 1


def note_fetched(recording: Recording, file: Sealed, *, at: datetime) -> bool:
    """Note what was fetched, and where it lies. False, as of all the following: the claim was lost meanwhile."""
    with transaction.atomic():
        if not climb(recording, {}, at=at):
            return False
        keep_copy(recording, file, seconds=None, at=at)
    return True


def note_verified(recording: Recording, *, seconds: float, channels: int, at: datetime) -> bool:
    """Note that what was fetched is whole, and what it is."""
    with transaction.atomic():
        if not climb(recording, {"channels": channels}, at=at):
            return False
        Copy.objects.filter(recording=recording, kind=CopyKind.ORIGINAL).update(seconds=seconds)
    return True


def note_stored(recording: Recording, *, at: datetime) -> bool:
    """Note that the sound is in our storage."""
    with transaction.atomic():
        if not climb(recording, {"stored_at": at}, at=at):
            return False
        recording_stored.send(sender=Recording, recording=recording, at=at)
    return True


def note_cleared(recording: Recording, *, at: datetime) -> bool:
    """Note that Twilio has it no more."""
    with transaction.atomic():
        return climb(recording, {"cleared_at": at}, at=at)


def note_failed(
    recording: Recording, *, why: str, at: datetime, is_final: bool = False, not_before: timedelta = timedelta()
) -> bool:
    """Note in words why a stage failed, and when it is tried again: each pause twice as long, at last never."""
    pause = None if is_final else pause_after(recording.attempts)
    return _fall(recording, {}, why=why, pause=pause and max(pause, not_before), at=at)


def step_back(recording: Recording, *, why: str, at: datetime) -> bool:
    """Have a recording fetched again after a pause, because what we hold of it is not what it should be."""
    assert recording.state in LOSABLE
    # a storage that gives back something else is not to be fetched for again and again
    pause = LONGEST_PAUSE if recording.is_here else pause_after(recording.attempts)
    return _fall(recording, {"state": State.READY, "stage": Stage.FETCH}, why=why, pause=pause, at=at)


def retry(recording: Recording, *, at: datetime) -> bool:
    """Make what has failed due now, with all its tries; False where nothing has failed."""
    return Recording.objects.failing().filter(pk=recording.pk).update(retry_at=at, attempts=0) == 1


def keep_copy(recording: Recording, file: Sealed, *, seconds: float | None, at: datetime) -> None:
    """Note a file of the recording, in place of the one before of its kind."""
    values: dict[str, Any] = {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "seconds": seconds,
        "key_id": file.key_id,
        "sealed_key": file.sealed_key,
        "made_at": at,
        "waves": [],
    }
    Copy.objects.bulk_create(
        [Copy(recording=recording, kind=file.kind, **values)],
        update_conflicts=True,
        unique_fields=["recording", "kind"],
        update_fields=list(values),
    )


def climb(recording: Recording, changes: dict[str, Any], *, at: datetime) -> bool:
    """Reach the state to which the claimed stage leads; the claim goes on where the next stage is of the same kind.

    For a transaction, in which what was made is noted, too. False where the claim was lost.
    """
    stage = Stage(recording.stage)
    state = LEADS_TO[stage]
    changes |= moved(recording, state)
    if counts_anew(state):
        changes |= {"attempts": 0, "failure": "", "retry_at": None}
    goes_on = changes["stage"] in beside(stage)
    if goes_on and counts_anew(state):
        changes["attempts"] = 1
    changes["leased_until"] = at + lease_of(recording) if goes_on else None
    was = recording.state
    if state in SPOOLED:
        with connection.cursor() as cursor:
            cursor.execute(FORGETTABLE)
    if not held(recording).update(**changes):
        return False
    if state in SPOOLED:
        for name, value in changes.items():
            setattr(recording, name, value)
        return True
    recording.refresh_from_db()
    if recording.state != was:
        tell(recording, at=at)
    return True


def _fall(recording: Recording, changes: dict[str, Any], *, why: str, pause: timedelta | None, at: datetime) -> bool:
    is_new = not recording.failure
    changes |= {"failure": why, "retry_at": pause and at + pause}
    with transaction.atomic():
        if not held(recording).update(leased_until=None, **changes):
            return False
        recording.refresh_from_db()
        if is_new:
            tell_failed(recording, at=at)
    return True


def held(recording: Recording) -> "models.QuerySet[Recording]":
    """Give the row of a recording, as long as it is claimed as we know it."""
    return Recording.objects.filter(
        pk=recording.pk, leased_until=recording.leased_until, state=recording.state, stage=recording.stage
    )
