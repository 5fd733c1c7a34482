"""The log of who read what was said in lists, which are drawn again and again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from compliance.models import AccessEntry
from compliance.states import Access
from recordings.actions.listening import RECORDING, Listener, note_read
from recordings.models import Transcript

ONE_READING = timedelta(hours=12)


def note_listed(shown: Collection[Transcript], *, listener: Listener, at: datetime) -> None:
    """Log that a list has shown what was said, once in a while for each. `shown` were read with their recordings."""
    if not shown:
        return
    since = AccessEntry.objects.filter(user=listener.user, action=Access.READ, at__gt=at - ONE_READING)
    asked = since.filter(subject=RECORDING, subject_id__in=[str(one.recording_id) for one in shown])
    known = set(asked.values_list("subject_id", flat=True))
    new = [one for one in shown if str(one.recording_id) not in known]
    with transaction.atomic():
        for transcript in new:
            note_read(transcript.recording, transcript, listener=listener, at=at)
