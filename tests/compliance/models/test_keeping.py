"""What the database refuses of holds and of rules about how long something is kept."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from compliance.models import Hold, RetentionRule
from compliance.states import Kept
from tests.agents.factories import team, user
from tests.calls.factories import AT
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def hold(name: str = "Case 7", **fields: object) -> Hold:
    owner = user()
    defaults = {"reason": "Court order", "owner": owner, "review_at": date(2026, 9, 1), "placed_by": owner}
    return Hold.objects.create(name=name, **(defaults | {"placed_at": AT} | fields))


def rule(kind: str = Kept.RECORDING, **fields: object) -> RetentionRule:
    return RetentionRule.objects.create(kind=kind, **({"days": 90, "changed_at": AT} | fields))


def test_a_hold_that_would_cover_everything_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        hold()


def test_holds_are_active_until_they_are_lifted():
    kept = hold(caller="+14155550123")
    hold("Case 8", number="+15005550100", lifted_at=AT, lifted_by=user(), lifted_because="Over")

    assert list(Hold.objects.active()) == [kept]
    assert str(kept) == "Case 7"


def test_there_is_one_rule_for_what_it_names():
    rule()
    rule(queue=make_queue())
    rule(team=team())
    rule(Kept.VOICEMAIL)

    with pytest.raises(IntegrityError), transaction.atomic():
        rule()


def test_a_rule_is_about_something_that_we_keep():
    with pytest.raises(IntegrityError), transaction.atomic():
        rule("dreams")


def test_rules_are_told_apart():
    assert str(rule()) != str(rule(Kept.VOICEMAIL))
