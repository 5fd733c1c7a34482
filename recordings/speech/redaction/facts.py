"""What a rule is, and what it goes by. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recordings.speech.redaction.contexts import Said
from recordings.speech.redaction.kinds import Kind
from recordings.speech.redaction.reading import Token


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules go by besides the row."""

    said: Said
    countries: Sequence[str]  # whose numbers are known
    secrets: Sequence[tuple[Kind, str]]  # digits found so far, which may be said again


# The kind, and the tokens of the row from a place to before another.
Found = tuple[Kind, int, int]
Rule = Callable[[Sequence[Token], Facts], Iterator[Found]]
