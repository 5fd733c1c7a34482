"""Media of texts: claimed, stored, looked at; and texts that go, with what is left of them elsewhere."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction

from agents.models import User
from compliance.actions import access
from compliance.states import Access
from live.publish import publish
from messaging.actions.rows import afterwards
from messaging.files import Kept, path_of
from messaging.models import LineType, Media, Message, Removal, Thread
from messaging.states import Direction, MediaState
from recordings.pipeline import pause_after
from telephony import numbers

LEASE = timedelta(minutes=2)
READABLE_AFTER = timedelta(minutes=30)  # Twilio's new media may not be readable at once everywhere
SWEPT_AT_ONCE = 100
MEDIA = "texted media"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


def claim_media(media_id: UUID, *, at: datetime) -> Media | None:
    """Claim media for this worker; None where they are not due, or another has them."""
    won = (
        Media.objects.due(at=at).filter(pk=media_id).update(leased_until=at + LEASE, attempts=models.F("attempts") + 1)
    )
    return Media.objects.select_related("message").get(pk=media_id) if won else None


def sweep_media(*, at: datetime) -> list[UUID]:
    due = Media.objects.due(at=at).order_by("announced_at")
    return list(due.values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def is_old(media: Media, *, at: datetime) -> bool:
    return media.announced_at <= at - READABLE_AFTER


def note_stored(media: Media, kept: Kept, *, content_type: str, at: datetime) -> bool:
    """Note that media lie in our storage. False, as of all the following: the claim was lost meanwhile."""
    changes: dict[str, Any] = {
        "state": MediaState.STORED,
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
        "key_id": kept.key_id,
        "sealed_key": kept.sealed_key,
        "stored_at": at,
        "failure": "",
    }
    if content_type:
        changes["content_type"] = content_type[:128]
    return _end(media, **changes)


def note_absent(media: Media, *, why: str) -> bool:
    """Note that there is nothing to keep, and why."""
    return _end(media, state=MediaState.ABSENT, failure=why)


def note_failed(media: Media, *, why: str, at: datetime) -> bool:
    """Note in words why media could not be fetched, and when it is tried again; at last never."""
    pause = pause_after(media.attempts)
    return _end(media, failure=numbers.mask(why), retry_at=at + pause if pause else None)


def retry(media: Media, *, at: datetime) -> bool:
    """Make what has failed due now, with all its tries; False where nothing has failed."""
    failed = Media.objects.filter(pk=media.pk, state=MediaState.ANNOUNCED).exclude(failure="")
    with transaction.atomic():
        if not failed.update(retry_at=at, attempts=0):
            return False
        afterwards("fetch", media.pk)
    return True


def fetch_again(media: Media, *, at: datetime) -> bool:
    """Have media fetched whose file is lost, while Twilio may have them; False where somebody does already.

    The old key stays in the row until a new file is there: of what a hold covers nothing is emptied.
    """
    return _lost(media, state=MediaState.ANNOUNCED, retry_at=at, attempts=0, failure="its file is lost")


def give_up(media: Media) -> bool:
    """Note that the file of media is lost for good; False where it was brought back meanwhile."""
    return _lost(media, state=MediaState.ABSENT, failure="Its file is lost.")


def note_look(media: Media, *, by: User, address: str | None, at: datetime) -> None:
    """Log that somebody was given what a person has texted."""
    access.log(
        user=by,
        address=address,
        action=Access.LOOKED,
        subject=MEDIA,
        subject_id=media.pk,
        detail={"size": media.size, "type": media.content_type},
        at=at,
    )


def delete_messages(messages: Collection[UUID], *, at: datetime) -> "Counter[str]":
    """Delete texts with their media, here at once and soon everywhere else; tell how much went of each.

    Raises what the database does where a legal hold keeps one (`compliance.holds.refusing`).
    """
    with transaction.atomic():
        rows = Message.objects.filter(pk__in=messages)
        files = Media.objects.filter(message__in=rows).values_list("pk", "announced_at", "name", "message__thread")
        sids = rows.exclude(sid="").values_list("sid", "thread")
        # what a killed worker has begun to store lies where it was to lie
        left = [Removal(name=name or path_of(pk, at_), thread=thread, at=at) for pk, at_, name, thread in files]
        left += [Removal(sid=sid, thread=thread, at=at) for sid, thread in sids]
        Removal.objects.bulk_create(left)
        threads = set(rows.filter(thread__isnull=False).values_list("thread", flat=True))
        went = Counter(rows.delete()[1])
        _settle(threads)
    publish("texts")
    return went


def delete_thread(thread_id: UUID, *, at: datetime) -> "Counter[str]":
    """Delete all texts with a person, and that there were any."""
    with transaction.atomic():
        LineType.objects.filter(number__in=Thread.objects.filter(pk=thread_id).values("number")).delete()
        went = delete_messages(list(Message.objects.filter(thread=thread_id).values_list("pk", flat=True)), at=at)
        return went + Counter(Thread.objects.filter(pk=thread_id).delete()[1])


def claim_removals(*, at: datetime) -> list[Removal]:
    """Claim what is to be deleted elsewhere, the oldest first, so much that the claim outlasts it."""
    due = Removal.objects.filter(models.Q(retry_at__isnull=True) | models.Q(retry_at__lte=at)).order_by("at")
    with transaction.atomic():
        claimed = list(due.select_for_update(skip_locked=True, no_key=True)[:SWEPT_AT_ONCE])
        keys = [one.pk for one in claimed]
        Removal.objects.filter(pk__in=keys).update(retry_at=at + LEASE, attempts=models.F("attempts") + 1)
    return claimed


def note_removed(removal: Removal) -> None:
    Removal.objects.filter(pk=removal.pk).delete()


def note_not_removed(removal: Removal, *, why: str, at: datetime) -> None:
    """Note why something could not be deleted, and when it is tried again, each pause twice as long; it never ends."""
    pause = min(FIRST_PAUSE * (1 << min(removal.attempts, 12)), LONGEST_PAUSE)
    Removal.objects.filter(pk=removal.pk).update(failure=numbers.mask(why), retry_at=at + pause)


def _end(media: Media, **changes: Any) -> bool:
    held = Media.objects.filter(pk=media.pk, leased_until=media.leased_until, state=MediaState.ANNOUNCED)
    with transaction.atomic():
        if not held.update(leased_until=None, **changes):
            return False
        publish("texts", f"thread:{media.message.thread_id}")
    return True


def _lost(media: Media, **changes: Any) -> bool:
    with transaction.atomic():
        if not Media.objects.filter(pk=media.pk, state=MediaState.STORED).update(**changes):
            return False
        if changes["state"] == MediaState.ANNOUNCED:
            afterwards("fetch", media.pk)
        publish("texts", f"thread:{media.message.thread_id}")
    return True


def _settle(threads: Collection[UUID]) -> None:
    """Let no thread stay of which nothing is left, and nobody wait for an answer to a text that is gone."""
    Thread.objects.filter(~models.Exists(Message.objects.filter(thread=models.OuterRef("pk"))), pk__in=threads).delete()
    left = Message.objects.filter(thread=models.OuterRef("pk"), direction=Direction.IN)
    Thread.objects.filter(~models.Exists(left), pk__in=threads).update(waits_since=None, unread=0)
