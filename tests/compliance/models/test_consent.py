"""What the database refuses of policies, notices, scopes and the ledger."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from compliance.models import Consent, Notice, Policy
from compliance.states import Answer
from tests.calls.factories import AT
from tests.compliance.rows import entry, notice, policy, scope
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [("subject", "thoughts"), ("consent", "perhaps"), ("share", 101), ("channels", 3)],
)
def test_a_policy_that_makes_no_sense_is_refused(field, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        policy(**{field: value})


@pytest.mark.parametrize(("field", "value"), [("share", 101), ("pause_limit", 9), ("pause_limit", 3601)])
def test_a_form_says_so_before_the_database_does(field, value):
    with pytest.raises(ValidationError) as refused:
        Policy(name="Sales", **{field: value}).full_clean()

    assert field in refused.value.message_dict


def test_two_policies_do_not_share_a_name_and_both_can_be_told_apart():
    first, second = policy("Sales"), policy("Support")

    assert str(first) != str(second)
    with pytest.raises(IntegrityError), transaction.atomic():
        policy("Sales")


def test_a_version_of_a_language_exists_once():
    made = notice(policy())

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(policy=made.policy, language=made.language, version=1, text="Else", at=AT)
    assert str(made).endswith("(en-US, version 1)")


@pytest.mark.parametrize(("field", "value"), [("answer", "perhaps"), ("party", "nobody")])
def test_the_ledger_has_known_words_only(field, value):
    call, made = scope().call, policy()
    fields = {"call": call, "policy": made, "mode": made.consent, "at": AT, "party": "customer", "answer": "agreed"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**(fields | {field: value}))


def test_a_policy_that_somebody_has_answered_stays_and_so_does_its_queue():
    queue = make_queue()
    made = policy(queue=queue)
    entry(scope().call, made, Answer.TOLD)

    with pytest.raises(ProtectedError):
        made.delete()
    with pytest.raises(ProtectedError):
        queue.delete()


def test_entries_are_told_apart():
    call, made = scope().call, policy()

    assert str(entry(call, made)) != str(entry(call, made))
    assert str(scope_of := call.scope) == f"Scope of {scope_of.call_id}"
