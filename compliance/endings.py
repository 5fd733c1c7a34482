"""The rules as they are now, read once for a page however many items it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from compliance import keeping
from compliance.keeping import Rule
from compliance.models import RetentionRule
from compliance.states import Kept


class Ending(NamedTuple):
    """When an item may go, and by which rule; neither: it is kept until somebody deletes it."""

    at: datetime | None
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class RulesNow:
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls) -> Self:
        return cls(tuple(rule_of(row) for row in RetentionRule.objects.order_by("pk")))

    def ending(
        self, kind: Kept, made_at: datetime, *, number: str = "", queue: int | None = None, team: int | None = None
    ) -> Ending:
        """Tell when an item made then may go. `team` is its queue's or, without a queue, its agent's."""
        rule = keeping.ruling(self.rules, kind, number=number, queue=queue, team=team)
        return Ending(keeping.goes_at(made_at, rule), rule)

    def of(self, kind: Kept) -> Iterable[Rule]:
        return (rule for rule in self.rules if rule.kind == kind)


def rule_of(row: RetentionRule) -> Rule:
    return Rule(row.pk, Kept(row.kind), row.days, row.number, row.queue_id, row.team_id)
