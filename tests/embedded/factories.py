"""Folders for servers."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded.place import Place


@contextmanager
def temporary_place() -> Iterator[Place]:
    """Give a place that other users can enter too: as root the database runs as one of them."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-test-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    try:
        yield Place(folder)
    finally:
        shutil.rmtree(folder)
