"""One page of what a search finds, newest first, of what a person may read.

Pages are cut by place, not by number: whoever goes on neither misses a transcript nor gets one twice, however many
come in meanwhile. Nothing is counted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.utils.dateparse import parse_datetime

from agents.models import User
from calls.models import Call
from queues.models import Queue
from recordings import rights
from recordings.models import GivenReason, Recording, Transcript
from recordings.search import asking, finding, lines
from recordings.search.lines import Line
from recordings.search.words import Wanted

PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search; `until` is the first moment that is not asked for any more."""

    queue: int | None = None
    agent: UUID | int | None = None
    since: datetime | None = None
    until: datetime | None = None
    number: str = ""  # E.164
    subject: str = ""
    language: str = ""  # without a region


@dataclass(frozen=True, slots=True)
class Place:
    """The transcript after which a page begins."""

    at: datetime
    recording: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.recording.hex}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Read what an address has; None where that is no place."""
        moment, _tilde, recording = text.partition("~")
        try:
            at, found = parse_datetime(moment), UUID(hex=recording)
        except ValueError:
            return None
        return cls(at, found) if at is not None and at.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Result:
    """A transcript that was found, and the lines that show why; none where a reason must be given first."""

    transcript: Transcript
    needs_reason: bool
    reason: str  # for which the lines are shown
    lines: tuple[Line, ...]

    @property
    def recording(self) -> Recording:
        return self.transcript.recording


@dataclass(frozen=True, slots=True)
class Page:
    """Results in their order; `after` is where the next page begins, None on the last.

    `is_partial` says that the page has fewer than it could: the search has come as far as that place and goes on there.
    """

    results: tuple[Result, ...]
    after: Place | None = None
    is_partial: bool = False


def may_search(user: Any) -> bool:
    """Tell whether there can be anything that a person may read."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.has_perm("recordings.listen") or user.mailboxes.exists()


def page(user: User, wanted: Wanted | None, filters: Filters, *, after: Place | None, at: datetime) -> Page:
    """Give a page of what a person may read. Raises Unclear where the words are too common in every language."""
    queries = None
    if wanted is not None:
        queries = asking.asked(wanted, _tags(filters))
        if not queries:
            return Page(())
    found = finding.find(allowed(user, filters, after), queries, most=PAGE + 1, is_first=after is None)
    shown = found.rows[:PAGE]
    rows = _rows(user, [row.pk for row in shown], at)
    said = lines.of([row for row, reason in rows if reason is not None], queries)
    results = tuple(Result(row, reason is None, reason or "", said.get(row.pk, ())) for row, reason in rows)
    if len(found.rows) > PAGE:
        return Page(results, Place(shown[-1].recorded_at, shown[-1].recording))
    if found.end is not None:
        return Page(results, Place(found.end.recorded_at, found.end.recording), is_partial=True)
    return Page(results)


def allowed(user: User, filters: Filters, after: Place | None) -> QuerySet[Transcript]:
    """Give the transcripts after a place that a person may read, as far as the filters let them through."""
    rows = Transcript.objects.filter(_reach(user), _narrowed(filters), is_current=True, redacted_at__isnull=False)
    if after is not None:
        rows = rows.filter(TupleLessThan(Tuple("recorded_at", "recording"), (after.at, after.recording)))
    return rows


def _reach(user: User) -> Q:
    """Give the condition that a person may read a transcript."""
    exact = rights.heard_by(user, "recording__")
    if user.has_perm("recordings.listen_everywhere") and user.has_perm("recordings.listen"):
        return exact
    # Says the same again, by what a transcript knows itself: so PostgreSQL may begin with the few that are in reach.
    near = Q()
    if mailboxes := list(user.mailboxes.values_list("pk", flat=True)):
        near |= Q(mailbox__in=mailboxes)
    if user.has_perm("recordings.listen"):
        queues = Queue.objects.filter(Q(team__in=user.supervised_teams.values("pk")) | Q(listeners=user))
        near |= Q(queue__in=list(queues.values_list("pk", flat=True).distinct()))
        if user.has_perm("recordings.see_every_mailbox"):
            near |= Q(queue__isnull=True)
    return exact & near


def _narrowed(filters: Filters) -> Q:
    narrowed = Q()
    if filters.queue is not None:
        narrowed &= Q(queue=filters.queue)
    if filters.agent is not None:
        narrowed &= Q(agent=filters.agent)
    if filters.since is not None:
        narrowed &= Q(recorded_at__gte=filters.since)
    if filters.until is not None:
        narrowed &= Q(recorded_at__lt=filters.until)
    if filters.number:
        calls = Call.objects.numbered(filters.number)
        narrowed &= Q(recording__call__in=calls.values("pk"))
    if filters.subject:
        narrowed &= Q(subject=filters.subject)
    if filters.language:
        narrowed &= Q(language=filters.language) | Q(language__startswith=f"{filters.language}-")
    return narrowed


def _tags(filters: Filters) -> list[str]:
    return [filters.language] if filters.language else asking.languages()


def _rows(user: User, pks: list[UUID], at: datetime) -> list[tuple[Transcript, str | None]]:
    """Read what the page shows of these transcripts, in their order, with no word of what was said.

    With each comes the reason for which the person may read it: none is needed, or None where one must be given.
    """
    given = GivenReason.objects.valid(at=at).filter(recording=OuterRef("recording"), user=user.pk)
    rows: Any = rights.judged(Transcript.objects.filter(pk__in=pks), user, "recording__")
    rows = rows.annotate(reason=Subquery(given.order_by("-at").values("reason")[:1]))
    rows = rows.defer("segments", "findings", "original", "original_key", "text", "search")
    found = {row.pk: row for row in rows.select_related("recording__call", "recording__queue", "recording__agent")}
    return [(row, row.reason if row.is_sensitive else "") for pk in pks if (row := found.get(pk))]
