"""A CSV file as rows of cells, whoever wrote it; and rows of cells as a file that holds no formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000

YES = {"yes", "y", "true", "1", "on"}
NO = {"no", "n", "false", "0", "off"}
# What a spreadsheet takes for the beginning of a formula; the apostrophe too, so that reading undoes what was written.
FORMULA = "=+-@\t\r\n'" + "\uff1d\uff0b\uff0d\uff20"  # the last four are the wide forms of the first


class Unreadable(Exception):
    """The file as a whole cannot be read. The message is for a person."""


class Wrong(Exception):
    """A cell does not say what its column asks for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row; the heading is row 1."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that says something: its number, its cells by column, and whether it has more cells than the heading."""

    row: int
    cells: Mapping[str, str]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are as they are read: in small letters, unless a column may be named freely."""

    columns: frozenset[str]
    lines: tuple[Line, ...]


def read(content: bytes, *, name: Callable[[str], str | None], known: str, needed: str = "") -> Table:
    """Read a file as Excel, LibreOffice and programs write it; rows without any cell are left out. Raises Unreadable.

    `name` gives a heading as its column, None for one that is unknown; `known` are all columns in words. The column
    `needed` has to be there.
    """
    heading, *lines = _cells(content)
    columns = _columns(heading, name=name, known=known)
    if needed and needed not in columns:
        raise Unreadable(f"The column “{needed}” is missing: it says who is meant.")
    read_lines = []
    for row, cells in enumerate(lines, start=2):
        texts = [_unescaped(cell).strip() for cell in cells]
        if any(texts):
            by_column = {column: text for column, text in zip(columns, texts, strict=False) if column}
            read_lines.append(Line(row, by_column, any(texts[len(columns) :])))
    if not read_lines:
        raise Unreadable("There are no rows below the heading.")
    return Table(frozenset(filter(None, columns)), tuple(read_lines))


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows, given by column, as a file that Excel opens as text and never as a formula."""
    out = io.StringIO()
    out.write("\ufeff")  # or Excel takes UTF-8 for the code page of its machine
    writer = csv.writer(out)
    writer.writerow([_escaped(column) for column in columns])
    writer.writerows([_escaped(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue()


def plain(text: str, *, longest: int) -> str:
    """Give a text that can be shown, and is not too long. Raises Wrong."""
    if not text.isprintable():
        raise Wrong("has characters that cannot be shown")
    if len(text) > longest:
        raise Wrong(f"is longer than {longest} characters")
    return text


def yes_or_no(text: str) -> bool | None:
    """Read yes or no; None where nothing is said. Raises Wrong."""
    if not text:
        return None
    if text.lower() not in YES | NO:
        raise Wrong(f"“{text}” is neither yes nor no")
    return text.lower() in YES


def parts(text: str) -> list[str]:
    """Give the parts of a cell that holds several, with commas or semicolons between."""
    return [part.strip() for part in re.split("[;,]", text) if part.strip()]


def _columns(heading: list[str], *, name: Callable[[str], str | None], known: str) -> list[str]:
    columns, unknown = [], []
    for written in (_unescaped(cell).strip() for cell in heading):
        column = name(written) if written else ""
        columns.append(column or "")
        if column is None:
            unknown.append(written.lower())
    if unknown:
        raise Unreadable(f"Unknown columns: {', '.join(unknown)[:200]}. There are: {known}.")
    named = [column for column in columns if column]
    if len(named) != len(set(named)):
        raise Unreadable("A column is there twice.")
    return columns


def _cells(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    text = _decoded(content)
    if text.lower().startswith("sep="):  # a line that Excel hides
        text = text.partition("\n")[2]
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as broken:
        raise Unreadable(f"This is not a CSV file: {broken}.") from broken
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise Unreadable("The file is empty, or its first row is no heading.")
    if len(lines) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS} rows.")
    return lines


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]  # the latter is what Excel's plain "CSV" is in most of the West
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The file is no text. Save it as “CSV UTF-8”.")


def _escaped(text: str) -> str:
    return f"'{text}" if text and text[0] in FORMULA else text


def _unescaped(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in FORMULA else text
