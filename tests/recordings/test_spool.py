import os
import stat
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from recordings import spool


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_the_spool_is_its_owners_alone() -> None:
    assert stat.S_IMODE(spool.folder().stat().st_mode) == 0o700


def test_two_keys_are_two_files() -> None:
    recording = uuid4()

    assert spool.path_of(recording, b"one") != spool.path_of(recording, b"two")
    assert spool.path_of(recording, b"one") == spool.path_of(recording, b"one")


def test_what_is_not_there_is_lost() -> None:
    with pytest.raises(spool.Lost, match="not in the spool of this machine"), spool.opened(spool.path_of(uuid4(), b"")):
        pass


@pytest.mark.parametrize("anonymous", [True, False])
def test_sound_that_is_not_sealed_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch, anonymous: bool) -> None:
    if not anonymous:
        monkeypatch.setattr(spool, "ANONYMOUS", Path("/nowhere"))  # as on a machine without /proc

    with spool.nameless() as (file, path):
        file.write(b"sound")
        file.flush()
        assert path.read_bytes() == b"sound"
        assert len(list(spool.folder().iterdir())) == (0 if anonymous else 1)

    assert list(spool.folder().iterdir()) == []


def test_what_lies_here_of_one_recording_is_removed() -> None:
    ours, other = uuid4(), uuid4()
    for name in (f"{ours}.aa", f"{ours}.bb", f".{ours}.aa.cc", f"{other}.aa"):
        (spool.folder() / name).write_text("")

    spool.remove(ours)

    assert [path.name for path in spool.folder().iterdir()] == [f"{other}.aa"]


def test_what_is_old_and_waited_for_by_nobody_is_tidied_away() -> None:
    waited, left = str(uuid4()), str(uuid4())
    old = time.time() - spool.LEFT_BEHIND.total_seconds() - 1
    for name in (f"{waited}.aa", f"{left}.aa", f".{left}.aa.bb", ".plain-cc", "lost+found", f"{left}"):
        (spool.folder() / name).write_text("")
        os.utime(spool.folder() / name, (old, old))
    (spool.folder() / f"{left}.new").write_text("")
    asked: list[set[str]] = []

    removed = spool.tidy(lambda ids: asked.append(set(ids)) or {waited})

    assert removed == 3
    assert asked == [{waited, left}]
    assert {path.name for path in spool.folder().iterdir()} == {f"{waited}.aa", f"{left}.new", "lost+found", left}
