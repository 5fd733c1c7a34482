import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from recordings.storage import Folder, draft


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(location=tmp_path / "media", allow_overwrite=True)


class Breaks(ContentFile):
    def chunks(self, _chunk_size: int | None = None) -> Iterator[bytes]:  # type: ignore[override]
        yield b"half"
        raise OSError("no space left")


def files(folder: Folder) -> list[str]:
    return sorted(str(path.relative_to(folder.location)) for path in Path(folder.location).rglob("*") if path.is_file())


def test_a_file_is_kept_for_its_owner_alone(folder: Folder) -> None:
    assert folder.save("a/b.wav", ContentFile(b"sound")) == "a/b.wav"

    assert stat.S_IMODE(Path(folder.path("a/b.wav")).stat().st_mode) == 0o600
    with folder.open("a/b.wav") as file:
        assert file.read() == b"sound"


def test_a_second_try_takes_the_place_of_the_first_and_of_what_was_left_by_it(folder: Folder) -> None:
    folder.save("a/b.wav", ContentFile(b"old"))
    (Path(folder.path("a")) / ".b.wav.12345678").write_text("of a killed worker")

    assert folder.save("a/b.wav", ContentFile(b"new")) == "a/b.wav"

    assert files(folder) == ["a/b.wav"]


def test_what_breaks_off_leaves_the_old_as_it_was(folder: Folder) -> None:
    folder.save("a/b.wav", ContentFile(b"old"))

    with pytest.raises(OSError, match="no space"):
        folder.save("a/b.wav", Breaks(b""))

    assert files(folder) == ["a/b.wav"]
    with folder.open("a/b.wav") as file:
        assert file.read() == b"old"


def test_deleting_takes_what_killed_workers_left_along(folder: Folder) -> None:
    folder.save("a/b.wav", ContentFile(b"sound"))
    (Path(folder.path("a")) / ".b.wav.12345678").write_text("of a killed worker")

    folder.delete("a/b.wav")
    folder.delete("a/b.wav")

    assert files(folder) == []


def test_a_draft_is_not_there_until_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "sound"

    with draft(path, lasts=False) as file:
        file.write(b"half")
        assert not path.exists()

    assert path.read_bytes() == b"half"
