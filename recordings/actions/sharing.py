"""What leaves the house: links to share, and files with the mark of who took them."""

from datetime import datetime, timedelta

from django.db import transaction

from agents.models import User
from compliance.actions import access
from compliance.models import AccessEntry
from compliance.states import Access
from recordings.actions.listening import RECORDING
from recordings.models import Copy, Recording, ShareLink
from recordings.ranges import whole

LONGEST_SHARE = timedelta(days=30)


class TooLong(Exception):
    """A link lasts a moment at least, and thirty days at most."""


def share(
    recording: Recording, *, by: User, reason: str, lasts: timedelta, address: str | None, at: datetime
) -> ShareLink:
    """Make a link by which anybody hears the recording, as people hear it, for a while. Raises TooLong."""
    if not timedelta(0) < lasts <= LONGEST_SHARE:
        raise TooLong
    with transaction.atomic():
        link = ShareLink.objects.create(recording=recording, by=by, reason=reason, at=at, expires_at=at + lasts)
        access.log(
            user=by,
            address=address,
            action=Access.SHARED,
            subject=RECORDING,
            subject_id=recording.pk,
            reason=reason,
            detail={"link": str(link.pk), "until": link.expires_at.isoformat()},
            at=at,
        )
    return link


def unshare(link: ShareLink, *, by: User, address: str | None, at: datetime) -> bool:
    """Take a link back; False where it was taken back or has run out already."""
    with transaction.atomic():
        if not ShareLink.objects.open(at=at).filter(pk=link.pk).update(revoked_at=at, revoked_by=by):
            return False
        access.log(
            user=by,
            address=address,
            action=Access.UNSHARED,
            subject=RECORDING,
            subject_id=link.recording_id,
            detail={"link": str(link.pk)},
            at=at,
        )
    return True


def note_download(
    recording: Recording, copy: Copy, *, by: User, reason: str, ending: str, address: str | None, at: datetime
) -> AccessEntry:
    """Log that a person takes a recording out of the house as a file; the file will name this entry."""
    return access.log(
        user=by,
        address=address,
        action=Access.DOWNLOADED,
        subject=RECORDING,
        subject_id=recording.pk,
        reason=reason,
        detail={"copy": copy.kind, "format": ending, "of": whole(copy.seconds or recording.seconds or 0)},
        at=at,
    )
