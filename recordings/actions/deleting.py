"""Deleting: a recording, one of its copies, its transcripts.

What is deleted is so from the commit on: nobody hears, reads or finds it any more, and no hold brings it back. What
lies outside of our rows, files and Twilio's audio, follows (`recordings.purging`); a row says so until it is done.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from agents.models import User
from calls.models import EventKind
from compliance import holds
from compliance.actions import access
from compliance.states import Access
from live.publish import publish
from recordings.models import Copy, Discard, GivenReason, Recording, ShareLink, Transcript, Voicemail
from recordings.states import CopyKind, State

BY_A_PERSON = "a person"


def delete_recording(
    recording: Recording, *, why: str, by: User | None, at: datetime, address: str | None = None
) -> None:
    """Delete a recording with its transcripts, copies, links and voicemail. Raises `holds.Held`.

    One that is deleted already is as good.
    """
    with holds.refusing():
        if delete_recordings([recording.pk], deleted_for=BY_A_PERSON if by else why, at=at):
            access.log(
                user=by,
                address=address,
                action=Access.DELETED,
                subject="recording",
                subject_id=recording.pk,
                reason=why,
                at=at,
            )
    recording.refresh_from_db()


def delete_recordings(ids: Collection[UUID], *, deleted_for: str, at: datetime) -> int:
    """Delete many, and tell how many were not deleted before. The database refuses all of them if one is held."""
    with transaction.atomic():
        rows = Recording.objects.kept().select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        kept = list(rows.values_list("pk", "call_id", "seconds"))
        found = [pk for pk, _call, _seconds in kept]
        Recording.objects.filter(pk__in=found).update(
            state=State.DELETED,
            stage="",
            deleted_at=at,
            deleted_for=deleted_for[:64],
            speakers=[],
            url="",
            attempts=0,
            failure="",
            retry_at=None,
        )
        delete_copies(Copy.objects.filter(recording__in=found), at=at)
        delete_transcripts(found)
        ShareLink.objects.filter(recording__in=found).delete()
        GivenReason.objects.filter(recording__in=found).delete()
        Voicemail.objects.filter(recording__in=found).delete()
        _tell(kept, at=at)
    return len(kept)


def delete_copies(copies: "QuerySet[Copy]", *, at: datetime) -> int:
    """Delete the rows of copies, and have their files deleted."""
    with transaction.atomic():
        gone = list(copies.values_list("name", "recording_id"))
        copies.delete()
        Discard.objects.bulk_create([Discard(name=name, recording_id=recording, at=at) for name, recording in gone])
    return len(gone)


def delete_transcripts(recordings: Collection[UUID]) -> int:
    """Delete all transcripts of these recordings, and tell of how many recordings there were some."""
    with transaction.atomic():
        transcripts = Transcript.objects.filter(recording__in=recordings)
        count = transcripts.values("recording").distinct().count()
        transcripts.delete()
    return count


def delete_redacted(recordings: Collection[UUID], *, at: datetime) -> int:
    """Delete the redacted copies of these recordings."""
    return delete_copies(Copy.objects.filter(recording__in=recordings, kind=CopyKind.REDACTED), at=at)


def _tell(kept: Sequence[tuple[UUID, UUID | None, int | None]], *, at: datetime) -> None:
    """Tell open pages, and the histories of the calls, in one statement however many they are."""
    if not kept:
        return
    publish("recordings", *(f"recording:{pk}" for pk, _call, _seconds in kept[:100]))
    told = [(str(pk), str(call), seconds) for pk, call, seconds in kept if call is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls_callevent (call_id, at, kind, data)"
            " SELECT call, %s, %s, jsonb_build_object("
            "'recording', recording, 'status', 'deleted', 'seconds', seconds)"
            " FROM unnest(%s::text[], %s::uuid[], %s::int[]) AS told (recording, call, seconds)",
            [at, EventKind.RECORDING, *([list(column) for column in zip(*told, strict=True)] or [[], [], []])],
        )
