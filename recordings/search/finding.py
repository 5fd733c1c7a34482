"""Which transcripts have the words, newest first, in a time that does not grow with what there is.

PostgreSQL has two ways: along the dates, reading the vector of each, until a page is full; or from the index of words,
sorting all that have them. The first is quick for what is common, the second for what is rare. Which of the two it is,
the planner guesses, and for phrases or within filters it guesses wrong, and then reads every vector there is. So it is
not left to guess: the newest are looked through first, and tell how common the words are.

The index knows no places: for phrases, near words and excluded ones the vectors of those that have the words must be
read, the newest first, up to a bound. Where that is reached, the answer says how far it has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from recordings.models import Transcript
from recordings.search import asking
from recordings.search.asking import Asked

LOOKED_THROUGH = 1000  # the newest, to begin with
COMMON = 0.1  # of them have the words: there the way along the dates is the shorter one
READ_AT_FIRST, READ_FURTHER = 3000, 40_000  # vectors, for the first page and for each of the others

# `{allowed}` is a statement of Django's, newest first: what a person may read, as far as the filters let it through.
_ALONG_DATES = """
SELECT id, recorded_at, recording_id FROM ({allowed} LIMIT %s) AS newest
WHERE search @@ %s::tsquery ORDER BY recorded_at DESC, recording_id DESC LIMIT %s
"""
_HOW_COMMON = """
SELECT count(*), count(*) FILTER (WHERE search @@ %s::tsquery) FROM ({allowed} LIMIT %s) AS newest
"""
# OFFSET 0: whoever knew that an order is wanted would walk along the dates after all.
_BY_INDEX = """
SELECT id, recorded_at, recording_id, place, search @@ %s::tsquery FROM (
    SELECT *, row_number() OVER (ORDER BY recorded_at DESC, recording_id DESC) AS place
    FROM (SELECT * FROM ({unordered}) AS allowed WHERE search @@ %s::tsquery OFFSET 0) AS having_the_words
    ORDER BY recorded_at DESC, recording_id DESC LIMIT %s
) AS candidate
WHERE search @@ %s::tsquery OR place = %s ORDER BY recorded_at DESC, recording_id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A transcript and its place in the order."""

    pk: UUID
    recorded_at: datetime
    recording: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `end` is how far the search has come, where it has not come to the end."""

    rows: tuple[Row, ...]
    end: Row | None = None


class Search:
    """The ways to find, for one person, filters and words."""

    def __init__(self, allowed: QuerySet[Transcript], queries: Mapping[str, Asked], most: int) -> None:
        rows = allowed.order_by().values("id", "recorded_at", "recording_id", "search")
        self._unordered, self._values = rows.query.sql_with_params()
        self._allowed, _values = rows.order_by("-recorded_at", "-recording_id").query.sql_with_params()
        self._whole, self._loose = asking.union(queries), asking.union(queries, loose=True)
        self._most = most

    @property
    def is_of_words_alone(self) -> bool:
        """Whether the index of words knows the whole answer."""
        return self._whole == self._loose

    def along_dates(self, read: int) -> tuple[Row, ...]:
        """Look through the newest."""
        return self._rows(_ALONG_DATES, *self._values, read, self._whole, self._most)

    def how_common(self) -> tuple[int, int]:
        """Tell how many newest ones there are to look through, and how many of them have the words."""
        ((there, have_the_words),) = self._asked(_HOW_COMMON, self._loose, *self._values, LOOKED_THROUGH)
        return there, have_the_words

    def by_index(self, read: int) -> tuple[tuple[Row, ...], Row | None]:
        """Ask the index of words, and read the newest of what it knows; give how far that came, if not to the end."""
        with transaction.atomic(), connection.cursor() as cursor:
            # To read the table looks cheap to the planner, which does not count that vectors lie elsewhere.
            cursor.execute("SET LOCAL enable_seqscan = off")
            values = (self._whole, *self._values, self._loose, read, self._whole, read, self._most)
            rows = self._asked(_BY_INDEX, *values)
            cursor.execute("SET LOCAL enable_seqscan = DEFAULT")
        found = tuple(Row(*row) for *row, _place, is_match in rows if is_match)
        bound = next((Row(*row) for *row, place, _is_match in rows if place == read), None)
        return found, bound if len(found) < self._most else None

    def _rows(self, statement: str, *values: Any) -> tuple[Row, ...]:
        return tuple(Row(*row) for row in self._asked(statement, *values))

    def _asked(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(allowed=self._allowed, unordered=self._unordered), values)
            return list(cursor.fetchall())


def find(allowed: QuerySet[Transcript], queries: Mapping[str, Asked] | None, *, most: int, is_first: bool) -> Found:
    """Find the newest of these transcripts that have the words; the newest of all, where no words are asked for."""
    if queries is None:
        return Found(_newest(allowed, 0, most))
    try:
        search = Search(allowed, queries, most)
    except EmptyResultSet:  # nothing is within reach of this person, as Django knows beforehand
        return Found(())
    rows = search.along_dates(LOOKED_THROUGH)
    if len(rows) >= most:
        return Found(rows)
    there, have_the_words = search.how_common()
    if there < LOOKED_THROUGH:
        return Found(rows)
    read = READ_AT_FIRST if is_first else READ_FURTHER
    if search.is_of_words_alone or have_the_words < COMMON * LOOKED_THROUGH:
        return Found(*search.by_index(read))
    rows = search.along_dates(read)
    end = () if len(rows) >= most else _newest(allowed, read - 1, read)
    return Found(rows, end[0] if end else None)


def _newest(allowed: QuerySet[Transcript], first: int, end: int) -> tuple[Row, ...]:
    rows = allowed.order_by("-recorded_at", "-recording_id").values_list("pk", "recorded_at", "recording_id")
    return tuple(Row(*row) for row in rows[first:end])
