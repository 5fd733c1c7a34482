"""Who may hear, see, share and export which recordings. Everything is refused that is not allowed here.

To hear takes two things: the permission to listen, and a recording that lies within the person's reach: of a queue
whose team they supervise or that names them as listener, or a message in a mailbox that they see and that came from no
queue. All else takes the permission to listen everywhere. What lies in a mailbox is heard by its members without any
permission.

What people hear is the redacted copy, wherever something is hidden. The original takes a permission of its own.
A reason is asked for whatever a sensitive queue had to do with, and for every original.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from agents.models import User
from compliance.states import Subject
from queues.models import Queue
from recordings.models import Copy, GivenReason, Recording
from recordings.states import CopyKind, State

Rows = TypeVar("Rows", bound=QuerySet[Any])

_EVERYTHING, _NOTHING = Q(pk__isnull=False), Q(pk__isnull=True)
_NOT_YET_REDACTED = frozenset({State.STORED, State.CLEARED, State.TRANSCRIBED})


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do with one recording. `hears` is of what people hear, which may be a redacted copy."""

    sees: bool = False
    hears: bool = False
    hears_original: bool = False
    shares: bool = False
    exports: bool = False
    is_sensitive: bool = True


class Standing(StrEnum):
    """How a person stands to the sound of a recording."""

    OPEN = "open"
    REASON = "reason"  # it is heard for a reason alone, and none was given lately
    REFUSED = "refused"
    HIDDEN = "hidden"  # nobody knows yet what is to be hidden, or the copy in which it is hidden is gone
    ABSENT = "absent"  # it is not in our storage


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether a person may hear a recording now. `copy` is what they hear, also where only a reason is missing."""

    standing: Standing
    rights: Rights
    copy: Copy | None = None
    reason: str = ""

    @property
    def may_read(self) -> bool:
        """Whether what was said may be read, redacted: by the same rule, whether or not there is sound any more."""
        return self.standing not in (Standing.REFUSED, Standing.REASON)


def rights_of(user: AbstractBaseUser | AnonymousUser, recording: Recording) -> Rights:
    """Tell what a person may do with a recording."""
    if not isinstance(user, User) or not user.is_active:
        return Rights()
    asked = Recording.objects.filter(pk=recording.pk).annotate(
        sees=_answer(seen_by(user)), hears=_answer(heard_by(user)), sensitive=_answer(sensitive())
    )
    sees, hears, is_sensitive = asked.values_list("sees", "hears", "sensitive").get()
    return Rights(
        sees=sees,
        hears=hears,
        hears_original=hears and user.has_perm("recordings.read_original"),
        shares=hears and user.has_perm("recordings.share"),
        exports=hears and user.has_perm("recordings.export"),
        is_sensitive=is_sensitive,
    )


def hearing(
    user: AbstractBaseUser | AnonymousUser, recording: Recording, *, at: datetime, original: bool = False
) -> Hearing:
    """Tell whether a person may hear a recording now, or its original, and what is in the way."""
    may = rights_of(user, recording)
    if not (may.hears_original if original else may.hears):
        return Hearing(Standing.REFUSED, may)
    reason = ""
    if original or may.is_sensitive:
        given = GivenReason.objects.valid(at=at).filter(recording=recording, user=user.pk)
        given = given.filter(of_original=True) if original else given
        reason = given.order_by("-at").values_list("reason", flat=True).first() or ""
    copy = copy_of(recording, CopyKind.ORIGINAL) if original else shown_copy(recording)
    if (original or may.is_sensitive) and not reason:
        return Hearing(Standing.REASON, may, copy)
    if copy is None:
        return Hearing(Standing.HIDDEN if recording.is_here else Standing.ABSENT, may, reason=reason)
    return Hearing(Standing.OPEN, may, copy, reason)


def visible_to(user: User) -> QuerySet[Recording]:
    """Give the recordings of which a person may know: those that they may hear, and what their role looks after."""
    return Recording.objects.filter(seen_by(user))


def judged(rows: Rows, user: User, of: str = "") -> Rows:
    """Say of each row whether its recording `is_audible` to a person, and whether it `is_sensitive`."""
    return rows.annotate(is_audible=_answer(heard_by(user, of)), is_sensitive=_answer(sensitive(of)))


def heard_by(user: User, of: str = "") -> Q:
    """Give the condition that a person may hear a recording; `of` is the way to it from the rows that are asked for."""
    if not user.is_active:
        return _NOTHING
    reach = Q(**{f"{of}voicemail__mailbox__in": user.mailboxes.values("pk")})
    if not user.has_perm("recordings.listen"):
        return reach
    if user.has_perm("recordings.listen_everywhere"):
        return _EVERYTHING
    reach |= Q(**{f"{of}queue__team__in": user.supervised_teams.values("pk")})
    reach |= Q(**{f"{of}queue__in": Queue.objects.filter(listeners=user).values("pk")})
    if user.has_perm("recordings.see_every_mailbox"):
        reach |= Q(**{f"{of}voicemail__isnull": False, f"{of}queue__isnull": True})
    return reach


def seen_by(user: User, of: str = "") -> Q:
    """Give the condition that a person may know of a recording."""
    if not user.is_active:
        return _NOTHING
    if user.has_perm("agents.see_every_team"):
        return _EVERYTHING
    seen = heard_by(user, of)
    if user.has_perm("recordings.see_every_mailbox"):
        seen |= Q(**{f"{of}subject": Subject.VOICEMAIL})
    return seen


def sensitive(of: str = "") -> Q:
    """Give the condition that a sensitive queue had to do with a recording: its own, or any other of the call."""
    queues = Queue.objects.filter(is_sensitive=True).values_list("pk", flat=True)
    return Q(**{f"{of}queue__is_sensitive": True}) | Q(**{f"{of}call__scope__queues__overlap": queues})


def shown_copy(recording: Recording) -> Copy | None:
    """Give the copy that people hear: the redacted one, or the original where nothing in it is hidden; else none."""
    redacted = copy_of(recording, CopyKind.REDACTED)
    if redacted or hides(recording):
        return redacted
    return copy_of(recording, CopyKind.ORIGINAL)


def copy_of(recording: Recording, kind: CopyKind) -> Copy | None:
    """Give one of a recording's copies in our storage."""
    if not recording.is_here:
        return None
    return next((copy for copy in recording.copies.all() if copy.kind == kind), None)


def hides(recording: Recording) -> bool:
    """Tell whether the original has, or may have, something that people shall not hear: text and copy may be gone."""
    return recording.hides or is_awaiting_redaction(recording)


def is_awaiting_redaction(recording: Recording) -> bool:
    """Tell whether nobody knows yet what is to be hidden. A voicemail does not wait: somebody has to call back."""
    return recording.transcribes and recording.state in _NOT_YET_REDACTED and recording.subject != Subject.VOICEMAIL


def _answer(condition: Q) -> Coalesce:
    """Ask a condition of each row; where it knows no answer, that is no."""
    return Coalesce(ExpressionWrapper(condition, output_field=BooleanField()), Value(value=False))
