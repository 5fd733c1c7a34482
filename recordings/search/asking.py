"""What somebody wants, as PostgreSQL's queries: one for each configuration that occurs, and all of them in one.

A vector has the name of its configuration among its words (`recordings.indexing`), so the query for German words finds
German transcripts alone, and the one index answers for all languages at once. Texts that people typed are parameters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from recordings.indexing import configuration, mark
from recordings.search.words import Near, Unclear, Wanted, Why

WITHIN = 5  # words: how near is near

# What occurs, by stepping from each language to the next in the index: as fast for a million rows as for ten.
_LANGUAGES = """
WITH RECURSIVE step AS (
    (SELECT language FROM recordings_transcript WHERE is_current ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT next.language FROM recordings_transcript next
            WHERE next.is_current AND next.language > step.language ORDER BY next.language LIMIT 1)
    FROM step WHERE step.language IS NOT NULL
)
SELECT language FROM step WHERE language IS NOT NULL
"""
_TEXT = "phraseto_tsquery(name::regconfig, %s)"
_WORD = "plainto_tsquery(name::regconfig, %s)"


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of one configuration: the whole of it, what makes a line a hit, and each word to be marked.

    `loose` asks for all words that must be there, wherever they are: the index alone knows the answer.
    """

    whole: str
    loose: str
    hits: str
    words: str


def languages() -> list[str]:
    """Give the languages of the transcripts that there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LANGUAGES)
        return [language for (language,) in cursor.fetchall()]


def asked(wanted: Wanted, tags: Iterable[str]) -> dict[str, Asked]:
    """Give the query for each configuration of these languages in which it asks for anything.

    Words that a language has in every sentence are not asked for in it. Raises Unclear where nothing else is left.
    """
    names = sorted({configuration(tag) for tag in tags})
    whole, texts = _whole(wanted)
    hits, hit_texts = _any(wanted)
    loose = " && ".join([_WORD] * len(wanted.every_text))
    each = [word for text in wanted.every_text for word in text.split()]
    words = " || ".join([_WORD] * len(each))
    statement = (
        "SELECT name, whole::text, loose::text, hits::text, words::text FROM unnest(%s::text[]) AS name,"  # noqa: S608  # our own pieces
        f" LATERAL (SELECT {whole} AS whole, {loose} AS loose, {hits} AS hits, {words} AS words) AS made"
        " WHERE querytree(whole) NOT IN ('', 'T')"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [names, *texts, *wanted.every_text, *hit_texts, *each])
        found = {name: Asked(*queries) for name, *queries in cursor.fetchall()}
    if names and not found:
        raise Unclear(Why.TOO_COMMON)
    return found


def union(queries: Mapping[str, Asked], *, loose: bool = False) -> str:
    """Give one query that asks each configuration's of the transcripts of that configuration."""
    each = {name: query.loose if loose else query.whole for name, query in sorted(queries.items())}
    return " | ".join(f"('{mark(name)}' & ({query}))" for name, query in each.items())


def _whole(wanted: Wanted) -> tuple[str, list[str]]:
    pieces, texts = [], list[str]()
    for text in wanted.texts:
        pieces.append(_TEXT)
        texts.append(text)
    for two in wanted.near:
        piece, its = _near(two)
        pieces.append(piece)
        texts += its
    for text in wanted.excluded:
        pieces.append(f"!!{_TEXT}")
        texts.append(text)
    return " && ".join(pieces), texts


def _any(wanted: Wanted) -> tuple[str, list[str]]:
    """Ask for any of what is wanted: a line that has it is a hit."""
    pieces, texts = [_TEXT] * len(wanted.texts), list(wanted.texts)
    for two in wanted.near:
        piece, its = _near(two)
        pieces.append(piece)
        texts += its
    return " || ".join(pieces), texts


def _near(two: Near) -> tuple[str, list[str]]:
    orders = ((two.one, two.other), (two.other, two.one))
    apart = [f"tsquery_phrase({_TEXT}, {_TEXT}, {words})" for words in range(1, WITHIN + 1)]
    texts = [text for order in orders for _words in apart for text in order]
    return f"({' || '.join(apart * len(orders))})", texts
