"""The CSV file of agents, read and written as spreadsheets do. Knows nothing of who is already here."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agents.states import EndpointKind
from sheets import table
from sheets.table import Line, Problem, Wrong, parts
from telephony import numbers

COLUMNS = ("username", "email", "name", "team", "languages", "skills", "endpoints", "active")
LONGEST = {"username": 150, "email": 254, "name": 80, "team": 80}

LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
SIP = re.compile(r"sips?:[^\s@;]+@[^\s@]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says. Of a column that the file has not, nothing is said: see `Sheet.columns`."""

    row: int
    username: str
    email: str
    name: str
    team: str
    languages: tuple[str, ...]
    skills: tuple[tuple[str, int], ...]
    endpoints: tuple[tuple[EndpointKind, str], ...]
    active: bool | None  # None: not said, so it stays, and a new agent is active


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: frozenset[str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read(content: bytes, *, country: str) -> Sheet:
    """Read a file as `sheets.table` does, which raises Unreadable; rows with problems are left out.

    `country` is that of telephone numbers that name none.
    """
    found = table.read(content, name=_column, known=", ".join(COLUMNS), needed="username")
    rows, problems = [], list[Problem]()
    seen: dict[str, int] = {}
    for line in found.lines:
        row, wrong = _row(line, country)
        if row and row.username in seen:
            wrong = [Problem(line.row, "username", f"is in row {seen[row.username]} already")]
        elif row:
            seen[row.username] = line.row
            rows.append(row)
        problems += wrong
    return Sheet(found.columns, tuple(rows), tuple(problems))


def write(rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows, given by column, as a file that Excel opens as text and never as a formula."""
    return table.write(COLUMNS, rows)


def endpoint(text: str, *, country: str) -> tuple[EndpointKind, str]:
    """Read "browser", a telephone number or a SIP address. Raises Wrong."""
    if text.lower() == "browser":
        return EndpointKind.BROWSER, ""
    if SIP.fullmatch(text) and len(text) <= 255:
        return EndpointKind.SIP, text
    number = numbers.parse(text, country=country)
    if number is None:
        raise Wrong(f"“{text}” is neither browser nor a telephone number nor a SIP address")
    return EndpointKind.NUMBER, number


def _column(heading: str) -> str | None:
    return heading.lower() if heading.lower() in COLUMNS else None


def _row(line: Line, country: str) -> tuple[Row | None, list[Problem]]:
    cells = dict.fromkeys(COLUMNS, "") | dict(line.cells)
    problems = [Problem(line.row, "", "has more cells than the heading")] if line.has_more else []
    read: dict[str, object] = {}
    readers: dict[str, Callable[[str], object]] = {
        "languages": _languages,
        "skills": _skills,
        "endpoints": lambda text: _endpoints(text, country),
        "active": table.yes_or_no,
        "username": _username,
        "email": _email,
    }
    for column in COLUMNS:
        try:
            text = table.plain(cells[column], longest=LONGEST.get(column, 2000))
            read[column] = readers.get(column, str)(text)
        except Wrong as wrong:
            problems.append(Problem(line.row, column, str(wrong)))
    return (None if problems else Row(row=line.row, **read)), problems  # type: ignore[arg-type]  # read by column


def _username(text: str) -> str:
    if not text:
        raise Wrong("is missing")
    try:
        UnicodeUsernameValidator()(text)
    except ValidationError as wrong:
        raise Wrong("may hold letters, digits and @ . + - _ only") from wrong
    return text


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError as wrong:
        raise Wrong(f"“{text}” is no e-mail address") from wrong
    return text


def _languages(text: str) -> tuple[str, ...]:
    found = []
    for part in parts(text):
        match = LANGUAGE.fullmatch(part)
        if match is None or len(part) > 16:
            raise Wrong(f"“{part}” is no language such as en-US")
        first, rest = match.groups()
        found.append(
            first.lower() + "".join(f"-{tag.upper() if len(tag) == 2 else tag}" for tag in rest.split("-")[1:])
        )
    return tuple(dict.fromkeys(found))


def _skills(text: str) -> tuple[tuple[str, int], ...]:
    found: dict[str, tuple[str, int]] = {}
    for part in parts(text):
        name, colon, level = (piece.strip() for piece in part.rpartition(":"))
        if not colon or not re.fullmatch("[1-9]|10", level):
            raise Wrong(f"“{part}” is no skill with a level from 1 to 10, such as sales:7")
        if not name or len(name) > 80:
            raise Wrong("the name of a skill has 1 to 80 characters")
        if name.lower() in found:
            raise Wrong(f"“{name}” is there twice")
        found[name.lower()] = (name, int(level))
    return tuple(found.values())


def _endpoints(text: str, country: str) -> tuple[tuple[EndpointKind, str], ...]:
    found = [endpoint(part, country=country) for part in parts(text)]
    if len(found) != len(set(found)):
        raise Wrong("an endpoint is there twice")
    return tuple(found)
