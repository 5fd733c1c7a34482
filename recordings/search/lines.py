"""The lines of a transcript that show why it was found, with the words marked: from what people see, redacted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from recordings.indexing import configuration
from recordings.models import Transcript
from recordings.search.asking import Asked

SHOWN = 3  # lines of one transcript
_BEGIN, _END = "\ue000", "\ue001"  # around a word that is marked; a text that has them itself is marked oddly, no more

# The lines that have what was asked for; where a phrase runs from one line into the next, those that have a word of it.
_LINES = """
SELECT wanted.id, line.start, line.speaker, ts_headline(wanted.name, line.said, wanted.words, %s)
FROM unnest(%s::uuid[], %s::regconfig[], %s::tsquery[], %s::tsquery[]) AS wanted (id, name, hits, words)
JOIN recordings_transcript transcript ON transcript.id = wanted.id
CROSS JOIN LATERAL (
    SELECT said, start, speaker, place FROM (
        SELECT entry.place, entry.segment ->> 'text' AS said, entry.segment ->> 'speaker' AS speaker,
               (entry.segment ->> 'start')::float AS start, made.vector @@ wanted.hits AS is_hit,
               bool_or(made.vector @@ wanted.hits) OVER () AS has_hits
        FROM jsonb_array_elements(transcript.segments) WITH ORDINALITY AS entry (segment, place)
        CROSS JOIN LATERAL (SELECT to_tsvector(wanted.name, entry.segment ->> 'text') AS vector OFFSET 0) made
        WHERE made.vector @@ wanted.words
    ) having_a_word
    WHERE is_hit OR NOT has_hits ORDER BY place LIMIT %s
) line
ORDER BY wanted.id, line.place
"""
_FIRST = """
SELECT id, (segments #>> '{0,start}')::float, segments #>> '{0,speaker}', segments #>> '{0,text}'
FROM recordings_transcript WHERE id = ANY(%s) AND segments #>> '{0,text}' IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: from which second, whose, and its text in pieces, of which some are what was looked for."""

    start: float
    speaker: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _is_marked in self.pieces)


def of(transcripts: Iterable[Transcript], queries: Mapping[str, Asked] | None) -> dict[UUID, tuple[Line, ...]]:
    """Give the lines that show why each was found; the first of each, where no words were asked for."""
    values: list[Any]
    if queries is None:
        statement, values = _FIRST, [[transcript.pk for transcript in transcripts]]
    else:
        rows = [(transcript.pk, configuration(transcript.language)) for transcript in transcripts]
        wanted = [(pk, name, queries[name].hits, queries[name].words) for pk, name in rows if name in queries]
        options = f"HighlightAll=true, StartSel={_BEGIN}, StopSel={_END}"
        statement, values = _LINES, [options, *map(list, zip(*wanted, strict=True)), SHOWN] if wanted else []
    found: dict[UUID, list[Line]] = {}
    if values and values[0]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            for pk, start, speaker, text in cursor.fetchall():
                found.setdefault(pk, []).append(Line(start or 0, speaker or "", pieces(text)))
    return {pk: tuple(lines) for pk, lines in found.items()}


def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Cut a text at its marks."""
    found: list[tuple[str, bool]] = []
    before, *marked = text.split(_BEGIN)
    found.append((before, False))
    for piece in marked:
        word, _end, rest = piece.partition(_END)
        found += [(word, True), (rest, False)]
    return tuple((piece.replace(_END, ""), is_marked) for piece, is_marked in found if piece.replace(_END, ""))
