"""Numbers that are read out: digits that follow one another, closely or with words between. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from recordings.speech.redaction.reading import Token

_MOST_FILLERS = 4
# "Hold on, let me see" within a long number; more words, and it is another one.
_MOST_WORDS = 6
_PAUSES = frozenset(",.;!?…")
_LONGEST_CODE = 40


@dataclass(frozen=True)
class Run:
    """Tokens of a row from one number to another with nothing but fillers between."""

    tokens: tuple[Token, ...]
    begin: int  # place of the first in the row

    @property
    def end(self) -> int:
        return self.begin + len(self.tokens)

    @cached_property
    def numbers(self) -> tuple[Token, ...]:
        return tuple(token for token in self.tokens if token.digits)

    @cached_property
    def digits(self) -> str:
        return "".join(token.digits for token in self.numbers)

    @property
    def segments(self) -> set[int]:
        return {token.segment for token in self.tokens}

    def parts(self) -> Iterator["Run"]:
        """Cut where the voice makes a pause: at punctuation, between segments, at words like "and"; or give none."""
        begin = 0
        for place, token in enumerate(self.tokens):
            if not token.digits and (token.text in _PAUSES or token.text[:1].isalpha()):
                yield from self._cut(begin, place)
                begin = place + 1
            elif token.segment != self.tokens[place - 1].segment and place > begin:
                yield from self._cut(begin, place)
                begin = place
        if begin > 0:
            yield from self._cut(begin, len(self.tokens))

    def _cut(self, begin: int, end: int) -> Iterator["Run"]:
        yield from closely(self.tokens[begin:end], begin=self.begin + begin)


def closely(row: Sequence[Token], *, begin: int = 0) -> list[Run]:
    """Find the numbers in a row of tokens."""
    found: list[Run] = []
    first = last = None
    for place, token in enumerate(row):
        if token.digits:
            if first is None or last is None or place - last - 1 > _MOST_FILLERS:
                found += _run(row, first, last, begin)
                first = place
            last = place
        elif not token.is_filler:
            found += _run(row, first, last, begin)
            first = last = None
    return found + _run(row, first, last, begin)


def _run(row: Sequence[Token], first: int | None, last: int | None, begin: int) -> list[Run]:
    if first is None or last is None:
        return []
    return [Run(tuple(row[first : last + 1]), begin + first)]


def loosely(row: Sequence[Token], runs: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    """Give numbers that may be pieces of one: with a few words between."""
    chain: list[Run] = []
    for run in runs:
        if chain and not _near(row, chain[-1].end, run.begin):
            yield tuple(chain)
            chain = []
        chain.append(run)
    if chain:
        yield tuple(chain)


def _near(row: Sequence[Token], begin: int, end: int) -> bool:
    between = row[begin:end]
    words = sum(token.text[:1].isalnum() for token in between)
    return words <= _MOST_WORDS and not any(token.is_wall for token in between)


def codes(row: Sequence[Token], begin: int, *, as_iban: bool) -> Iterator[tuple[str, int]]:
    """Read letters and digits from a place on; give what they make after each token, and the place behind it.

    In an IBAN, the country and the four letters of a bank may be written small, as a word.
    """
    value = ""
    for place in range(begin, len(row)):
        token = row[place]
        piece = token.digits or token.letters
        if not piece and as_iban and token.text.isascii() and token.text.isalpha():
            piece = token.text.upper() if (len(value), len(token.text)) in {(0, 2), (4, 4)} else ""
        if not piece and not (value and token.is_filler):
            return
        value += piece
        if len(value) > _LONGEST_CODE:
            return
        if piece:
            yield value, place + 1
