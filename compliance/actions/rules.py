"""Retention rules: set, changed, taken away. Each change counts for what exists at once; the runs carry it out."""

from datetime import datetime

from django.db import transaction

from agents.models import User
from compliance.models import RetentionRule


def put(rule: RetentionRule, *, by: User, at: datetime) -> RetentionRule:
    """Save a rule, new or changed. Raises IntegrityError where its kind has one of the same scope already."""
    with transaction.atomic():
        rule.changed_by, rule.changed_at = by, at
        if rule._state.adding:
            rule.save(force_insert=True)
        else:
            rule.save(update_fields=["kind", "number", "queue", "team", "days", "changed_by", "changed_at"])
    return rule


def take_away(rule: RetentionRule) -> None:
    """Delete a rule: what it ruled follows the next specific one, or is kept."""
    RetentionRule.objects.filter(pk=rule.pk).delete()
