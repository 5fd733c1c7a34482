"""The work list: what lies open in mailboxes, one row for each number in a mailbox; for the admin and for the desk."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from agents.models import User
from calls.ends import shown_to, text_shown_to
from calls.models import Call
from recordings import rights, telling
from recordings.models import Mailbox, MissedCall, Recording, Return, Transcript, Voicemail
from recordings.said import Said, said, sound, with_what_was_said
from recordings.states import ReturnState
from telephony import numbers

Left: TypeAlias = Voicemail | MissedCall

PAGE = 25
MOST_SINGLES = 20  # of one row; whoever calls more often is called back all the same
DONE_FOR = timedelta(days=30)

REFUSED = gettext_lazy("You may not hear or read it.")
SENSITIVE = gettext_lazy("It came from a sensitive queue: open it, and say why you want to hear it.")

# One row for each number in a mailbox; whoever called without one is a row of their own each time. What is done comes
# in the portions in which it was done.
ROWS = """
WITH message AS (
    SELECT id::text, mailbox_id, call_id, left_at AS at, status, taken_by_id, language, done_at, true AS is_voicemail
      FROM recordings_voicemail WHERE mailbox_id = ANY(%(mailboxes)s) AND {which}
    UNION ALL
    SELECT id::text, mailbox_id, call_id, at, status, taken_by_id, '', done_at, false
      FROM recordings_missedcall WHERE mailbox_id = ANY(%(mailboxes)s) AND {which}
), known AS (
    SELECT message.*, sid, coalesce(
           CASE WHEN direction LIKE 'outbound%%' THEN to_number ELSE from_number END, '') AS number
      FROM message LEFT JOIN calls_call call ON call.id = message.call_id
), keyed AS (
    SELECT known.*, CASE
           WHEN number = '' OR lower(number) = ANY(%(withheld)s) OR (status = 'done' AND done_at IS NULL) THEN id
           ELSE number END AS who
      FROM known
)
SELECT mailbox_id, done_at, max(number) AS number,
       count(*) FILTER (WHERE is_voicemail) AS messages,
       count(*) FILTER (WHERE NOT is_voicemail) AS missed,
       min(at) AS first_at, max(at) AS last_at, bool_or(status = 'new') AS is_new,
       coalesce(array_agg(DISTINCT taken_by_id) FILTER (WHERE taken_by_id IS NOT NULL), '{{}}') AS holders,
       coalesce(array_agg(DISTINCT language) FILTER (WHERE language <> ''), '{{}}') AS languages,
       (array_agg(id ORDER BY at DESC))[:%(singles)s] AS ids,
       count(*) OVER () AS total
  FROM keyed
 WHERE {found}
 GROUP BY mailbox_id, who, done_at
HAVING {having}
 ORDER BY {order}, who
 LIMIT %(most)s OFFSET %(offset)s
"""


class Status(StrEnum):
    """Which rows: `new` has something that nobody has heard, `heard` has not."""

    OPEN = "open"
    NEW = "new"
    HEARD = "heard"
    DONE = "done"


class Held(StrEnum):
    ANYBODY = ""
    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is asked for. `searched`: a number, or a part of it, or a CallSid."""

    mailbox: int | None = None
    status: Status = Status.OPEN
    held: Held = Held.ANYBODY
    language: str = ""
    oldest_first: bool = False
    searched: str = ""
    page: int = 1


class Seen(NamedTuple):
    """A row as somebody saw it: one message of it, until when they were left, and who had it. As text within a form."""

    message: Left
    until: datetime
    holders: frozenset[int]

    def __str__(self) -> str:
        return "_".join([str(self.message.pk), self.until.isoformat(), *map(str, sorted(self.holders))])


@dataclass(frozen=True, slots=True)
class Single:
    """One message, or one call that left none. `sound`: the recording, where this person may hear it now."""

    message: Left
    at: datetime
    call: Call | None
    recording: Recording | None = None
    sound: Recording | None = None
    said: Said = field(default_factory=Said)

    @property
    def is_voicemail(self) -> bool:
        return self.recording is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A number that left something in a mailbox, in words for one person, who may not see all of the number.

    `workers`: to whom else it may be given. `attempt`: who is calling the number now, for whatever mailbox, or who has
    called back last.
    """

    mailbox: Mailbox
    number: str
    can_be_called: bool
    counted: str
    count: int
    last_at: datetime
    done_at: datetime | None
    is_new: bool
    holders: tuple[User, ...]
    is_mine: bool
    workers: tuple[User, ...]
    languages: tuple[str, ...]
    singles: tuple[Single, ...]
    attempt: Return | None
    attempted: str

    @property
    def seen(self) -> Seen:
        return Seen(self.singles[0].message, self.last_at, frozenset(one.pk for one in self.holders))

    @property
    def is_others(self) -> bool:
        return bool(self.holders) and not self.is_mine

    @property
    def key(self) -> str:
        """What the row is called within a page, as long as nothing of it is done."""
        return f"{self.mailbox.pk}-{self.singles[-1].message.pk}"

    @property
    def latest(self) -> Single:
        """The newest that can be heard or read; the newest at all where only calls were missed."""
        return next((one for one in self.singles if one.is_voicemail), self.singles[0])

    @property
    def is_being_called(self) -> bool:
        return self.attempt is not None and self.attempt.is_live

    @property
    def is_answered(self) -> bool:
        """Whether somebody has called back and talked with the caller since the last message: done, most likely."""
        last = self.attempt
        return last is not None and last.state == ReturnState.TALKED and last.asked_at > self.last_at


@dataclass(frozen=True, slots=True)
class Page:
    """`total`: the number of rows on all pages."""

    rows: tuple[Row, ...]
    total: int

    @property
    def readable(self) -> tuple[Transcript, ...]:
        """What the rows show of what was said."""
        said_in = (one.said for row in self.rows for one in row.singles)
        return tuple(one.transcript for one in said_in if one.transcript is not None)


def read(user: User, asked: Asked, *, mailboxes: Collection[int], at: datetime, most: int = PAGE) -> Page:
    """Give a page of the work list of these mailboxes, which the person sees. Asks as much for many rows as for one."""
    seen = [one for one in mailboxes if asked.mailbox in (None, one)]
    if not seen:
        return Page((), 0)
    rows = _listed(user, asked, seen, at, most)
    return Page(tuple(_drawn(user, rows, at)), rows[0]["total"] if rows else 0)


def row_of(user: User, message: Left, *, at: datetime) -> Row | None:
    """Give the row in which a message lies now, with what else there is of the same number."""
    number = number_of(message)
    asked = Asked(status=Status.DONE if message.is_done else Status.OPEN)
    is_alone = not number or (message.is_done and message.done_at is None)
    found = "id = %(id)s" if is_alone else "number = %(number)s AND done_at IS NOT DISTINCT FROM %(done_at)s"
    values = {"id": str(message.pk), "number": number, "done_at": message.done_at}
    rows = _rows(user, asked, [message.mailbox_id], found, values, most=1)
    return next(_drawn(user, rows, at), None)


def single(user: User, voicemail_id: UUID, *, may_read: bool) -> Single:
    """Give one voicemail with what it says; `may_read` as the rules say of this very person at this moment."""
    found = with_what_was_said(Voicemail.objects.filter(pk=voicemail_id)).select_related("call").get()
    return _told(found, why_not="" if may_read else REFUSED, show=text_shown_to(user))


def languages(mailboxes: Collection[int]) -> list[str]:
    """Give the languages of what is open, as the flows have named them."""
    rows = Voicemail.objects.open().filter(mailbox__in=mailboxes).exclude(language="")
    return list(rows.order_by("language").values_list("language", flat=True).distinct())


def find(text: str, *, mailboxes: Collection[int]) -> Seen | None:
    """Read which row a form means, as it was seen; None where it is not in one of these mailboxes, or is nonsense."""
    key, _underscore, rest = text.partition("_")
    until, *holders = rest.split("_")
    try:
        moment = datetime.fromisoformat(until)
        message = _message(key, mailboxes)
        had = frozenset(map(int, holders))
    except ValueError:
        return None
    return Seen(message, moment, had) if message is not None and moment.tzinfo is not None else None


def _message(key: str, mailboxes: Collection[int]) -> Left | None:
    if key.isascii() and key.isdigit() and len(key) < 18:
        return MissedCall.objects.select_related("call", "mailbox").filter(pk=key, mailbox__in=mailboxes).first()
    return Voicemail.objects.select_related("call", "mailbox").filter(pk=UUID(key), mailbox__in=mailboxes).first()


def number_of(message: Left) -> str:
    """Give the number of who left something, as Twilio wrote it; empty where nobody knows it."""
    number = message.call.other_end if message.call else ""
    return "" if numbers.is_withheld(number) else number


def _listed(user: User, asked: Asked, mailboxes: Collection[int], at: datetime, most: int) -> list[dict[str, Any]]:
    found, values = _searched(asked.searched)
    if asked.status is Status.DONE and not asked.searched:
        found, values = f"{found} AND done_at > %(since)s", values | {"since": at - DONE_FOR}
    return _rows(user, asked, mailboxes, found, values, most=most)


def _searched(text: str) -> tuple[str, dict[str, Any]]:
    """Give a condition for a number, however it is written, for a part of it, or for a CallSid."""
    text = text.strip()
    if not text:
        return "true", {}
    digits = "".join(re.findall(r"\d", text)).lstrip("0")
    number = numbers.parse(text, country=settings.DEFAULT_COUNTRY) if len(digits) >= 10 else None
    if number is not None:
        return "number = %(number)s", {"number": number}
    if digits and not text.startswith("CA"):
        return "number LIKE %(part)s", {"part": f"%{digits}%"}
    return "sid = %(sid)s", {"sid": text}


def _rows(
    user: User, asked: Asked, mailboxes: Collection[int], found: str, values: Mapping[str, Any], *, most: int
) -> list[dict[str, Any]]:
    done = asked.status is Status.DONE
    having = {
        Status.NEW: "bool_or(status = 'new')",
        Status.HEARD: "NOT bool_or(status = 'new')",
    }.get(asked.status, "true")
    if asked.held is Held.ME:
        having += " AND bool_or(taken_by_id = %(me)s)"
    if asked.held is Held.NOBODY:
        having += " AND bool_and(taken_by_id IS NULL)"
    if asked.language:
        having += " AND bool_or(language = %(language)s)"
    newest = "max(done_at) DESC" if done else "max(at) DESC"
    query = ROWS.format(
        which="status = 'done'" if done else "status <> 'done'",
        found=found,
        having=having,
        order="min(at)" if asked.oldest_first else newest,
    )
    page: dict[str, Any] = {
        "mailboxes": list(mailboxes),
        "withheld": sorted(numbers.WITHHELD),
        "singles": MOST_SINGLES,
        "me": user.pk,
        "language": asked.language,
        "most": most,
        "offset": max(asked.page - 1, 0) * most,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, page | dict(values))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _drawn(user: User, rows: list[dict[str, Any]], at: datetime) -> Iterator[Row]:
    singles = _singles(user, [key for row in rows for key in row["ids"]])
    boxes = Mailbox.objects.in_bulk({row["mailbox_id"] for row in rows})
    people = User.objects.in_bulk({key for row in rows for key in row["holders"]})
    workers = _workers(boxes)
    calling = _being_called([row["number"] for row in rows])
    show = shown_to(user)
    for row in rows:
        mine = tuple(singles[key] for key in row["ids"] if key in singles)
        if not mine or row["mailbox_id"] not in boxes:
            continue  # gone since a moment ago
        number, attempt = row["number"], calling.get(row["number"]) or _last_attempt(mine)
        span = {"first_at": row["first_at"], "last_at": row["last_at"]}
        yield Row(
            mailbox=boxes[row["mailbox_id"]],
            number=show(number),
            can_be_called=numbers.is_e164(number) and not numbers.is_withheld(number),
            counted=telling.counted(row["messages"], row["missed"], **span, at=at),
            count=row["messages"] + row["missed"],
            last_at=row["last_at"],
            done_at=row["done_at"],
            is_new=row["is_new"],
            holders=tuple(people[key] for key in row["holders"] if key in people),
            is_mine=row["holders"] == [user.pk],
            workers=tuple(one for one in workers[row["mailbox_id"]] if one != user),
            languages=tuple(map(telling.language_name, row["languages"])),
            singles=mine,
            attempt=attempt,
            attempted=telling.attempted(attempt, reader=user, at=at) if attempt is not None else "",
        )


def _singles(user: User, keys: Collection[str]) -> dict[str, Single]:
    """Read messages by their ids: those of voicemails are UUIDs, those of missed calls numbers."""
    found: dict[str, Single] = {}
    voicemails = with_what_was_said(Voicemail.objects.filter(pk__in=[key for key in keys if not key.isdigit()]))
    seen = voicemails.select_related("call", "mailbox", "taken_by", "returned_by", "returning__agent")
    judged: Iterable[Any] = rights.judged(seen, user, "recording__")  # with what is said of each
    for one in judged:
        why_not = "" if one.is_audible and not one.is_sensitive else SENSITIVE if one.is_audible else REFUSED
        found[str(one.pk)] = _told(one, why_not=why_not, show=text_shown_to(user))
    calls = MissedCall.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    for call in calls.select_related("call", "taken_by", "returned_by", "returning__agent"):
        found[str(call.pk)] = Single(call, call.at, call.call)
    return found


def _told(voicemail: Voicemail, *, why_not: Promise | str, show: Callable[[str], str]) -> Single:
    recording = voicemail.recording
    if why_not:
        return Single(voicemail, voicemail.left_at, voicemail.call, recording, said=Said(why_not=str(why_not)))
    text = said(voicemail)
    text = replace(text, text=show(text.text))
    return Single(voicemail, voicemail.left_at, voicemail.call, recording, sound(voicemail), text)


def _workers(mailboxes: Iterable[int]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {key: [] for key in mailboxes}
    members = Mailbox.members.through.objects.filter(mailbox__in=list(found), user__is_active=True)
    for member in members.select_related("user").order_by("user__username"):
        found[member.mailbox_id].append(member.user)
    return found


def _being_called(found: Collection[str]) -> dict[str, Return]:
    live = Return.objects.live().filter(number__in=found).exclude(number="").select_related("agent")
    return {one.number: one for one in live}


def _last_attempt(singles: Iterable[Single]) -> Return | None:
    attempts = (one.message.returning for one in singles if one.message.returning is not None)
    return max(attempts, key=lambda one: one.asked_at, default=None)
