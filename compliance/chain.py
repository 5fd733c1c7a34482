"""The chain of the log of access: each entry carries the hash of the one before. Pure.

Whoever changes, takes out or puts in an entry must write all later ones anew. What cannot be seen in the chain itself
is that its end was cut off, or that all of it was written anew by somebody who may write the table. An export is the
remedy: it says how many entries there were and the hash of the last one, and `walk` compares that with what is there.
So an export is worth as much as the place where it is kept.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Any

BEGINNING = "0" * 64  # what the first entry names as the hash before
RULE = (
    "Every line after this one but the last is an entry. Its hash is the SHA-256, in hexadecimal, of the text "
    "'previous' directly followed by the text 'entry', both as they stand in the line once JSON has been read. "
    "'previous' is the hash of the entry before; the first one has 64 zeros. "
    "The last line says how many entries there are and repeats the hash of the last one."
)


class Unreadable(Exception):
    """This is no whole export of the log, or it does not hold together. The message is for a person."""


class Flaw(StrEnum):
    CHANGED = "changed"  # its content does not give its hash
    LOOSE = "loose"  # it does not follow the entry before: something in between is gone, or it was put in
    OTHER = "other"  # it is not the one that the export has at this place: all was written anew
    CUT = "cut"  # the log ends before the export does


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the chain sees it. `content` is its canonical text."""

    id: int
    content: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is known of the chain from elsewhere: after so many entries the last hash was this."""

    entries: int
    last: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold. `entry` is the id of what stands there; None past the end."""

    flaw: Flaw
    place: int
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain has found. Up to the break, where there is one, the entries hold together."""

    entries: int
    last: str
    broken: Break | None = None


def canonical(
    *,
    at: datetime,
    user: int | None,
    who: str,
    address: str | None,
    action: str,
    subject: str,
    subject_id: str,
    reason: str,
    detail: Mapping[str, Any],
) -> str:
    """Write an entry in the one way in which it is hashed, the same before it is stored and after it is read again.

    Raises ValueError for a detail that the database would not give back as it was: a fraction, a key that is no text.
    """
    content = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": user,
        "who": who,
        "address": address and _address(address),
        "action": str(action),
        "subject": subject,
        "subject_id": subject_id,
        "reason": reason,
        "detail": plain(detail),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _address(written: str) -> str:
    """Write an address in one way, whichever of its ways the database or this Python prefers."""
    address = ip_address(written)
    return str((address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address)


def plain(value: Any) -> Any:
    """Give a detail as JSON has it. Raises ValueError for what does not come back from the database unchanged."""
    match value:
        case None | bool() | int() | str():
            return value
        case list() | tuple():
            return [plain(one) for one in value]
        case Mapping() if all(isinstance(key, str) for key in value):
            return {key: plain(one) for key, one in value.items()}
    raise ValueError(f"{value!r} does not come back from the database as it is: use whole numbers and text")


def following(previous: str, content: str) -> str:
    """Give the hash of an entry that follows one with the hash `previous`."""
    return sha256((previous + content).encode()).hexdigest()


def walk(links: Iterable[Link], *, anchor: Anchor | None = None) -> Verdict:
    """Follow the chain from its beginning to the first break or to its end, in little memory whatever its length."""
    place, last = 0, BEGINNING
    for place, link in enumerate(links, 1):
        flaw = _flaw(link, last, anchor if anchor and anchor.entries == place else None)
        if flaw:
            return Verdict(place - 1, last, Break(flaw, place, link.id))
        last = link.hash
    if anchor and place < anchor.entries:
        return Verdict(place, last, Break(Flaw.CUT, place + 1))
    return Verdict(place, last)


def _flaw(link: Link, last: str, anchor: Anchor | None) -> Flaw | None:
    if link.previous != last:
        return Flaw.LOOSE
    if following(link.previous, link.content) != link.hash:
        return Flaw.CHANGED
    return Flaw.OTHER if anchor and anchor.last != link.hash else None


def written(links: Iterable[Link], *, at: datetime) -> Iterator[str]:
    """Write an export, a line at a time: the rule by which anybody can verify it, the entries, and how it ends."""
    entries, last = 0, BEGINNING
    yield _line({"log": "access", "format": 1, "exported_at": at.astimezone(UTC).isoformat(), "rule": RULE})
    for link in links:
        entries, last = entries + 1, link.hash
        yield _line({"id": link.id, "entry": link.content, "previous": link.previous, "hash": link.hash})
    yield _line({"entries": entries, "last": last})


def anchor_of(lines: Iterable[str]) -> Anchor:
    """Verify an export by itself and give what it knows of the log. Raises Unreadable."""
    reading = _Reading(lines)
    verdict = walk(reading.links())
    if verdict.broken:
        raise Unreadable(f"the export itself is broken at its entry {verdict.broken.place}: {verdict.broken.flaw}")
    if reading.end != Anchor(verdict.entries, verdict.last):
        raise Unreadable("the export is not whole: its last line does not fit to its entries")
    return reading.end


class _Reading:
    """An export as it is read: its entries, and then what its last line says."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.end = lines, Anchor(-1, "")

    def links(self) -> Iterator[Link]:
        for number, line in enumerate(self.lines, 1):
            match _read(line, number):
                case {"log": "access", "format": 1} if number == 1:
                    continue
                case {"id": int(pk), "entry": str(content), "previous": str(previous), "hash": str(mark)} if number > 1:
                    yield Link(pk, content, previous, mark)
                case {"entries": int(entries), "last": str(last)} if number > 1:
                    self.end = Anchor(entries, last)
                case _:
                    raise Unreadable(f"line {number} is none of an export of the log")


def _read(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise Unreadable(f"line {number} is none of an export of the log") from None


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content) + "\n"
