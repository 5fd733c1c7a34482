"""Deleting what is left of deleted recordings: files of our storage, then Twilio's audio. The body of a task."""

import logging
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from recordings import files, spool
from recordings.actions import purging
from recordings.files import StorageFailed
from recordings.models import Recording
from telephony import client

logger = logging.getLogger(__name__)

# So few that a claim outlasts them, however slow the other side is.
FILES_AT_ONCE = 500
ASKED_AT_ONCE = 100


def purge(recordings: Collection[UUID] | None = None) -> int:
    """Delete what is left of these recordings, or of some that wait; and tell how many things were dealt with.

    Whoever is killed leaves the claimed ones to the next one: to delete twice does no harm.
    """
    return _discard(recordings) + _clear(recordings)


def _discard(recordings: Collection[UUID] | None) -> int:
    claimed = purging.claim_discards(limit=FILES_AT_ONCE, at=timezone.now(), recordings=recordings)
    made_anew = purging.spoken_of([discard.name for discard in claimed])
    spooled = spool.recordings() if claimed else set()
    gone = []
    for discard in claimed:
        try:
            if discard.name not in made_anew:
                files.discard(discard.name)
            if str(discard.recording_id) in spooled:
                spool.remove(discard.recording_id)
        except (StorageFailed, OSError) as error:
            logger.warning("File %s could not be deleted: %s", discard.name, error)
            purging.note_discard_failed(discard, why=str(error), at=timezone.now())
        else:
            gone.append(discard.pk)
    purging.note_discarded(gone)
    return len(claimed)


def _clear(recordings: Collection[UUID] | None) -> int:
    noted = purging.note_unheard_of(at=timezone.now(), recordings=recordings)
    claimed = purging.claim_purges(limit=ASKED_AT_ONCE, at=timezone.now(), recordings=recordings)
    gone = []
    for recording in claimed:
        try:
            client.delete_recording(recording.sid)
        except client.Refused as refusal:
            _note_failed(recording, refusal)
        except client.Unreachable as silence:
            _note_failed(recording, silence)
            break  # nor will the others be heard; their claims run out
        else:
            gone.append(recording.pk)
    purging.note_purged(gone, at=timezone.now())
    return noted + len(claimed)


def _note_failed(recording: Recording, error: client.Refused | client.Unreachable) -> None:
    logger.warning("Recording %s could not be deleted at Twilio: %s", recording.sid, error)
    purging.note_purge_failed(recording, why=str(error), at=timezone.now())
