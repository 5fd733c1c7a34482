"""The CSV file of contacts, read and written as spreadsheets do. Knows nothing of who is already known."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contacts.details import ATTRIBUTE, LONGEST, labelled
from sheets import table
from sheets.table import Line, Problem, Wrong

COLUMNS = (
    *("id", "name", "numbers", "language", "country", "vip", "priority"),
    *("blocked", "blocked_because", "blocked_until", "do_not_call"),
)
#: what stands before the name of a system, or of an attribute
ID, ATTRIBUTE_OF = "id:", "attribute:"
KNOWN = ", ".join((*COLUMNS, f"{ID}CRM", f"{ATTRIBUTE_OF}plan"))


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says. Of a column that the file has not, nothing is said: see `Sheet.columns`.

    None: the cell is empty where that means that it stays as it is. `ids` are by system as the heading writes it,
    none where the contact is to have none there.
    """

    row: int
    id: UUID | None = None
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    language: str = ""
    country: str = ""
    vip: bool | None = None
    priority: int | None = None
    blocked: bool | None = None
    blocked_because: str = ""
    blocked_until: datetime | None = None
    do_not_call: bool | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: frozenset[str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read(content: bytes) -> Sheet:
    """Read a file as `sheets.table` does, which raises Unreadable; rows with problems are left out."""
    found = table.read(content, name=_column, known=KNOWN)
    rows, problems = [], list[Problem]()
    for line in found.lines:
        row, wrong = _row(line)
        rows += [row] if row else []
        problems += wrong
    return Sheet(found.columns, tuple(rows), tuple(problems))


def write(systems: Iterable[str], attributes: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows, given by column, with a column for each system and each attribute."""
    own = (*(ID + system for system in systems), *(ATTRIBUTE_OF + name for name in attributes))
    return table.write((*COLUMNS, *own), rows)


def _column(heading: str) -> str | None:
    name = heading.lower()
    if name.startswith(ID) and heading[len(ID) :].strip():
        return ID + heading[len(ID) :].strip()
    if name.startswith(ATTRIBUTE_OF) and ATTRIBUTE.fullmatch(name[len(ATTRIBUTE_OF) :]):
        return name
    return name if name in COLUMNS else None


def _row(line: Line) -> tuple[Row | None, list[Problem]]:
    problems = [Problem(line.row, "", "has more cells than the heading")] if line.has_more else []
    said: dict[str, object] = {}
    ids, attributes = dict[str, tuple[str, ...]](), dict[str, str]()
    for column, text in line.cells.items():
        try:
            plain = table.plain(text, longest=2000)
            if column.startswith(ID):
                ids[column[len(ID) :]] = _ids(plain)
            elif column.startswith(ATTRIBUTE_OF):
                attributes[column[len(ATTRIBUTE_OF) :]] = table.plain(plain, longest=LONGEST["attribute"])
            else:
                said[column] = READERS.get(column, str)(plain)
        except Wrong as wrong:
            problems.append(Problem(line.row, column, str(wrong)))
    row = None if problems else Row(row=line.row, ids=ids, attributes=attributes, **said)  # type: ignore[arg-type]
    return row, problems


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Wrong(f"“{text[:60]}” is no id of ours; leave it empty for somebody new") from None


def _ids(text: str) -> tuple[str, ...]:
    """Give the ids in a cell, with semicolons between; a comma may be a part of one."""
    found = (table.plain(part.strip(), longest=LONGEST["external_id"]) for part in text.split(";") if part.strip())
    return tuple(dict.fromkeys(found))


def _numbers(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(labelled(part) for part in table.parts(text))


def _priority(text: str) -> int | None:
    if text and not re.fullmatch("[0-9]{1,3}", text):
        raise Wrong(f"“{text[:20]}” is no number of points")
    return int(text) if text else None


def _moment(text: str) -> datetime | None:
    """Read a moment; one without a zone is in that of the person who looks at the page."""
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Wrong(f"“{text[:40]}” is no moment such as 2026-12-31 18:00")
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


READERS: Mapping[str, Callable[[str], object]] = {
    "id": _id,
    "numbers": _numbers,
    "vip": table.yes_or_no,
    "priority": _priority,
    "blocked": table.yes_or_no,
    "blocked_until": _moment,
    "do_not_call": table.yes_or_no,
}
