"""A picture or file from Twilio into our storage, and deletions at both. The bodies of tasks."""

import logging

from django.utils import timezone

from messaging import files
from messaging.actions import keeping
from messaging.models import Media, Removal
from recordings import vault
from recordings.files import StorageFailed, discard
from telephony import archive, client, texts

logger = logging.getLogger(__name__)


class TooLarge(Exception):
    """It is larger than anything that we keep."""


def fetch(media: Media) -> None:
    """Bring claimed media into our storage and note what came of it; may be done again from the beginning."""
    try:
        content, content_type = _content(media)
        kept = files.store(media, content)
    except TooLarge:
        keeping.note_absent(media, why="It is larger than anything that we keep.")
    except client.Refused as refusal:
        if refusal.status == client.GONE and keeping.is_old(media, at=timezone.now()):
            keeping.note_absent(media, why="Twilio has it no more.")
        else:
            _note_failed(media, refusal)
    except (client.Unreachable, StorageFailed, vault.Unreadable, OSError) as error:
        _note_failed(media, error)
    else:
        keeping.note_stored(media, kept, content_type=content_type, at=timezone.now())


def remove(removal: Removal) -> None:
    """Delete what is left of a text that is gone; to delete twice does no harm."""
    try:
        if removal.name:
            discard(removal.name)
        if removal.sid:
            archive.delete_message(removal.sid)
    except (StorageFailed, OSError, client.Refused, client.Unreachable) as error:
        logger.warning("Removal %s: %s", removal.pk, error)
        keeping.note_not_removed(removal, why=str(error), at=timezone.now())
    else:
        keeping.note_removed(removal)


def _content(media: Media) -> tuple[bytes, str]:
    with texts.stream_media(media.message.sid, media.sid) as stream:
        content = bytearray()
        for chunk in stream.chunks:
            content += chunk
            if len(content) > files.LARGEST:
                raise TooLarge
    if stream.length is not None and len(content) != stream.length:
        raise client.Unreachable(
            f"{len(content)} bytes came of the {stream.length} that were announced", maybe_done=False
        )
    return bytes(content), stream.content_type


def _note_failed(media: Media, error: Exception) -> None:
    logger.warning("Media %s could not be fetched: %s", media.sid, error)
    keeping.note_failed(media, why=str(error) or type(error).__name__, at=timezone.now())
