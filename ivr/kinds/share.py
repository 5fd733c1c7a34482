"""Share calls out among ways by chance, such as for a trial of two greetings: each way gets its percentage."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate

from ivr.kinds import values
from ivr.kinds.base import ExitName, Leave, Move, Option, Problem, Step, Turn
from ivr.kinds.settings import flag
from telephony import numbers

ALL = Decimal(100)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?%", re.ASCII)


@dataclass(frozen=True, slots=True)
class Share(Step):
    same_caller: bool = flag(
        True,
        "The same caller goes the same way each time",
        help_text="So that nobody hears two greetings on one day. Withheld numbers are drawn anew with each call.",
    )

    KIND = "share"
    LABEL = "Share of calls"
    HAS_OPTIONS = True
    SPEAKS = False

    def enter(self, turn: Turn) -> Move:
        drawn = turn.drawn.get(self.id, "")
        if not any(option.exit == drawn for option in self.options):
            drawn = self._draw(turn)
        return Leave(drawn)

    def exit_names(self) -> Iterator[ExitName]:
        yield from values.exit_names(self)

    def in_words(self, option: Option) -> str:
        share = percent(option.words)
        return "no share yet" if share is None else f"{share.normalize():f} % of calls"

    def problems(self) -> Iterator[Problem]:
        where = f"step “{self.name}”"
        if len(self.options) < 2:
            yield self.error(
                "nothing_to_share", f"Calls can only be shared in {where} when it has two options or more."
            )
        for option in self.options:
            if option.keys:
                text = f"Option “{option.exit}” of {where} has a key; chance decides here, callers press nothing."
                yield self.error("keys_for_values", text)
            if percent(option.words) is None:
                yield self.error("no_percentage", f"Option “{option.exit}” of {where} has no percentage such as 50 %.")
        wrong = wrong_sum([percent(option.words) for option in self.options])
        if wrong:
            yield self.error("not_all_shared", f"The percentages of {where} {wrong}")

    def _draw(self, turn: Turn) -> str:
        """Draw a way: always the same for one call, or for one caller."""
        shares = [percent(option.words) or Decimal(0) for option in self.options]
        if not sum(shares):
            return self.options[0].exit if self.options else ""
        is_known = self.same_caller and numbers.is_e164(turn.caller) and not numbers.is_withheld(turn.caller)
        place = Decimal(_draw(self.id, turn.caller if is_known else turn.seed)) * sum(shares) / (1 << 64)
        ends = accumulate(shares)
        return next(option.exit for option, end in zip(self.options, ends, strict=True) if place < end)


def percent(words: Sequence[str]) -> Decimal | None:
    """Give the share of an option by its words, of which there is one such as `50 %`; None where there is none."""
    found = _PERCENT.fullmatch(words[0].strip()) if len(words) == 1 else None
    share = Decimal(found[1]) if found else None
    return share if share is not None and share <= ALL else None


def wrong_sum(shares: list[Decimal | None]) -> str:
    """Tell what is wrong with the sum, as the end of a sentence; "" where nothing is, or a percentage is missing."""
    told = [share for share in shares if share is not None]
    total = sum(told, Decimal(0))
    missing = ALL - total
    if not told or len(told) < len(shares) or not missing:
        return ""
    rest = f"{abs(missing).normalize():f} % {'are missing' if missing > 0 else 'are too much'}"
    return f"add up to {total.normalize():f} %, not to 100 %: {rest}."


def _draw(step: str, seed: str) -> int:
    """Give a number below 2 to the power of 64, spread evenly. Nobody can tell the seed from it."""
    return int.from_bytes(sha256(f"{step} {seed}".encode()).digest()[:8])
