"""What Twilio says of recordings, taken in whatever its order and number."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from calls.actions import known
from recordings.actions.rows import change, learned, locked, moved, tell
from recordings.actions.voicemails import withdraw_voicemail
from recordings.models import Recording
from recordings.signals import recording_completed
from recordings.states import ANNOUNCES, State, may_move
from telephony.payloads import RecordingCallback

SILENT = timedelta(minutes=3)
SWEPT_AT_ONCE = 100


def announce(news: RecordingCallback, *, at: datetime) -> Recording:
    """Take in what Twilio says of a recording; one row by its sid, the same whatever the order and number of callbacks.

    Of one without usable audio nothing is kept to hear: a voicemail that it carried becomes a missed call.
    Sends `recording_completed` once.
    """
    with transaction.atomic():
        call = known(news.call_sid, at=at).pk if news.call_sid else None
        recording = locked(news.sid, call=call, at=at)
        changes = learned(recording, news, call)
        state = ANNOUNCES.get(news.status, State.ANNOUNCED)
        moves = may_move(State(recording.state), state)
        change(recording, changes)
        if moves and state is State.READY:
            change(recording, wishes(recording))
            change(recording, moved(recording, state))
            tell(recording, at=at)
            recording_completed.send(sender=Recording, recording=recording, at=at)
        elif moves and state is State.ABSENT:
            _let_go(recording, {"seconds": None}, at=at)
    return recording


def wishes(recording: Recording) -> dict[str, bool]:
    """Tell which stages are wanted of a recording that is to be fetched: by its policy, else by the settings."""
    policy, provider = recording.policy, provider_of(recording)
    return {
        "clears": settings.RECORDINGS_CLEAR if policy is None else policy.clears,
        "transcribes": bool(provider) and (policy is None or policy.transcribes),
    }


def provider_of(recording: Recording) -> str:
    """Name who turns its speech into text; empty for nobody."""
    of_queue = recording.queue.transcription if recording.queue else ""
    return recording.transcriber or of_queue or settings.TRANSCRIPTION_PROVIDER


def sweep_silent(*, at: datetime) -> list[UUID]:
    """Claim the recordings that were announced and never spoken of again, to ask Twilio about them."""
    silent = Recording.objects.silent(since=at - SILENT).order_by(models.F("asked_at").asc(nulls_first=True))
    with transaction.atomic():
        ids = [row.pk for row in silent.select_for_update(skip_locked=True, no_key=True)[:SWEPT_AT_ONCE]]
        Recording.objects.filter(pk__in=ids).update(asked_at=at)
    return ids


def give_up(recording_id: UUID, *, why: str, at: datetime) -> None:
    """Note that Twilio has no such recording."""
    with transaction.atomic():
        recording = Recording.objects.select_for_update(no_key=True).get(pk=recording_id)
        if may_move(State(recording.state), State.ABSENT):
            _let_go(recording, {"failure": why}, at=at)


def _let_go(recording: Recording, changes: dict[str, Any], *, at: datetime) -> None:
    change(recording, changes | moved(recording, State.ABSENT) | {"retry_at": None})
    tell(recording, at=at)
    withdraw_voicemail(recording, at=at)
