"""What becomes of transcripts: asked for, answered, written, redacted, found."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Left

from compliance import holds
from recordings import vault
from recordings.actions.deleting import delete_redacted
from recordings.actions.pipeline import climb, held, keep_copy
from recordings.actions.rows import change
from recordings.indexing import belongings, vector
from recordings.models import Copy, Recording, Transcript
from recordings.pipeline import Stage
from recordings.signals import transcript_available
from recordings.speech import transcript as texts
from recordings.states import CopyKind, TranscriptState
from recordings.transcribing import Readable

# A provider sends its text within minutes; after this time it is asked again.
ANSWER_AWAITED = timedelta(minutes=30)
MOST_SEARCHED = 250_000  # letters: a whole day of talk; PostgreSQL's limit is a megabyte


def transcribe_again(recording: Recording, *, provider: str, at: datetime) -> bool:
    """Have a recording turned into text anew, by a named provider; the present text is shown until then.

    False where there is no sound, or somebody works on it at this moment.
    """
    with transaction.atomic():
        row = Recording.objects.select_for_update(no_key=True).get(pk=recording.pk)
        if not row.is_here or (row.leased_until is not None and row.leased_until > at):
            return False
        stage = row.stage if row.stage == Stage.CLEAR else Stage.TRANSCRIBE
        change(row, {"transcriber": provider[:32], "transcribes": True, "stage": stage})
        change(row, {"attempts": 0, "failure": "", "retry_at": None, "leased_until": None})
        _in_work(row).delete()
    recording.refresh_from_db()
    return True


def note_asking(recording: Recording, *, provider: str, at: datetime) -> Transcript | None:
    """Note that a provider is about to be asked, who will answer later; None where the claim was lost."""
    with transaction.atomic():
        if not held(recording).select_for_update(no_key=True).exists():
            return None
        _in_work(recording).delete()
        return Transcript.objects.create(
            recording=recording,
            state=TranscriptState.ASKED,
            is_current=False,
            provider=provider,
            made_at=at,
            **belongings(recording),
        )


def note_asked(recording: Recording, asked: Transcript, *, request_id: str, at: datetime) -> bool:
    """Let go of a recording until the answer comes, or until its time is up. The answer may have come already."""
    with transaction.atomic():
        row = held(recording).select_for_update(no_key=True).first()
        if row is None:
            return False
        change(asked, {"request_id": request_id[:80]})
        is_answered = Transcript.objects.filter(pk=asked.pk, state=TranscriptState.ANSWERED).exists()
        change(row, {"leased_until": None, "failure": "", "retry_at": at if is_answered else at + ANSWER_AWAITED})
    recording.refresh_from_db()
    return True


def take_answer(transcript_id: UUID, body: bytes, *, at: datetime) -> UUID | None:
    """Keep what a provider has sent, sealed, and have it read; the recording's id, the first time only."""
    with transaction.atomic():
        asked = Transcript.objects.filter(pk=transcript_id, state=TranscriptState.ASKED).first()
        if asked is None:
            return None
        recording = Recording.objects.select_for_update(no_key=True).get(pk=asked.recording_id)
        sealed, how = vault.seal(body, context=asked.context)
        waiting = Transcript.objects.filter(pk=transcript_id, state=TranscriptState.ASKED)
        if not waiting.update(state=TranscriptState.ANSWERED, original=sealed, original_key=how):
            return None
        if recording.stage == Stage.TRANSCRIBE and recording.leased_until is None:
            change(recording, {"retry_at": at})
    return recording.pk


def forget_transcript(transcript: Transcript) -> None:
    """Drop a try of which nothing came."""
    Transcript.objects.filter(pk=transcript.pk, is_current=False).delete()


def note_transcribed(
    recording: Recording, written: texts.Transcript, *, answered: Transcript | None = None, at: datetime
) -> bool:
    """Keep what a provider wrote, sealed; nobody sees it before it is redacted."""
    sure = [segment.confidence for segment in written.segments if segment.confidence is not None]
    transcript = answered or Transcript(recording=recording, is_current=False, **belongings(recording))
    sealed, how = vault.seal(texts.to_json(written).encode(), context=transcript.context)
    values = {
        "state": TranscriptState.WRITTEN,
        "provider": written.provider[:32],
        "version": written.version[:80],
        "language": written.language[:16],
        "language_detected": bool(written.language) and not recording.language,
        "confidence": sum(sure) / len(sure) if sure else None,
        "cost": written.cost,
        "currency": written.currency[:3],
        "original": sealed,
        "original_key": how,
        "made_at": at,
    }
    with transaction.atomic():
        if not climb(recording, {}, at=at):
            return False
        _in_work(recording).exclude(pk=transcript.pk).delete()
        for name, value in values.items():
            setattr(transcript, name, value)
        transcript.save(force_insert=answered is None, update_fields=None if answered is None else list(values))
    return True


def note_redacted(recording: Recording, transcript: Transcript, readable: Readable, *, at: datetime) -> bool:
    """Show a transcript in place of the one before, and the sound that goes with it."""
    found = readable.redacted
    with transaction.atomic():
        if not climb(recording, {"hides": bool(found.findings)}, at=at):
            return False
        if readable.file is None:
            with suppress(holds.Held), holds.refusing():  # then the sound stays as silent as it was
                delete_redacted([recording.pk], at=at)
        else:
            original = Copy.objects.get(recording=recording, kind=CopyKind.ORIGINAL)
            keep_copy(recording, readable.file, seconds=original.seconds, at=at)
        Transcript.objects.filter(recording=recording, is_current=True).exclude(pk=transcript.pk).update(
            is_current=False
        )
        change(
            transcript,
            {
                "is_current": True,
                "redacted_at": at,
                "segments": [
                    {
                        "start": round(segment.start, 2),
                        "end": round(segment.end, 2),
                        "speaker": segment.speaker,
                        "text": _stored(segment.text),
                        "confidence": segment.confidence,
                    }
                    for segment in found.transcript.segments
                ],
                "findings": [
                    {
                        "kind": str(finding.kind),
                        "speaker": finding.speaker,
                        "start": round(finding.start, 2),
                        "end": round(finding.end, 2),
                    }
                    for finding in found.findings
                ],
                "text": _stored(found.transcript.text),
            },
        )
        transcript_available.send(sender=Transcript, transcript=transcript, recording=recording, at=at)
    return True


def note_indexed(recording: Recording, transcript: Transcript, *, at: datetime) -> bool:
    """Let a transcript be found by its words, in whatever form its language has them."""
    search = vector(Left("text", MOST_SEARCHED), transcript.language)
    with transaction.atomic():
        if not climb(recording, {}, at=at):
            return False
        Transcript.objects.filter(pk=transcript.pk).update(search=search)
    return True


def index_anew(transcript_id: UUID) -> None:
    """Bring what the search knows of a transcript to what it says by now; one that is not searched stays so."""
    for transcript in Transcript.objects.filter(pk=transcript_id, search__isnull=False).only("language"):
        search = vector(Left("text", MOST_SEARCHED), transcript.language)
        Transcript.objects.filter(pk=transcript_id).update(search=search)


def note_nothing_to_read(recording: Recording) -> bool:
    """Let a recording rest whose transcript was deleted in the middle of the work."""
    with transaction.atomic():
        row = held(recording).select_for_update(no_key=True).first()
        if row is None:
            return False
        change(row, {"stage": "", "leased_until": None, "attempts": 0, "failure": "", "retry_at": None})
    recording.refresh_from_db()
    return True


def _in_work(recording: Recording) -> "models.QuerySet[Transcript]":
    return Transcript.objects.filter(recording=recording, is_current=False, redacted_at__isnull=True)


def _stored(text: str) -> str:
    return text.replace("\0", "")  # which PostgreSQL takes for the end of a text
