import pytest
from django.db import IntegrityError

from compliance.actions.rules import put, take_away
from compliance.models import RetentionRule
from compliance.states import Kept
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import make_rule

pytestmark = pytest.mark.django_db


def test_a_rule_remembers_who_changed_it_last():
    ann, bob = user(), user()
    rule = put(RetentionRule(kind=Kept.RECORDING, days=30), by=ann, at=AT)

    rule.days = 60
    put(rule, by=bob, at=AT)

    rule = RetentionRule.objects.get()
    assert (rule.days, rule.changed_by, rule.changed_at) == (60, bob, AT)


def test_one_scope_has_one_rule_of_a_kind():
    make_rule(Kept.RECORDING)

    with pytest.raises(IntegrityError, match="one_rule_per_scope"):
        put(RetentionRule(kind=Kept.RECORDING, days=90), by=user(), at=AT)


def test_nothing_is_kept_for_less_than_a_day():
    with pytest.raises(IntegrityError, match="rule_keeps_a_day_at_least"):
        put(RetentionRule(kind=Kept.RECORDING, days=0), by=user(), at=AT)


def test_a_rule_is_taken_away():
    rule = make_rule()

    take_away(rule)

    assert not RetentionRule.objects.exists()
