"""The rules as they are now, read once for a page however many items it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from django.conf import settings

from compliance import keeping
from compliance.keeping import Rule
from compliance.models import RetentionRule
from compliance.states import Kept

OF_SETTINGS = 0  # in place of a row's id
EVERYTHING = (False, False, False)


class Ending(NamedTuple):
    """When an item may go, and by which rule; neither: it is kept until somebody deletes it."""

    at: datetime | None
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class RulesNow:
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls) -> Self:
        return cls.of(rule_of(row) for row in RetentionRule.objects.order_by("pk"))

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Self:
        """Give these rules, and that of the settings where none of them is for every delivery."""
        known = tuple(rules)
        if any(rule.kind == Kept.DELIVERY and rule.weight == EVERYTHING for rule in known):
            return cls(known)
        return cls((*known, Rule(OF_SETTINGS, Kept.DELIVERY, max(settings.TWILIO_DELIVERY_DAYS, 1))))

    def ending(
        self, kind: Kept, made_at: datetime, *, number: str = "", queue: int | None = None, team: int | None = None
    ) -> Ending:
        """Tell when an item made then may go. `team` is its queue's or, without a queue, its agent's."""
        rule = keeping.ruling(self.rules, kind, number=number, queue=queue, team=team)
        return Ending(keeping.goes_at(made_at, rule), rule)


def rule_of(row: RetentionRule) -> Rule:
    return Rule(row.pk, Kept(row.kind), row.days, row.number, row.queue_id, row.team_id)
