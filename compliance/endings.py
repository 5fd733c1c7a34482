"""The rules as they are now, read once for a page however many items it shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self

from django.conf import settings
from django.utils.translation import gettext as _

from compliance import keeping
from compliance.keeping import Rule
from compliance.models import RetentionRule
from compliance.rules_in_words import sentence
from compliance.states import Kept

OF_SETTINGS = 0  # in place of a row's id
# Rules that there are without a row, until somebody makes one for everything: in place of their ids.
IDS_OF_SETTINGS: Mapping[Kept, int] = {Kept.DELIVERY: OF_SETTINGS, Kept.TOLD: -2, Kept.SENT: -3}
EVERYTHING = (False, False, False)


class Ending(NamedTuple):
    """When an item may go, and the rule that says so, in words too; without a moment it is kept."""

    at: datetime | None
    rule: Rule | None
    words: str


@dataclass(frozen=True, slots=True)
class RulesNow:
    """All rules, and what each says in words, by its id."""

    rules: tuple[Rule, ...]
    words: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Self:
        """Read them in one query."""
        return cls.of(RetentionRule.objects.select_related("queue", "team").order_by("pk"))

    @classmethod
    def of(cls, rows: Iterable[RetentionRule]) -> Self:
        """Give these rules, and those of the settings where none of them is for everything of the kind."""
        known = list(rows)
        rules = [rule_of(row) for row in known]
        words = {rule.id: words_of(row) for rule, row in zip(rules, known, strict=True)}
        for kind, rule_id in IDS_OF_SETTINGS.items():
            if not any(rule.kind == kind and rule.weight == EVERYTHING for rule in rules):
                days = max(_days_of_settings(kind), 1)
                rules.append(Rule(rule_id, kind, days))
                words[rule_id] = sentence(kind, days)
        return cls(tuple(rules), words)

    def ending(
        self, kind: Kept, made_at: datetime, *, number: str = "", queue: int | None = None, team: int | None = None
    ) -> Ending:
        """Tell when an item made then may go. `team` is its queue's or, where that has none, its agent's."""
        rule = keeping.ruling(self.rules, kind, number=number, queue=queue, team=team)
        if rule is None:
            return Ending(None, None, _("No rule: kept until somebody deletes it."))
        return Ending(keeping.goes_at(made_at, rule), rule, self.words[rule.id])


def id_of(row: int | None, kind: str) -> int:
    """Give the id of the rule that a row names; without a row that of the settings for the kind."""
    return row if row is not None else IDS_OF_SETTINGS.get(Kept(kind), OF_SETTINGS)


def is_of_settings(rule: Rule) -> bool:
    return rule.id in IDS_OF_SETTINGS.values()


def _days_of_settings(kind: Kept) -> int:
    match kind:
        case Kept.TOLD:
            return settings.EVENT_DAYS
        case Kept.SENT:
            return settings.EVENT_LOG_DAYS
        case _:
            return settings.TWILIO_DELIVERY_DAYS


def rule_of(row: RetentionRule) -> Rule:
    """Give a row as the pure rules know it; one that is not saved yet counts as a row of its own."""
    return Rule(row.pk or -1, Kept(row.kind), row.days, row.number, row.queue_id, row.team_id)


def words_of(row: RetentionRule) -> str:
    """Say what a row's rule does."""
    queue, team = row.queue, row.team
    return sentence(
        Kept(row.kind),
        row.days,
        number=row.number,
        queue=queue.name if queue else "",
        team=team.name if team else "",
    )
