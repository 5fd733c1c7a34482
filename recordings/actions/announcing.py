"""What Twilio says of recordings, taken in whatever its order and number."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction

from calls.actions import known
from recordings.actions.rows import change, learned, locked, tell
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
        moved = may_move(State(recording.state), state)
        if moved:
            changes |= {"state": state, "retry_at": None}
        if state is State.ABSENT and moved:
            changes["seconds"] = None
        change(recording, changes)
        if moved:
            tell(recording, at=at)
        if state is State.ABSENT and moved:
            withdraw_voicemail(recording, at=at)
        if state is State.READY and moved:
            recording_completed.send(sender=Recording, recording=recording, at=at)
    return recording


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
        if not may_move(State(recording.state), State.ABSENT):
            return
        change(recording, {"state": State.ABSENT, "failure": why, "retry_at": None})
        tell(recording, at=at)
        withdraw_voicemail(recording, at=at)
