"""The folder in which media lie where no bucket is named."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """A file is there whole or not at all, and on the disk before anybody is told: no other copy may be left then."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with draft.open("xb", opener=_private) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        self._tidy(path)
        return name

    def delete(self, name: str) -> None:
        super().delete(name)
        self._tidy(Path(self.path(name)))

    def _tidy(self, path: Path) -> None:
        """Remove the drafts that killed workers have left."""
        for draft in path.parent.glob(f".{path.name}.*"):
            draft.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
