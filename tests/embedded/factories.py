"""Folders for servers, and a way to wait."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
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


def wait_until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
