"""The one way to the bytes of what people have texted: sealed into our storage like sound, read back, deleted.

They are small (Twilio takes 5 megabytes), so that each lies in memory as a whole.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from messaging.models import Media
from recordings import vault
from recordings.files import StorageFailed, told

LARGEST = 20 * 1024 * 1024
# What a browser shows by itself and cannot be led astray by; all else is only given as a file.
SHOWN = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "audio/amr", "audio/ogg"}
    | {"video/mp4", "video/3gpp", "video/webm", "video/quicktime"}
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was stored: what its row will say."""

    name: str
    size: int
    sha256: str
    key_id: str
    sealed_key: bytes


def store(media: Media, content: bytes) -> Kept:
    """Seal content into our storage, and read it back from there. Raises StorageFailed and vault.Damaged."""
    key = vault.new_key(context_of(media))
    name = path_of(media.pk, media.announced_at)
    with told():
        # the same name at each try: what a killed worker left behind is written over, not left lying about
        default_storage.save(name, ContentFile(b"".join(vault.sealed([content], key))))
    kept = Kept(name, len(content), hashlib.sha256(content).hexdigest(), key.id, key.wrapped)
    _opened(name, key, size=kept.size, sha256=kept.sha256)
    return kept


def read(media: Media) -> bytes:
    """Give what lies in our storage. Raises Missing, StorageFailed and vault.Unreadable."""
    key = vault.key_of(media.key_id, bytes(media.sealed_key), context=context_of(media))
    return _opened(media.name, key, size=media.size or 0, sha256=media.sha256)


def path_of(media_id: UUID, announced_at: datetime) -> str:
    """Tell where in our storage it belongs."""
    return f"texts/{announced_at:%Y/%m/%d}/{media_id}"


def context_of(media: Media) -> str:
    """Name what its key is for."""
    return f"texted media {media.pk}"


def _opened(name: str, key: vault.Key, *, size: int, sha256: str) -> bytes:
    with told(), default_storage.open(name, "rb") as file:
        sealed = bytes(file.read())
    if len(sealed) != vault.sealed_size(size, key):
        raise StorageFailed(f"our storage has {len(sealed)} of {vault.sealed_size(size, key)} bytes")
    content = b"".join(vault.opened(lambda start, end: iter([sealed[start:end]]), key, size=size, start=0, end=size))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise vault.Damaged("what lies there is not what was put there")
    return content
