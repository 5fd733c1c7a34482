"""What a set of rules removes: now, and in the days to come, beside what another set would. Nothing is removed here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from compliance.endings import RulesNow, is_of_settings
from compliance.keeping import Rule, fingerprint
from compliance.states import Kept
from retention import due
from retention.due import Due
from retention.models import Run
from retention.states import RunState

TOMORROW = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one rule removes: with its next run, a day later, within a week; and how many it did before the change."""

    rule: Rule
    words: str
    now: Due
    tomorrow: int
    week: int
    before: int
    is_new: bool
    waits: bool

    @property
    def more(self) -> int:
        return max(self.now.count - self.before, 0)


def effects(rules: RulesNow, *, before: RulesNow, kinds: Collection[Kept], at: datetime) -> list[Effect]:
    """Count what each rule of these kinds would remove, and what it did before."""
    known = {rule.id: rule for rule in before.rules}
    found = []
    for rule in rules.rules:
        if rule.kind not in kinds:
            continue
        old = known.get(rule.id)
        is_same = old is not None and fingerprint(old, before.rules) == fingerprint(rule, rules.rules)
        now = due.count(rule, rules.rules, at=at)
        found.append(
            Effect(
                rule,
                rules.words[rule.id],
                now,
                tomorrow=due.count(rule, rules.rules, at=at + TOMORROW).count - now.count,
                week=due.count(rule, rules.rules, at=at + WEEK).count - now.count,
                before=now.count if is_same else due.count(old, before.rules, at=at).count if old else 0,
                is_new=not is_same,
                waits=_waits(rule, rules, now),
            )
        )
    return found


def _waits(rule: Rule, rules: RulesNow, now: Due) -> bool:
    """Tell whether its next run would wait for a person who types the number."""
    if is_of_settings(rule) or now.count <= settings.RETENTION_FIRST_RUN_LIMIT:
        return False
    mark = fingerprint(rule, rules.rules)
    return not Run.objects.filter(rule=rule.id, fingerprint=mark, state=RunState.DONE).exists()
