"""The CSV file of agents, read and written as spreadsheets do. Knows nothing of who is already here."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agents.states import EndpointKind
from telephony import numbers

COLUMNS = ("username", "email", "name", "team", "languages", "skills", "endpoints", "active")
MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
LONGEST = {"username": 150, "email": 254, "name": 80, "team": 80}

YES = {"yes", "y", "true", "1", "on"}
NO = {"no", "n", "false", "0", "off"}
LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
SIP = re.compile(r"sips?:[^\s@;]+@[^\s@]+", re.IGNORECASE)
# What a spreadsheet takes for the beginning of a formula; the apostrophe too, so that reading undoes what was written.
FORMULA = "=+-@\t\r\n'" + "\uff1d\uff0b\uff0d\uff20"  # the last four are the wide forms of the first


class Unreadable(Exception):
    """The file as a whole cannot be read."""


class Wrong(Exception):
    """A cell does not say what its column asks for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row; the heading is row 1."""

    row: int
    column: str
    text: str


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
    """Read a file as Excel, LibreOffice and programs write it. Raises Unreadable; rows with problems are left out.

    `country` is that of telephone numbers that name none.
    """
    heading, *lines = _cells(content)
    columns = [name.strip().lower() for name in heading]
    _check_heading(columns)
    rows, problems = [], list[Problem]()
    seen: dict[str, int] = {}
    for number, cells in enumerate(lines, start=2):
        texts = [_unescaped(cell).strip() for cell in cells]
        if not any(texts):
            continue
        row, wrong = _row(number, columns, texts, country)
        if row and row.username in seen:
            wrong = [Problem(number, "username", f"is in row {seen[row.username]} already")]
        elif row:
            seen[row.username] = number
            rows.append(row)
        problems += wrong
    if not rows and not problems:
        raise Unreadable("There are no rows below the heading.")
    return Sheet(frozenset(columns), tuple(rows), tuple(problems))


def write(rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows, given by column, as a file that Excel opens as text and never as a formula."""
    out = io.StringIO()
    out.write("\ufeff")  # or Excel takes UTF-8 for the code page of its machine
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_escaped(row[column]) for column in COLUMNS] for row in rows)
    return out.getvalue()


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


def _check_heading(columns: list[str]) -> None:
    named = [name for name in columns if name]
    if unknown := [name for name in named if name not in COLUMNS]:
        raise Unreadable(f"Unknown columns: {', '.join(unknown)[:200]}. There are: {', '.join(COLUMNS)}.")
    if len(named) != len(set(named)):
        raise Unreadable("A column is there twice.")
    if "username" not in named:
        raise Unreadable("The column “username” is missing: it says who is meant.")


def _row(number: int, columns: list[str], texts: list[str], country: str) -> tuple[Row | None, list[Problem]]:
    cells = dict.fromkeys(COLUMNS, "") | dict(zip(columns, texts, strict=False))
    problems = [] if not any(texts[len(columns) :]) else [Problem(number, "", "has more cells than the heading")]
    read: dict[str, object] = {}
    readers = {
        "languages": _languages,
        "skills": _skills,
        "endpoints": lambda text: _endpoints(text, country),
        "active": _active,
        "username": _username,
        "email": _email,
    }
    for column in COLUMNS:
        try:
            read[column] = readers.get(column, str)(_plain(column, cells[column]))
        except Wrong as wrong:
            problems.append(Problem(number, column, str(wrong)))
    return (None if problems else Row(row=number, **read)), problems  # type: ignore[arg-type]  # read by column


def _plain(column: str, text: str) -> str:
    if not text.isprintable():
        raise Wrong("has characters that cannot be shown")
    if len(text) > LONGEST.get(column, 2000):
        raise Wrong(f"is longer than {LONGEST.get(column, 2000)} characters")
    return text


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


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split("[;,]", text) if part.strip()]


def _languages(text: str) -> tuple[str, ...]:
    found = []
    for part in _parts(text):
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
    for part in _parts(text):
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
    found = [endpoint(part, country=country) for part in _parts(text)]
    if len(found) != len(set(found)):
        raise Wrong("an endpoint is there twice")
    return tuple(found)


def _active(text: str) -> bool | None:
    if not text:
        return None
    if text.lower() not in YES | NO:
        raise Wrong(f"“{text}” is neither yes nor no")
    return text.lower() in YES


def _escaped(text: str) -> str:
    return f"'{text}" if text and text[0] in FORMULA else text


def _unescaped(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in FORMULA else text
