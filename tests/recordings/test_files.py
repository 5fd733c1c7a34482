import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from recordings import files, spool
from recordings.files import Damaged, Missing, Stopped, StorageFailed, Unreadable
from recordings.models import Recording
from recordings.states import CopyKind, State
from recordings.vault import CHUNK
from tests.recordings.factories import AT, make_copy, make_recording, make_stored, sound_of

pytestmark = pytest.mark.django_db

SOUND = os.urandom(3 * CHUNK + 100)


@pytest.fixture(autouse=True, params=["sealed", "plain"])
def keys(request: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    if request.param == "plain":
        settings.RECORDINGS_KEYS = ""


def always() -> bool:
    return True


def in_storage(recording: Recording) -> Path:
    return Path(default_storage.path(recording.copies.get().name))


def test_a_file_is_written_looked_at_and_stored() -> None:
    recording = make_recording(state=State.READY)

    file = files.write(recording, CopyKind.ORIGINAL, [SOUND[:10], SOUND[10:]], goes_on=always)
    files.store(file, goes_on=always)

    assert (file.size, file.sha256) == (len(SOUND), hashlib.sha256(SOUND).hexdigest())
    assert file.name == f"recordings/{AT:%Y/%m/%d}/{recording.pk}.wav"
    assert b"".join(files.read_back(file, goes_on=always)) == SOUND
    with default_storage.open(file.name) as stored:
        assert (SOUND[:50] in stored.read()) is (file.key_id == "")


@pytest.mark.parametrize(("start", "end"), [(0, None), (5, 6), (CHUNK - 3, 2 * CHUNK + 3), (len(SOUND) - 9, None)])
def test_any_part_is_read(start: int, end: int | None) -> None:
    copy = make_stored(SOUND).copies.get()

    assert b"".join(files.open_range(copy, start, end)) == SOUND[start:end]


class Counting:
    """A file that knows how much of it was read."""

    def __init__(self, file: Any) -> None:
        self.file, self.count = file, 0

    def read(self, size: int) -> bytes:
        piece: bytes = self.file.read(size)
        self.count += len(piece)
        return piece

    def seek(self, place: int) -> None:
        self.file.seek(place)

    def __enter__(self) -> "Counting":
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()


def test_no_more_is_read_of_the_file_than_the_part_needs() -> None:
    part = files.open_range(make_stored(SOUND).copies.get(), CHUNK, CHUNK + 10)
    part.file = counting = Counting(part.file)  # type: ignore[assignment]

    assert b"".join(part) == SOUND[CHUNK : CHUNK + 10]
    assert counting.count in (10, CHUNK + 16)


def test_a_part_that_nobody_reads_to_the_end_is_closed() -> None:
    part = files.open_range(make_stored(SOUND).copies.get())
    next(iter(part))

    part.close()

    assert part.file.closed


def test_what_the_storage_does_not_have_is_missing() -> None:
    copy = make_stored(SOUND).copies.get()
    files.delete(copy)
    files.delete(copy)

    with pytest.raises(Missing, match="our storage does not have the file"):
        files.open_range(copy)


def test_what_is_not_in_the_spool_cannot_be_stored_or_looked_at() -> None:
    copy = make_copy(make_recording(state=State.FETCHED), SOUND)
    spool.remove(copy.recording_id)

    with pytest.raises(spool.Lost):
        files.store(copy, goes_on=always)
    with pytest.raises(spool.Lost):
        list(files.read_back(copy, goes_on=always))


@pytest.mark.parametrize("do", ["write", "read back", "store", "check"])
def test_whoever_has_lost_the_claim_stops(do: str) -> None:
    stored, spooled = make_stored(SOUND), make_copy(make_recording(state=State.FETCHED), SOUND)
    lost = {"goes_on": lambda: False}
    ways: dict[str, Callable[[], object]] = {
        "write": lambda: files.write(stored, CopyKind.REDACTED, [SOUND], **lost),
        "read back": lambda: list(files.read_back(spooled, **lost)),
        "store": lambda: files.store(spooled, **lost),
        "check": lambda: files.check(stored.copies.get(), **lost),
    }

    with pytest.raises(Stopped):
        ways[do]()


def test_a_storage_that_keeps_less_than_it_was_given_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = make_copy(make_recording(state=State.FETCHED), SOUND)
    monkeypatch.setattr("recordings.storage.Folder.size", lambda _storage, _name: 17)

    with pytest.raises(StorageFailed, match="our storage has 17 of"):
        files.store(copy, goes_on=always)


def test_a_disk_that_is_full_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    copy = make_copy(make_recording(state=State.FETCHED), SOUND)
    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(StorageFailed, match="No space left on device"):
        files.store(copy, goes_on=always)
    assert not default_storage.exists(copy.name)


def test_what_was_changed_in_the_storage_is_damaged(settings: Any) -> None:
    recording = make_stored(SOUND)
    path = in_storage(recording)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises((Damaged, Unreadable)):
        files.check(recording.copies.get(), goes_on=always)


def test_what_is_whole_passes_the_check() -> None:
    files.check(make_stored(SOUND).copies.get(), goes_on=always)


def test_two_files_that_were_exchanged_are_not_taken_for_each_other(settings: Any) -> None:
    first, second = make_stored(SOUND), make_stored(SOUND[::-1])
    mine, theirs = in_storage(first), in_storage(second)
    mine_content = mine.read_bytes()
    mine.write_bytes(theirs.read_bytes())
    theirs.write_bytes(mine_content)

    for recording in (first, second):
        with pytest.raises((Damaged, Unreadable)):
            files.check(recording.copies.get(), goes_on=always)


def test_a_sealed_copy_whose_key_is_gone_is_not_opened(settings: Any) -> None:
    copy = make_stored(SOUND).copies.get()
    settings.RECORDINGS_KEYS = ""

    if copy.key_id:
        with pytest.raises(Unreadable, match="the key tests is not in RECORDINGS_KEYS"):
            files.open_range(copy)
    else:
        assert b"".join(files.open_range(copy)) == SOUND


def test_a_copy_is_lent_without_its_seal() -> None:
    with files.plain(make_stored(SOUND).copies.get(), goes_on=always) as path:
        assert path.read_bytes() == SOUND
        assert path.read_bytes() == SOUND  # whoever opens it begins at the beginning

    assert list(spool.folder().iterdir()) == []


def test_a_second_kind_lies_beside_the_first() -> None:
    recording = make_stored(SOUND)
    make_copy(recording, SOUND[::-1], CopyKind.REDACTED)

    names = sorted(recording.copies.values_list("name", flat=True))
    assert [Path(name).name for name in names] == [f"{recording.pk}.redacted.wav", f"{recording.pk}.wav"]
    assert sound_of(recording) == SOUND
    assert sound_of(recording, CopyKind.REDACTED) == SOUND[::-1]


def test_writing_over_what_a_killed_worker_left_behind() -> None:
    copy = make_copy(make_recording(state=State.FETCHED), SOUND)
    default_storage.save(copy.name, ContentFile(b"half"))

    files.store(copy, goes_on=always)

    assert b"".join(files.open_range(copy)) == SOUND
