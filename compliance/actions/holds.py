"""Legal holds: placed, reviewed, lifted. What one covers never changes; whoever wants more places another one."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agents.models import User
from compliance import holds
from compliance.actions import access
from compliance.models import Hold
from compliance.states import Access

SUBJECT = "hold"


class NotActive(Exception):
    """Somebody has lifted the hold meanwhile."""


def place(hold: Hold, *, by: User, address: str | None, at: datetime) -> Hold:
    """Place a hold that is not saved yet.

    It waits until deletions that have begun are over: what they have marked by then goes, everything else stays.
    """
    with transaction.atomic():
        hold.placed_by, hold.placed_at = by, at
        hold.save(force_insert=True)
        _log(Access.HELD, hold, reason=hold.reason, by=by, address=address, at=at)
    return hold


def would_cover(hold: Hold, *, by: User, at: datetime) -> holds.Covered:
    """Count what a hold that is not saved would cover: it is placed for that, and taken back."""
    with transaction.atomic():
        hold.placed_by, hold.placed_at = by, at
        hold.save(force_insert=True)
        covered = holds.covered(hold.pk)
        transaction.set_rollback(True)
    hold._state.adding = True
    return covered


def review(hold_id: UUID, *, again_at: date, by: User, address: str | None, at: datetime) -> Hold:
    """Note that somebody found a hold still needed, and when to look again. Raises NotActive."""
    with transaction.atomic():
        hold = _active(hold_id)
        hold.review_at, hold.told_at = again_at, None
        hold.save(update_fields=["review_at", "told_at"])
        detail = {"review": again_at.isoformat()}
        _log(Access.HELD, hold, reason=hold.reason, detail=detail, by=by, address=address, at=at)
    return hold


def lift(hold_id: UUID, *, because: str, by: User, address: str | None, at: datetime) -> Hold:
    """Lift a hold: from now on what it covered may be deleted. Raises NotActive."""
    with transaction.atomic():
        hold = _active(hold_id)
        hold.lifted_at, hold.lifted_by, hold.lifted_because = at, by, because
        hold.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
        _log(Access.RELEASED, hold, reason=because, by=by, address=address, at=at)
    return hold


def claim_telling(hold_id: UUID, *, at: datetime) -> bool:
    """Claim the one e-mail that tells the owner of a review; False where it was sent, or there is nothing to tell."""
    due = Hold.objects.due(on=at.date()).filter(pk=hold_id, told_at__isnull=True)
    return due.update(told_at=at) == 1


def note_untold(hold_id: UUID) -> None:
    """Note that the e-mail could not be sent, so that it is tried again."""
    Hold.objects.active().filter(pk=hold_id).update(told_at=None)


def _active(hold_id: UUID) -> Hold:
    hold = Hold.objects.active().select_for_update().filter(pk=hold_id).first()
    if hold is None:
        raise NotActive
    return hold


def _log(
    action: Access,
    hold: Hold,
    *,
    reason: str,
    by: User,
    address: str | None,
    at: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    access.log(
        user=by,
        address=address,
        action=action,
        subject=SUBJECT,
        subject_id=hold.pk,
        reason=reason,
        detail=detail or {},
        at=at,
    )
