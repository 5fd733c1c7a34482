"""Which retention rule rules an item, and when the item goes. Pure.

Of the rules of a kind that fit an item the most specific one counts, also where it keeps longer than the others: one
that names a number wins over one that names a queue, that over one that names a team, and that over one for everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from compliance.states import Kept


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules. What it leaves empty, it does not ask for; without `days` it keeps."""

    id: int
    kind: Kept
    days: int | None
    number: str = ""
    queue: int | None = None
    team: int | None = None

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """How specific it is: the greater one wins. Two that fit the same item never weigh the same."""
        return (self.number != "", self.queue is not None, self.team is not None)


def fits(rule: Rule, *, number: str, queue: int | None, team: int | None) -> bool:
    return (
        rule.number in ("", number)
        and (rule.queue is None or rule.queue == queue)
        and (rule.team is None or rule.team == team)
    )


def ruling(rules: Iterable[Rule], kind: Kept, *, number: str, queue: int | None, team: int | None) -> Rule | None:
    """Give the rule that counts for an item; None where none does, and it is kept until somebody deletes it."""
    fitting = (rule for rule in rules if rule.kind == kind and fits(rule, number=number, queue=queue, team=team))
    return max(fitting, key=lambda rule: rule.weight, default=None)


def goes_at(made_at: datetime, rule: Rule | None) -> datetime | None:
    """Give the moment from which the item may go; None: it is kept until somebody deletes it."""
    return None if rule is None or rule.days is None else made_at + timedelta(days=rule.days)


def made_before(rule: Rule, *, at: datetime) -> datetime | None:
    """Give the moment before which an item that the rule rules must have been made for its time to be over."""
    return None if rule.days is None else at - timedelta(days=rule.days)


def over(rule: Rule, rules: Iterable[Rule]) -> list[Rule]:
    """Give the rules that win over this one where both fit: what they fit is not this one's."""
    return [
        other for other in rules if other.kind == rule.kind and other.weight > rule.weight and _may_meet(rule, other)
    ]


def fingerprint(rule: Rule, rules: Iterable[Rule]) -> str:
    """Give what tells whether the rule may rule other items than before, or end them sooner: then it is a new rule."""
    taken = sorted(repr(_scope(other)) for other in over(rule, rules))
    return sha256("\n".join((rule.kind, repr(rule.days), repr(_scope(rule)), *taken)).encode()).hexdigest()


def _scope(rule: Rule) -> tuple[str, int | None, int | None]:
    return (rule.number, rule.queue, rule.team)


def _may_meet(one: Rule, other: Rule) -> bool:
    """Tell whether an item may fit both."""
    return all(
        mine == theirs or mine in ("", None) or theirs in ("", None)
        for mine, theirs in zip(_scope(one), _scope(other), strict=True)
    )
