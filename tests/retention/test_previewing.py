import pytest

from compliance.endings import RulesNow
from compliance.models import RetentionRule
from compliance.states import Kept
from retention import tasks
from retention.due import Due
from retention.previewing import effects
from tests.compliance.keepers import OURS, make_rule
from tests.retention import rows
from tests.retention.rows import AT, DAY

pytestmark = pytest.mark.django_db


def preview(*changed: RetentionRule):
    before = RulesNow.read()
    return effects(RulesNow.of(changed), before=before, kinds={Kept.RECORDING}, at=AT)


def test_a_rule_tells_what_goes_now_tomorrow_and_within_a_week():
    rule = make_rule(Kept.RECORDING, 30)
    for days in (31, 29.5, 25, 10):
        rows.recording(days)

    (effect,) = preview(rule)

    assert (effect.now, effect.tomorrow, effect.week) == (Due(1, 0, AT - 31 * DAY), 1, 2)
    assert (effect.before, effect.is_new, effect.more) == (1, False, 0)


def test_a_change_is_compared_with_what_is():
    rule = make_rule(Kept.RECORDING, 90)
    rows.recording(60)
    rule.days = 30

    (effect,) = preview(rule)

    assert (effect.now.count, effect.before, effect.is_new, effect.more) == (1, 0, True, 1)


def test_a_new_rule_takes_items_from_a_less_specific_one():
    every = make_rule(Kept.RECORDING, 30)
    rows.recording(60, number=OURS)

    old, new = preview(every, RetentionRule(kind=Kept.RECORDING, number=OURS, days=90))

    assert (old.now.count, old.before, old.is_new) == (0, 1, True)
    assert (new.now.count, new.before, new.is_new) == (0, 0, True)


def test_a_large_effect_waits_for_a_person_until_it_was_carried_out_once(settings, monkeypatch):
    settings.RETENTION_FIRST_RUN_LIMIT = 1
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    rule = make_rule(Kept.RECORDING, 30)
    rows.recording(60)
    assert not preview(rule)[0].waits
    tasks.keep()

    for _ in range(2):
        rows.recording(60)

    assert not preview(rule)[0].waits
    rule.days = 29
    assert preview(rule)[0].waits


def test_nothing_is_removed_by_looking():
    make_rule(Kept.RECORDING, 30)
    made = rows.recording(60)

    preview(*RetentionRule.objects.all())

    made.refresh_from_db()
    assert made.state == "stored"
