"""Single dates as a CSV file: what its rows say. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

from sheets import table
from sheets.table import Line, Problem, Wrong

Day: TypeAlias = date
COLUMNS = ("date", "name", "state", "from", "to")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A date that differs, by the times that `ivr.hours.opening.DatedException` has."""

    row: int
    date: Day
    name: str
    opens: time | None = None
    closes: time | None = None
    closed_from: time | None = None
    closed_until: time | None = None

    @property
    def begins(self) -> tuple[Day, time | None, time | None]:
        """What two rows must not share."""
        return self.date, self.opens, self.closed_from

    @property
    def words(self) -> str:
        if self.opens and self.closes:
            return f"open only from {self.opens:%H:%M} to {self.closes:%H:%M}"
        if self.closed_from:
            until = f"to {self.closed_until:%H:%M}" if self.closed_until else "for the rest of the day"
            return f"closed from {self.closed_from:%H:%M} {until}"
        return "closed all day"


def read(content: bytes) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """Read a file as `sheets.table` does, which raises Unreadable; rows with problems are told apart."""
    found = table.read(content, name=_column, known=", ".join(COLUMNS))
    if "date" not in found.columns:
        raise table.Unreadable("The column “date” is missing.")
    rows: list[Row] = []
    problems: list[Problem] = []
    seen: dict[tuple[date, time | None, time | None], int] = {}
    for line in found.lines:
        try:
            row = _row(line)
        except Wrong as why:
            problems.append(Problem(line.row, "", str(why)))
            continue
        if row.begins in seen:
            problems.append(Problem(line.row, "date", f"says the same of its date as row {seen[row.begins]}"))
            continue
        seen[row.begins] = line.row
        rows.append(row)
    return tuple(rows), tuple(problems)


def write(rows: Iterable[Row]) -> str:
    """Write rows as a file that `read` reads back."""
    return table.write(
        COLUMNS,
        (
            {
                "date": row.date.isoformat(),
                "name": row.name,
                "state": "open" if row.opens else "closed",
                "from": _written(row.opens or row.closed_from),
                "to": _written(row.closes or row.closed_until),
            }
            for row in rows
        ),
    )


def _row(line: Line) -> Row:
    cells = line.cells
    day = _date(cells.get("date", ""))
    name = table.plain(cells.get("name", ""), longest=LONGEST_NAME)
    if not name:
        raise Wrong("has no name")
    since, until = _time(cells.get("from", "")), _time(cells.get("to", ""))
    match cells.get("state", "").lower():
        case "open":
            if since is None or until is None:
                raise Wrong("is open, so it needs “from” and “to”")
            return Row(line.row, day, name, opens=since, closes=until)
        case "" | "closed":
            if since is None and until is not None:
                raise Wrong("has a “to” without a “from”")
            return Row(line.row, day, name, closed_from=since, closed_until=until)
        case other:
            raise Wrong(f"“{other}” is neither open nor closed")


def _column(heading: str) -> str | None:
    return heading.strip().lower() if heading.strip().lower() in COLUMNS else None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"“{text}” is no date such as 2026-12-24") from None


def _time(text: str) -> time | None:
    if not text:
        return None
    hours, _colon, minutes = text.partition(":")
    try:
        return time(int(hours), int(minutes[:2] or 0))
    except ValueError:
        raise Wrong(f"“{text}” is no time such as 14:00") from None


def _written(clock: time | None) -> str:
    return f"{clock:%H:%M}" if clock else ""
