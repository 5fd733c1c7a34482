"""What must be known beyond a document to check it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ivr.document import Document
from ivr.hours.opening import Week


class Lacking(NamedTuple):
    """A skill that a queue asks for and none of its members has at this level."""

    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class KnownQueue:
    """A queue, its members who take calls, and what they lack.

    `longest`: the queue's own longest wait in seconds, None for none. `calls_from`: whether it has a number to call
    people back from, whatever they have called. `present`: the whole hours (UTC) of the last weeks in which a member
    was at a desk; None: nothing is known of that.
    """

    name: str
    members: int = 1
    lacking: tuple[Lacking, ...] = ()
    longest: int | None = None
    calls_from: bool = True
    present: frozenset[datetime] | None = None


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line that leads to the flow; `direct`: without another flow between. `forward_to` is rung in an emergency."""

    name: str
    address: str
    forward_to: str = ""
    direct: bool = True


class Recording(NamedTuple):
    """A policy that may record these calls from their very beginning; its pauses end by themselves after `pause`."""

    policy: str
    pause: int


class Holiday(NamedTuple):
    """A holiday within two weeks, and whether callers are told of it by a prompt of its own."""

    schedule: str
    on: date
    name: str
    has_prompt: bool


class Unconfirmed(NamedTuple):
    """A year whose public holidays nobody has confirmed for opening hours that follow them."""

    schedule: str
    year: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What must be known beyond the document. None, or nothing by that key: not known, so not checked.

    `numbers` may be shown as caller ID; `published` are the ids of flows that have a version, `flows` the documents of
    those that lie ahead. `long` are sounds, by hash, of over a minute; `sounds` have their seconds. `countries` may be
    called, `home` is our own. `weeks` are opening hours by id, with their names; `at` is the moment of the check,
    `time_zone` the company's. `holidays` and `unconfirmed` go by the id of the opening hours within.
    """

    numbers: frozenset[str] | None = None
    published: frozenset[str] | None = None
    queues: Mapping[str, KnownQueue] = field(default_factory=dict)
    long: frozenset[str] = frozenset()
    sounds: Mapping[str, float] = field(default_factory=dict)
    flows: Mapping[str, Document] = field(default_factory=dict)
    lines: tuple[KnownLine, ...] = ()
    countries: frozenset[str] | None = None
    home: str = ""
    weeks: Mapping[str, tuple[str, Week]] = field(default_factory=dict)
    at: datetime | None = None
    time_zone: str = "UTC"
    recordings: tuple[Recording, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()
