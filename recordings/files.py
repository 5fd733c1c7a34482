"""The one way to the bytes of a copy: read any part, put it into our storage, look whether it is whole, delete it.

Whatever the storage is and whether copies are sealed, memory stays flat.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from recordings import spool, vault
from recordings.models import Copy, Recording
from recordings.states import CopyKind
from recordings.storage import draft
from recordings.vault import Damaged, Unreadable

PIECE = 256 * 1024

GoesOn = Callable[[], bool]
"""Asked between pieces: whether the work is still this worker's."""


class Stopped(Exception):
    """Somebody else has taken over the work."""


class StorageFailed(Exception):
    """Our storage does not do its part. The message is for a person."""


class Missing(StorageFailed):
    """The storage has no such file."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file as it was written: what its row will say."""

    recording_id: UUID
    kind: str
    name: str
    size: int
    sha256: str
    key_id: str
    sealed_key: bytes


Written = Copy | Sealed


class Part:
    """The bytes from `start` to before `end`, in pieces. To be closed by whoever does not read to the end."""

    def __init__(self, file: "File[bytes]", copy: Copy, start: int, end: int) -> None:
        self.file = file
        self._pieces = vault.opened(self._read, _key(copy), size=copy.size, start=start, end=end)

    def __iter__(self) -> Iterator[bytes]:
        with self.file, told():
            yield from self._pieces

    def close(self) -> None:
        self.file.close()

    def _read(self, start: int, end: int) -> Iterator[bytes]:
        if bucket_object := getattr(self.file, "obj", None):
            # as a file it would be downloaded whole before the first byte could be read; the bucket itself gives parts
            if start < end:
                yield from bucket_object.get(Range=f"bytes={start}-{end - 1}")["Body"].iter_chunks(PIECE)
            return
        yield from _pieces(self.file, start, end)


def open_range(copy: Copy, start: int = 0, end: int | None = None) -> Part:
    """Open a copy in our storage, or a part of it. Raises Missing, StorageFailed and Unreadable, while reading too."""
    with told():
        file = default_storage.open(copy.name, "rb")
    try:
        return Part(file, copy, start, copy.size if end is None else min(end, copy.size))
    except Unreadable:
        file.close()
        raise


def write(recording: Recording, kind: CopyKind, pieces: Iterable[bytes], *, goes_on: GoesOn) -> Sealed:
    """Seal sound into the spool of this machine, whatever its length in little memory. Raises Stopped, OSError."""
    key = vault.new_key(context_of(recording.pk, kind))
    path = spool.path_of(recording.pk, key.wrapped)
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            if not goes_on():
                raise Stopped
            yield piece

    with draft(path, lasts=False) as file:  # what a crash of the machine spoils is noticed, and fetched again
        for piece in vault.sealed(counted(), key):
            file.write(piece)
    return Sealed(recording.pk, kind, name_of(recording, kind), size, digest.hexdigest(), key.id, key.wrapped)


def read_back(copy: Written, *, goes_on: GoesOn) -> Iterator[bytes]:
    """Give what lies in the spool, and at its end raise Damaged if it was not what was written. Raises spool.Lost."""
    with spool.opened(_spooled(copy)) as file:
        whole = vault.opened(
            lambda start, end: _pieces(file, start, end), _key(copy), size=copy.size, start=0, end=copy.size
        )
        yield from _checked(whole, copy.sha256, goes_on)


def store(copy: Written, *, goes_on: GoesOn) -> None:
    """Bring what lies in the spool into our storage, as it is. Raises spool.Lost, StorageFailed and Stopped."""
    with spool.opened(_spooled(copy)) as file, told():
        # the same name at each try: what a killed worker left behind is written over, not left lying about
        default_storage.save(copy.name, _Watched(file, goes_on))
        there, wanted = default_storage.size(copy.name), vault.sealed_size(copy.size, _key(copy))
    if there != wanted:
        raise StorageFailed(f"our storage has {there} of {wanted} bytes")


def check(copy: Copy, *, goes_on: GoesOn) -> None:
    """Read a copy in our storage from end to end. Raises Damaged, Missing, StorageFailed, Unreadable and Stopped."""
    for _piece in _checked(iter(open_range(copy)), copy.sha256, goes_on):
        pass


@contextmanager
def plain(copy: Copy, *, goes_on: GoesOn) -> Iterator[Path]:
    """Give a copy in our storage as a file that is not sealed, for as long as it is needed."""
    with spool.nameless() as (file, path):
        for piece in _checked(iter(open_range(copy)), copy.sha256, goes_on):
            file.write(piece)
        file.flush()
        file.seek(0)
        yield path


def delete(copy: Copy) -> None:
    """Delete a copy's file from our storage and from this machine's spool; one that is gone is as good."""
    with told():
        default_storage.delete(copy.name)
    _spooled(copy).unlink(missing_ok=True)


def discard(name: str) -> None:
    """Delete a file from our storage by its name; one that is gone is as good. Raises StorageFailed."""
    with told():
        default_storage.delete(name)


def exists(name: str) -> bool:
    """Tell whether our storage has a file. Raises StorageFailed."""
    with told():
        return bool(default_storage.exists(name))


def name_of(recording: Recording, kind: CopyKind) -> str:
    """Tell where in our storage a copy belongs."""
    ending = "wav" if kind is CopyKind.ORIGINAL else f"{kind}.wav"
    return f"recordings/{recording.announced_at:%Y/%m/%d}/{recording.pk}.{ending}"


def context_of(recording_id: UUID, kind: str) -> str:
    """Name what a copy's key is for."""
    return f"recording {recording_id} {kind}"


def _spooled(copy: Written) -> Path:
    return spool.path_of(copy.recording_id, bytes(copy.sealed_key))


def _key(copy: Written) -> vault.Key:
    return vault.key_of(copy.key_id, bytes(copy.sealed_key), context=context_of(copy.recording_id, copy.kind))


def _pieces(file: IO[bytes] | Any, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    left = end - start
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _checked(pieces: Iterator[bytes], sha256: str, goes_on: GoesOn) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        if not goes_on():
            raise Stopped
        yield piece
    if digest.hexdigest() != sha256:
        raise Damaged("what lies there is not what was put there")


class _Watched(File):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """A file that asks whether to go on whenever a piece of it is read."""

    def __init__(self, file: IO[bytes], goes_on: GoesOn) -> None:
        super().__init__(file)
        self._source = file
        self._goes_on = goes_on

    def read(self, size: int = -1) -> bytes:
        if not self._goes_on():
            raise Stopped
        return bytes(self._source.read(size))


@contextmanager
def told() -> Iterator[None]:
    """Tell whatever a storage raises in words."""
    try:
        yield
    except (Stopped, StorageFailed, Unreadable):
        raise
    except FileNotFoundError as error:
        raise Missing("our storage does not have the file") from error
    except Exception as error:  # storages of all makes raise what they like
        raise StorageFailed(f"our storage does not do its part: {type(error).__name__}: {error}") from error
