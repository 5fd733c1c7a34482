"""What people type into the search: words, "exact phrases", near words, and words that must not be there. Pure.

All that is typed must be there. `flat NEAR tire` wants both, at most five words apart, whichever comes first; `-word`
and `-"a phrase"` must be nowhere in the transcript.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 200
MOST_TERMS = 12
NEAR = "NEAR"

_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'))
# what word processors make of a hyphen
_DASHES = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\u2010\u2011", "-"))
_PIECE = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)')


class Why(StrEnum):
    """Why nothing can be looked for."""

    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    QUOTE = "quote"
    NEAR = "near"
    NO_WORD = "no-word"
    ONLY_EXCLUDED = "only-excluded"
    TOO_COMMON = "too-common"


class Unclear(Exception):
    """What was typed cannot be looked for."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Near:
    """Two texts at most a few words apart."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must be there, each text a word or a phrase, and what must not."""

    texts: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def every_text(self) -> tuple[str, ...]:
        """All texts that make a line worth showing."""
        return tuple(dict.fromkeys((*self.texts, *(text for two in self.near for text in (two.one, two.other)))))


def parse(typed: str) -> Wanted | None:
    """Read what somebody typed; None where that is nothing. Raises Unclear."""
    text = _plain(typed)
    if not text:
        return None
    if len(text) > LONGEST:
        raise Unclear(Why.TOO_LONG)
    if text.count('"') % 2:
        raise Unclear(Why.QUOTE)
    pieces = [piece for piece in map(_piece, _PIECE.finditer(text)) if piece is not None]
    if len(pieces) > MOST_TERMS:
        raise Unclear(Why.TOO_MANY)
    return _wanted(pieces)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_excluded: bool = False
    joins: bool = False  # it is the word NEAR itself


def _plain(typed: str) -> str:
    """Make one kind of quotes and dashes, and leave out what no database takes."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in typed)
    return " ".join(kept.translate(_QUOTES).translate(_DASHES).split())


def _piece(match: re.Match[str]) -> _Piece | None:
    """Read one word or phrase; None where it holds neither a letter nor a digit."""
    if (word := match["word"]) is None:
        text, is_excluded = match["phrase"].strip(), bool(match["minus"])
    elif word == NEAR:
        return _Piece(word, joins=True)
    else:
        text, is_excluded = word.lstrip("-"), word.startswith("-")
    return _Piece(text, is_excluded) if any(one.isalnum() for one in text) else None


def _wanted(pieces: list[_Piece]) -> Wanted:
    joined, near = set[int](), list[Near]()
    for place, piece in enumerate(pieces):
        if not piece.joins:
            continue
        beside = pieces[max(place - 1, 0) : place] + pieces[place + 1 : place + 2]
        if len(beside) < 2 or any(one.joins or one.is_excluded for one in beside):
            raise Unclear(Why.NEAR)
        near.append(Near(*(one.text for one in beside)))
        joined |= {place - 1, place + 1}
    texts = [
        piece.text
        for place, piece in enumerate(pieces)
        if place not in joined and not piece.joins and not piece.is_excluded
    ]
    excluded = [piece.text for piece in pieces if piece.is_excluded]
    if not texts and not near:
        raise Unclear(Why.ONLY_EXCLUDED if excluded else Why.NO_WORD)
    return Wanted(tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(near)), tuple(dict.fromkeys(excluded)))
