import base64
import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest

from recordings import vault
from recordings.vault import CHUNK, TAG, Key, Unreadable

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17]


def written(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


OLD, NEW = f"2025:{written(1)}", f"2026:{written(2)}"


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.RECORDINGS_KEYS = OLD


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def seal(content: bytes, key: Key, *, by: int = 1000) -> bytes:
    return b"".join(vault.sealed(pieces(content, by), key))


def read(file: bytes, key: Key, size: int, start: int = 0, end: int | None = None) -> bytes:
    def given(first: int, last: int) -> Iterator[bytes]:
        return pieces(file[first:last], 999)

    return b"".join(vault.opened(given, key, size=size, start=start, end=size if end is None else end))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_is_opened_whatever_its_size(size: int) -> None:
    content, key = os.urandom(size), vault.new_key("a")

    file = seal(content, key)

    assert len(file) == vault.sealed_size(size, key)
    assert read(file, key, size) == content
    assert not content or content[:20] not in file or size < 8


@pytest.mark.parametrize("by", [1, 7, CHUNK, 5 * CHUNK])
def test_the_pieces_in_which_a_file_comes_do_not_matter(by: int) -> None:
    content, key = os.urandom(CHUNK + 99), vault.new_key("a")

    assert seal(content, key, by=by) == seal(content, key)


def test_any_part_is_read_by_the_chunks_that_hold_it() -> None:
    size = 3 * CHUNK + 17
    content, key = os.urandom(size), vault.new_key("a")
    file = seal(content, key)
    edges = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK, size - 1, size]

    for start, end in itertools.combinations(edges, 2):
        asked: list[tuple[int, int]] = []

        def given(first: int, last: int, asked: list[tuple[int, int]] = asked) -> Iterator[bytes]:
            asked.append((first, last))
            return iter([file[first:last]])

        assert b"".join(vault.opened(given, key, size=size, start=start, end=end)) == content[start:end]
        ((first, last),) = asked
        assert last - first <= (end - start) + 2 * (CHUNK + TAG) + TAG * ((end - start) // CHUNK + 1)


def damaged() -> dict[str, Any]:
    sealed = CHUNK + TAG
    return {
        "cut in a chunk": lambda file: file[:-1],
        "cut between chunks": lambda file: file[: 2 * sealed],
        "cut to nothing": lambda _file: b"",
        "a bit turned": lambda file: file[:100] + bytes([file[100] ^ 1]) + file[101:],
        "a tag turned": lambda file: file[:-1] + bytes([file[-1] ^ 1]),
        "chunks exchanged": lambda file: file[sealed : 2 * sealed] + file[:sealed] + file[2 * sealed :],
        "a chunk twice": lambda file: file[:sealed] + file[:sealed] + file[2 * sealed :],
        "a chunk left out": lambda file: file[:sealed] + file[2 * sealed :],
    }


@pytest.mark.parametrize("how", list(damaged()))
def test_a_file_that_is_not_what_was_sealed_is_not_opened(how: str) -> None:
    size = 2 * CHUNK + 500
    content, key = os.urandom(size), vault.new_key("a")

    with pytest.raises(Unreadable, match="not what was sealed"):
        read(damaged()[how](seal(content, key)), key, size)


def test_a_row_that_tells_of_a_shorter_file_does_not_cut_it() -> None:
    content, key = os.urandom(2 * CHUNK), vault.new_key("a")
    file = seal(content, key)

    with pytest.raises(Unreadable):
        read(file[: CHUNK + TAG], key, CHUNK)
    with pytest.raises(Unreadable):
        read(file, key, CHUNK)


def test_two_files_have_two_keys_and_one_is_not_opened_in_place_of_the_other() -> None:
    ours, theirs = vault.new_key("a"), vault.new_key("a")
    content = os.urandom(100)

    with pytest.raises(Unreadable):
        read(seal(content, theirs), ours, 100)
    assert seal(content, ours) != seal(content, theirs)


def test_a_key_is_kept_wrapped_and_only_for_what_it_is_for() -> None:
    key = vault.new_key("recording 1")

    assert key.id == "2025"
    assert key.plain not in key.wrapped
    assert vault.key_of(key.id, key.wrapped, context="recording 1") == key
    with pytest.raises(Unreadable, match="does not open it"):
        vault.key_of(key.id, key.wrapped, context="recording 2")
    assert "plain" not in repr(key)


def test_a_key_is_wrapped_anew_and_the_file_stays(settings: Any) -> None:
    key, content = vault.new_key("a"), os.urandom(100)
    file = seal(content, key)

    settings.RECORDINGS_KEYS = f"{NEW},{OLD}"
    newer = vault.rewrapped(key.id, key.wrapped, context="a")
    settings.RECORDINGS_KEYS = NEW

    assert newer.id == "2026"
    assert read(file, vault.key_of(newer.id, newer.wrapped, context="a"), 100) == content
    with pytest.raises(Unreadable, match="the key 2025 is not in RECORDINGS_KEYS"):
        vault.key_of(key.id, key.wrapped, context="a")


def test_another_key_under_an_old_name_opens_nothing(settings: Any) -> None:
    key = vault.new_key("a")
    settings.RECORDINGS_KEYS = f"2025:{written(9)}"

    with pytest.raises(Unreadable, match="does not open it"):
        vault.key_of(key.id, key.wrapped, context="a")


def test_without_keys_nothing_is_sealed(settings: Any) -> None:
    settings.RECORDINGS_KEYS = ""
    content, key = os.urandom(CHUNK + 5), vault.new_key("a")

    assert (key.id, key.wrapped, vault.sealed_size(9, key)) == ("", b"", 9)
    assert seal(content, key) == content
    assert read(content, key, len(content), 5, 900) == content[5:900]
    with pytest.raises(Unreadable, match="was cut"):
        read(content[:-1], key, len(content))


@pytest.mark.parametrize("size", [0, 1, 70_000])
@pytest.mark.parametrize("with_key", [True, False])
def test_something_small_is_sealed_with_its_key_beside_it(settings: Any, size: int, with_key: bool) -> None:
    settings.RECORDINGS_KEYS = OLD if with_key else ""
    content = os.urandom(size)

    sealed, how = vault.seal(content, context="transcript 1")

    assert bool(how) is with_key
    assert vault.unseal(sealed, how, context="transcript 1") == content
    if with_key:
        assert sealed != content
        with pytest.raises(Unreadable):
            vault.unseal(sealed, how, context="transcript 2")
        with pytest.raises(Unreadable):
            vault.unseal(sealed[:-1], how, context="transcript 1")
        with pytest.raises(Unreadable):
            vault.unseal(b"", how, context="transcript 1")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("secret", "no id before a colon"),
        (":AAAA", "no id before a colon"),
        ("a b:AAAA", "no id before a colon"),
        (f"{OLD},{OLD}", "two keys are called 2025"),
        ("2025:!", "not base64"),
        ("2025:AAAA", "has 3 bytes, not 32"),
    ],
)
def test_keys_that_are_none_are_told_without_a_part_of_them(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as raised:
        vault.parse(text)

    assert "AAAA" not in str(raised.value)
    assert written(1) not in str(raised.value)


def test_keys_are_read_in_their_order() -> None:
    assert list(vault.parse(f" {NEW} , {OLD},")) == ["2026", "2025"]
    assert vault.parse("") == {}
