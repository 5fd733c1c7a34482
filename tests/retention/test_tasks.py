"""The tasks hand over before they last too long, and the sweep picks up what nobody goes on with."""

from datetime import timedelta

import pytest

from compliance.states import Kept
from retention import tasks
from retention.actions import findings, runs
from retention.models import Comparison, Finding, Run
from retention.states import FindingState, Orphan
from telephony import client
from telephony.models import Delivery
from tests.calls.factories import AT
from tests.compliance.keepers import make_rule
from tests.retention import rows
from tests.retention.account import Account, Silent
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account


def test_a_run_is_handed_from_task_to_task(monkeypatch):
    monkeypatch.setattr(tasks, "WORKED_FOR", 0.0)
    monkeypatch.setitem(runs.BATCHES, Kept.DELIVERY, 1)
    for days in (40, 41, 42):
        rows.delivery(days)
    make_rule(Kept.DELIVERY, 30)
    handed = []
    monkeypatch.setattr(tasks.carry_out, "delay", handed.append)

    tasks.keep()
    for run_id in handed:
        tasks.carry_out(run_id)
        if len(handed) > 10:
            break

    assert len(handed) == 4, "one for each batch, and one that finds nothing more"
    assert (Delivery.objects.count(), Run.objects.get().state) == (0, "done")


def test_who_finds_a_claim_leaves_the_run_alone(monkeypatch):
    rows.delivery()
    make_rule(Kept.DELIVERY, 30)
    (run,) = runs.plan(at=AT)
    runs.claim(run.pk, at=AT)

    tasks.carry_out(run.pk)

    assert Delivery.objects.exists()
    assert Run.objects.get().removed == 0


def test_the_sweep_goes_on_with_a_comparison_that_nobody_has(account):
    comparison = Comparison.objects.create(began_at=AT, until=AT, leased_until=AT - timedelta(seconds=1))

    tasks.sweep()

    comparison.refresh_from_db()
    assert comparison.done_at == AT


def test_a_finding_that_twilio_does_not_tell_of_stays_open(account):
    finding = Finding.objects.create(kind=Orphan.AT_TWILIO, name="RE1", found_at=AT)

    tasks.adopt(finding.pk, None)
    tasks.clear_again(finding.pk)

    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    assert findings.begin(at=AT) is not None
