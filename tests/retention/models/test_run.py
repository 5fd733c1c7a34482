from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from compliance.states import Kept
from retention.models import Run
from tests.calls.factories import AT
from tests.compliance.keepers import make_rule

pytestmark = pytest.mark.django_db


def make_run(**fields) -> Run:
    defaults = {
        "kind": Kept.RECORDING,
        "days": 30,
        "words": "All recordings go after 30 days.",
        "fingerprint": "ab" * 32,
        "state": "running",
        "before": AT,
        "planned": 1,
        "planned_at": AT,
    }
    return Run.objects.create(**(defaults | fields))


def test_a_rule_has_one_open_run():
    rule = make_rule()
    make_run(rule=rule, state="done")
    make_run(rule=rule, state="waiting")

    with pytest.raises(IntegrityError, match="one_open_run_per_rule"), transaction.atomic():
        make_run(rule=rule)


def test_several_rules_may_go_while_their_runs_wait():
    rules = [make_rule(days=30), make_rule(Kept.CALL)]
    for rule in rules:
        make_run(rule=rule, state="waiting")

    for rule in rules:
        rule.delete()

    assert Run.objects.filter(rule=None).open().count() == 2


def test_a_run_is_idle_while_no_worker_has_it():
    run = make_run(leased_until=AT + timedelta(seconds=1))
    make_run(state="waiting")

    assert not Run.objects.idle(at=AT).exists()
    assert Run.objects.idle(at=AT + timedelta(seconds=1)).get() == run
