"""Splitting what is too long for one breath of a voice. Pure."""

import re
from collections.abc import Callable, Iterator

# ends of sentences and clauses, in the scripts of East Asia too
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？])|\n+")  # noqa: RUF001
_CLAUSE = re.compile(r"(?<=[,;:–—、，])\s*")  # noqa: RUF001
_WORD = re.compile(r"\s+")


def pieces(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """Split `text` into pieces of at most `limit`: at ends of sentences, else at commas, else at words, else anywhere.

    No letter is lost, and no piece is empty.
    """
    found = _pieces(text.strip(), limit, size, (_SENTENCE, _CLAUSE, _WORD))
    return [piece.strip() for piece in found if piece.strip()]


def _pieces(text: str, limit: int, size: Callable[[str], int], borders: tuple[re.Pattern[str], ...]) -> list[str]:
    if size(text.rstrip()) <= limit:
        return [text]
    if not borders:
        half = len(text) // 2
        return _pieces(text[:half], limit, size, ()) + _pieces(text[half:], limit, size, ()) if half else [text]
    found: list[str] = []
    for part in _parts(text, borders[0]):
        if found and size((together := found[-1] + part).rstrip()) <= limit:
            found[-1] = together
        else:
            found += _pieces(part, limit, size, borders[1:])
    return found


def _parts(text: str, border: re.Pattern[str]) -> Iterator[str]:
    """Cut behind each border; the white space stays with what is before it."""
    start = 0
    for match in border.finditer(text):
        if match.end() > start:
            yield text[start : match.end()]
            start = match.end()
    if start < len(text):
        yield text[start:]
