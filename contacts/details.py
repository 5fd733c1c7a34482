"""What is said of a contact, wherever it comes from: read strictly, with all that is wrong told at once. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from telephony import numbers

LONGEST = {"name": 120, "label": 40, "blocked_because": 200, "attribute": 500, "external_id": 200}
MOST_NUMBERS = 50
MOST_IDS = 50
MOST_ATTRIBUTES = 50
MOST_PRIORITY = 100

LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
#: as flows name variables, so that {caller_plan} in a prompt can mean the attribute "plan"
ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a field, as a sentence's end: "is longer than 120 characters"."""

    field: str
    text: str


class HasProblems(Exception):
    """What is said of the contact cannot be kept; nothing is saved."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.field} {one.text}" for one in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Block:
    """Whether a contact is blocked, why, and until when; without an end until it is lifted."""

    holds: bool
    because: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a contact. None: nothing is said of that, so it stays as it is.

    `numbers` with their labels, `ids` as systems' names with the ids there: each the whole list, which replaces the
    present one.
    """

    name: str | None = None
    language: str | None = None
    country: str | None = None
    attributes: Mapping[str, str] | None = None
    is_vip: bool | None = None
    priority: int | None = None
    block: Block | None = None
    do_not_call: bool | None = None
    numbers: tuple[tuple[str, str], ...] | None = None
    ids: tuple[tuple[str, str], ...] | None = None


def settled(said: Details, *, country: str) -> Details:
    """Give what was said as it is kept: numbers as E.164, languages as en-US. Raises HasProblems.

    `country` is that of numbers which name none, unless the contact's own is said.
    """
    problems = list(_problems(said))
    language = said.language
    if language:
        read = language_of(language)
        if read is None:
            problems.append(Problem("language", f"“{language}” is no language such as en-US"))
        language = read
    found, wrong = _numbers(said.numbers, (said.country or "").strip().upper() or country)
    problems += wrong
    if problems:
        raise HasProblems(tuple(problems))
    return replace(
        said,
        name=None if said.name is None else said.name.strip(),
        language=language,
        country=None if said.country is None else said.country.strip().upper(),
        attributes=None if said.attributes is None else {key: value for key, value in said.attributes.items() if value},
        numbers=found,
        ids=None if said.ids is None else tuple(dict.fromkeys((name, value.strip()) for name, value in said.ids)),
    )


def language_of(text: str) -> str | None:
    """Write a language as it is kept; None for what is none: en-us becomes en-US."""
    match = LANGUAGE.fullmatch(text.strip())
    if match is None or len(text.strip()) > 16:
        return None
    first, rest = match.groups()
    return first.lower() + "".join(f"-{tag.upper() if len(tag) == 2 else tag}" for tag in rest.split("-")[1:])


def _problems(said: Details) -> Iterator[Problem]:
    yield from _text("name", said.name, LONGEST["name"])
    if said.country and not re.fullmatch("[A-Za-z]{2}", said.country.strip()):
        yield Problem("country", f"“{said.country}” is no country such as US")
    if said.priority is not None and not 0 <= said.priority <= MOST_PRIORITY:
        yield Problem("priority", f"is not between 0 and {MOST_PRIORITY}")
    if said.block:
        yield from _text("blocked_because", said.block.because, LONGEST["blocked_because"])
        if said.block.until is not None and said.block.until.tzinfo is None:
            yield Problem("blocked_until", "has no time zone")
    for key, value in (said.attributes or {}).items():
        if not ATTRIBUTE.fullmatch(key):
            yield Problem("attributes", f"“{key[:40]}” is no name such as plan or customer_since")
        yield from _text("attributes", value, LONGEST["attribute"])
    if len(said.attributes or {}) > MOST_ATTRIBUTES:
        yield Problem("attributes", f"are more than {MOST_ATTRIBUTES}")
    for _name, value in said.ids or ():
        if not value.strip():
            yield Problem("external_ids", "has an empty id")
        yield from _text("external_ids", value, LONGEST["external_id"])
    if len(said.ids or ()) > MOST_IDS:
        yield Problem("external_ids", f"are more than {MOST_IDS}")
    if len(said.numbers or ()) > MOST_NUMBERS:
        yield Problem("numbers", f"are more than {MOST_NUMBERS}")


def _text(field: str, value: object, most: int) -> Iterator[Problem]:
    if value is None:
        return
    if not isinstance(value, str):
        yield Problem(field, "is no text")
    elif len(value.strip()) > most:
        yield Problem(field, f"is longer than {most} characters")
    elif not value.isprintable():
        yield Problem(field, "has characters that cannot be shown")


def _numbers(
    said: tuple[tuple[str, str], ...] | None, country: str
) -> tuple[tuple[tuple[str, str], ...] | None, list[Problem]]:
    """Read numbers in the country; the same twice is one, with the first label that it has."""
    if said is None:
        return None, []
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for written, label in said:
        number = numbers.parse(written, country=country)
        problems += _text("numbers", label, LONGEST["label"])
        if number is None:
            problems.append(Problem("numbers", f"“{written[:40]}” is no telephone number"))
        else:
            found[number] = found.get(number) or label.strip()
    return tuple(found.items()), problems


_LABEL = re.compile(r"(.*?)\s*\(([^()]*[^\W\d_][^()]*)\)\s*")


def labelled(text: str) -> tuple[str, str]:
    """Take "+1 415 555 0123 (mobile)" apart. A label has a letter: the parentheses of a number have none."""
    match = _LABEL.fullmatch(text)
    return (match.group(1), match.group(2).strip()) if match else (text.strip(), "")


def with_label(number: str, label: str) -> str:
    """Write a number as `labelled` reads it."""
    return f"{number} ({label})" if label else number
