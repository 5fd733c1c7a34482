"""Who listened, and why: each request for sound is logged before its first byte and after its last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents.models import User
from compliance.actions import access
from compliance.models import AccessEntry
from compliance.states import Access
from recordings.models import Copy, GivenReason, Recording, ShareLink, Transcript, Voicemail
from recordings.ranges import Part, stretch, whole
from recordings.states import VoicemailStatus

REASON_LASTS = timedelta(minutes=30)  # and as long as it takes to hear the recording
RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens: a person, or whoever has a link; from where, for what reason, and whether to what is hidden too."""

    user: User | None
    address: str | None
    reason: str = ""
    link: ShareLink | None = None
    hears_hidden: bool = False

    @property
    def who(self) -> str:
        """The name in the log, where it is not the user's own."""
        return f"link by {self.link.by.get_username()}" if self.link else ""


def give_reason(recording: Recording, *, by: User, reason: str, of_original: bool, at: datetime) -> GivenReason:
    """Take in why a person wants to hear a recording, or its original; it counts for a while."""
    given, _made = GivenReason.objects.update_or_create(
        recording=recording,
        user=by,
        of_original=of_original,
        defaults={"reason": reason, "at": at, "until": at + REASON_LASTS + timedelta(seconds=recording.seconds or 0)},
    )
    return given


def note_play(recording: Recording, copy: Copy, part: Part, *, listener: Listener, at: datetime) -> None:
    """Log that sound was asked for; it makes a new voicemail a heard one, where that is the listener's work."""
    with transaction.atomic():
        if listener.user and listener.user.has_perm("recordings.change_voicemail"):
            new = Voicemail.objects.filter(recording=recording, status=VoicemailStatus.NEW)
            new.update(status=VoicemailStatus.HEARD)
        _log(Access.PLAYED, recording, copy, part, listener, at=at)


def note_heard(recording: Recording, copy: Copy, part: Part, *, listener: Listener, at: datetime) -> None:
    """Log how much of what was asked for was really sent."""
    action = Access.HEARD_ORIGINAL if listener.hears_hidden else Access.HEARD
    _log(action, recording, copy, part, listener, at=at)


def note_read(
    recording: Recording, transcript: Transcript, *, listener: Listener, original: bool = False, at: datetime
) -> None:
    """Log that what was said was shown to somebody: redacted, or as the provider wrote it."""
    access.log(
        user=listener.user,
        who=listener.who,
        address=listener.address,
        action=Access.READ_ORIGINAL if original else Access.READ,
        subject=RECORDING,
        subject_id=recording.pk,
        reason=listener.reason,
        detail={"transcript": str(transcript.pk)},
        at=at,
    )


def keep_waves(copy: Copy, waves: list[list[int]]) -> None:
    """Keep a copy's wave form, which took reading all of it; not where another file has come in its place meanwhile."""
    Copy.objects.filter(pk=copy.pk, sha256=copy.sha256).update(waves=waves)
    copy.waves = waves


def _log(
    action: Access, recording: Recording, copy: Copy, part: Part, listener: Listener, *, at: datetime
) -> AccessEntry:
    seconds = copy.seconds or recording.seconds or 0
    detail: dict[str, Any] = {
        "copy": copy.kind,
        "bytes": [part.start, part.end],
        "size": copy.size,
        "seconds": stretch(part, size=copy.size, seconds=seconds),
        "of": whole(seconds),
    }
    if listener.link:
        detail["link"] = str(listener.link.pk)
    return access.log(
        user=listener.user,
        who=listener.who,
        address=listener.address,
        action=action,
        subject=RECORDING,
        subject_id=recording.pk,
        reason=listener.reason,
        detail=detail,
        at=at,
    )
