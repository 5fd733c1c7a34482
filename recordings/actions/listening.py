"""The log of who listened."""

from datetime import datetime, timedelta

from django.db import transaction

from agents.models import User
from recordings.models import Play, Recording, Voicemail
from recordings.states import VoicemailStatus

ONE_LISTENING = timedelta(minutes=10)


def note_play(recording: Recording, *, by: User, address: str | None, at: datetime) -> None:
    """Log a listening, once for all the pieces that a player asks for; it makes a new voicemail a heard one."""
    with transaction.atomic():
        Recording.objects.select_for_update(no_key=True).get(pk=recording.pk)  # pieces are asked for at the same time
        if Play.objects.filter(recording=recording, user=by, at__gt=at - ONE_LISTENING).exists():
            return
        Play.objects.create(recording=recording, user=by, address=address, at=at)
        if by.has_perm("recordings.change_voicemail"):
            Voicemail.objects.filter(recording=recording, status=VoicemailStatus.NEW).update(
                status=VoicemailStatus.HEARD
            )
