"""Where sound lies on this machine on its way from Twilio to our storage: a private folder, sealed like the storage."""

import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Longer than any recording is on its way; what is older and waited for by nobody was left behind.
LEFT_BEHIND = timedelta(hours=6)
OURS = re.compile(rf"(?P<id>{UUID})\..+|\.{UUID}\..+|\.plain-.+")
ANONYMOUS = Path("/proc/self/fd")  # a file without a name can be opened there, on Linux


class Lost(Exception):
    """The sound is not in this machine's spool: wiped, or another machine has it. The message is for a person."""


def folder() -> Path:
    path = Path(settings.DATA_DIR) / "spool"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(recording_id: object, wrapped_key: bytes) -> Path:
    """Tell where a sound lies. Two workers with two keys, of which one has lost its claim, write two files."""
    return folder() / f"{recording_id}.{hashlib.sha256(wrapped_key).hexdigest()[:12]}"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a sound that lies here. Raises Lost."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Lost("the sound is not in the spool of this machine any more") from None
    with file:
        yield file


@contextmanager
def nameless() -> Iterator[tuple[IO[bytes], Path]]:
    """Give a file for sound that is not sealed, and a path to it: gone with this process, however that ends."""
    if ANONYMOUS.is_dir():
        with tempfile.TemporaryFile(dir=folder()) as file:
            yield file, ANONYMOUS / str(file.fileno())
    else:
        with tempfile.NamedTemporaryFile(dir=folder(), prefix=".plain-") as named:
            yield named.file, Path(named.name)


def recordings() -> set[str]:
    """Name those of which something lies here."""
    return {path.name.lstrip(".").partition(".")[0] for path in folder().iterdir()}


def remove(recording_id: object) -> None:
    """Remove what lies here of a recording."""
    for pattern in (f"{recording_id}.*", f".{recording_id}.*"):
        for path in folder().glob(pattern):
            path.unlink(missing_ok=True)


def tidy(wanted: Callable[[Collection[str]], Collection[str]]) -> int:
    """Remove what was left behind, and tell how much. `wanted` names those of some recordings that are on the way."""
    old = time.time() - LEFT_BEHIND.total_seconds()
    left: dict[Path, str] = {}
    for path in folder().iterdir():
        try:
            if (found := OURS.fullmatch(path.name)) and path.stat().st_mtime < old:
                left[path] = found["id"] or ""  # nobody waits for a draft
        except FileNotFoundError:  # a worker was quicker
            continue
    kept = set(wanted({recording for recording in left.values() if recording}))
    gone = [path for path, recording in left.items() if recording not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
