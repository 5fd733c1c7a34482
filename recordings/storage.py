"""Files on this machine that are there whole or not at all; the folder in which media lie where no bucket is named."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """What was saved is on the disk before anybody is told: no other copy may be left then."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft(path, lasts=True) as file:
            for chunk in content.chunks():
                file.write(chunk)
        remove_drafts(path)
        return name

    def delete(self, name: str) -> None:
        super().delete(name)
        remove_drafts(Path(self.path(name)))


@contextmanager
def draft(path: Path, *, lasts: bool) -> Iterator[IO[bytes]]:
    """Write a file, for its owner alone, that is there when all went well; of a failure nothing is.

    One that lasts is on the disk then, whatever happens to the machine.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            if lasts:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    if lasts:
        _sync(path.parent)


def remove_drafts(path: Path) -> None:
    """Remove what killed processes have left of drafts of this file."""
    if not path.parent.is_dir():
        return
    beginning = f".{path.name}."  # a pattern would be compiled anew for each file
    for unfinished in path.parent.iterdir():
        if unfinished.name.startswith(beginning):
            unfinished.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
