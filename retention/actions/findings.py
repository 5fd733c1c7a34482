"""What lies on one side alone: comparisons go on day by day, and people say what becomes of what they find."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from agents.models import User
from calls.models import Call
from compliance import holds
from compliance.actions import access
from compliance.states import Access
from messaging.actions import keeping
from recordings import actions as recordings
from recordings.actions.deleting import delete_recording, delete_recordings
from recordings.models import Discard, Recording
from recordings.states import LOSABLE
from retention.models import Comparison, Finding
from retention.states import FINDING_MOVES, FindingState, Orphan, origins

LEASE = timedelta(minutes=3)
EACH = timedelta(days=7)
YOUNG = timedelta(days=1)
PAUSE = timedelta(minutes=15)


class NotPossible(Exception):
    """This cannot be done with a finding of this kind, or not any more. The message is for a person."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that has no other side, as it is found."""

    kind: Orphan
    name: str
    recording: Any = None
    media: Any = None
    call_sid: str = ""
    made_at: datetime | None = None


def begin(*, at: datetime) -> Comparison | None:
    """Begin the comparison of the week; None where it was made already, or goes on."""
    if Comparison.objects.filter(began_at__gt=at - EACH).exists():
        return None
    try:
        with transaction.atomic():
            return Comparison.objects.create(began_at=at, until=at - YOUNG)
    except IntegrityError:  # one goes on
        return None


def claim(comparison_id: int, *, at: datetime) -> Comparison | None:
    won = Comparison.objects.idle(at=at).filter(pk=comparison_id).update(leased_until=at + LEASE)
    return Comparison.objects.get(pk=comparison_id) if won else None


def renew(comparison: Comparison, *, at: datetime) -> bool:
    """Keep a claim; False where it was lost: then stop."""
    won = _held(comparison).update(leased_until=at + LEASE)
    comparison.leased_until = at + LEASE
    return bool(won)


def note_day(comparison: Comparison, found: Iterable[Found], *, at: datetime, **changes: Any) -> bool:
    """Note what a day's comparison has found, and that it was made. False where the claim was lost."""
    with transaction.atomic():
        note_found(comparison, found, at=at)
        counted = {name: F(name) + changes.pop(name) for name in ("files", "copies", "recordings") if name in changes}
        return bool(_held(comparison).update(trouble="", **counted, **changes))


def note_found(comparison: Comparison, found: Iterable[Found], *, at: datetime) -> None:
    """Note findings, each once; one that was settled and is there again is open again."""
    for one in found:
        finding, _made = Finding.objects.update_or_create(
            kind=one.kind,
            name=one.name,
            defaults={"seen_in": comparison, "recording_id": one.recording, "media_id": one.media},
            create_defaults={
                "seen_in": comparison,
                "recording_id": one.recording,
                "media_id": one.media,
                "call_sid": one.call_sid,
                "made_at": one.made_at,
                "found_at": at,
            },
        )
        if finding.state == FindingState.SETTLED:
            _move(finding, FindingState.OPEN, {"settled_at": None, "found_at": at})


def note_trouble(comparison: Comparison, why: str, *, at: datetime) -> None:
    _held(comparison).update(trouble=why, next_at=at + PAUSE, leased_until=None)


def release(comparison: Comparison) -> None:
    """Give the claim back, for the next worker to go on."""
    _held(comparison).update(leased_until=None, next_at=None)


def finish(comparison: Comparison, *, at: datetime) -> None:
    """Close a comparison: what it did not find any more is settled."""
    with transaction.atomic():
        if not _held(comparison).update(done_at=at, leased_until=None, trouble=""):
            return
        gone = Finding.objects.filter(state__in=origins(FINDING_MOVES, FindingState.SETTLED))
        gone.exclude(seen_in=comparison).update(state=FindingState.SETTLED, settled_at=at)


def mark_known(finding: Finding, *, note: str, by: User) -> None:
    """Say that something is right as it is; it is not shown as a problem any more. Raises NotPossible."""
    _must(finding, FindingState.KNOWN, {"note": note, "by": by})


def delete(finding: Finding, *, by: User, address: str | None, at: datetime) -> None:
    """Delete what lies there: the file, the row that has none, or Twilio's recording. Workers do it soon.

    Raises `holds.Held`, and NotPossible.
    """
    with holds.refusing():
        _must(finding, FindingState.SETTLED, {"settled_at": at, "by": by})
        match Orphan(finding.kind):
            case Orphan.FILE:
                Discard.objects.create(name=finding.name, at=at)
            case Orphan.ROW:
                if finding.media is not None:
                    keeping.give_up(finding.media)
                if finding.recording is not None:
                    delete_recording(finding.recording, why="its file is lost", by=by, address=address, at=at)
            case Orphan.AT_TWILIO:
                _bury(finding, at=at)
            case Orphan.STILL_AT_TWILIO:
                pass  # of ours nothing goes: a task asks Twilio once more
        access.log(
            user=by,
            address=address,
            action=Access.DELETED,
            subject="finding",
            subject_id=finding.pk,
            reason=finding.get_kind_display(),
            detail={"name": finding.name},
            at=at,
        )


def fetch_again(finding: Finding, *, by: User, at: datetime) -> None:
    """Have a recording or texted media fetched whose file is lost, while Twilio still has it. Raises NotPossible."""
    if finding.media is not None:
        with transaction.atomic():
            _must(finding, FindingState.SETTLED, {"settled_at": at, "by": by})
            if not keeping.fetch_again(finding.media, at=at):
                raise NotPossible("Somebody works on it just now.")
        return
    recording = finding.recording
    if recording is None or recording.cleared_at is not None or recording.state not in LOSABLE:
        raise NotPossible("Twilio does not have it any more.")
    with transaction.atomic():
        _must(finding, FindingState.SETTLED, {"settled_at": at, "by": by})
        if not recordings.step_back(recording, why="its file is lost", at=at):
            raise NotPossible("Somebody works on it just now.")
        recordings.retry(recording, at=at)


def note_adopted(finding: Finding, *, by_id: int | None, at: datetime) -> None:
    """Note that a recording that Twilio alone had is ours now."""
    _move(finding, FindingState.SETTLED, {"settled_at": at, "by_id": by_id})


def _bury(finding: Finding, *, at: datetime) -> None:
    """Make the row of a recording that we never knew, and delete it: what deletes all others deletes this one, too."""
    call = Call.objects.filter(sid=finding.call_sid).exclude(sid="").first()
    recording, _made = Recording.objects.get_or_create(
        sid=finding.name, defaults={"call": call, "announced_at": finding.made_at or at}
    )
    delete_recordings([recording.pk], deleted_for=f"finding {finding.pk}", at=at)


def _held(comparison: Comparison) -> "QuerySet[Comparison]":
    return Comparison.objects.filter(pk=comparison.pk, leased_until=comparison.leased_until, done_at__isnull=True)


def _must(finding: Finding, state: FindingState, changes: dict[str, Any]) -> None:
    if not _move(finding, state, changes):
        raise NotPossible("It is settled already.")


def _move(finding: Finding, state: FindingState, changes: dict[str, Any]) -> bool:
    movable = Finding.objects.filter(pk=finding.pk, state__in=origins(FINDING_MOVES, state))
    return movable.update(state=state, **changes) == 1
