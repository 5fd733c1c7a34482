"""Tests of the one door to the outside, and of what calls have cost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from dialing import actions
from dialing.actions import NotPermitted
from dialing.models import Attempt, Rate
from dialing.states import Purpose, Rule
from tests.at_once import at_once
from tests.calls.factories import make_call
from tests.compliance.keepers import lift, make_hold
from tests.dialing.factories import attempt, set_limits

NUMBER = "+14155550123"
NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


def permit(number=NUMBER, **how):
    return actions.permit(number, **({"purpose": Purpose.CLICK, "at": NOW} | how))


@pytest.mark.django_db
def test_who_may_be_dialed_is_written_down_with_what_it_may_cost():
    found = permit()

    assert (found.rule, found.country, found.estimate) == ("", "US", Decimal("0.06"))
    assert Rate.objects.get().sample == NUMBER


@pytest.mark.django_db
def test_who_may_not_be_dialed_is_written_down_with_the_rule():
    with pytest.raises(NotPermitted) as refused:
        permit("+4930123456")

    assert refused.value.rule == Rule.COUNTRY
    assert refused.value.sentence == str(refused.value) == "Calls to DE are not allowed here."
    row = Attempt.objects.get()
    assert (row.rule, row.estimate, row.country) == (Rule.COUNTRY, 0, "DE")
    assert not Rate.objects.exists()


@pytest.mark.django_db
def test_an_attempt_for_which_nobody_was_rung_counts_for_nothing():
    set_limits(number_per_hour=1)

    actions.withdraw(permit(), at=NOW)
    found = permit()
    actions.note_call(found.pk, make_call().pk)
    actions.withdraw(found, at=NOW)  # too late: somebody was rung

    with pytest.raises(NotPermitted):
        permit()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_the_last_place():
    set_limits(number_per_hour=1)

    def dial():
        try:
            permit()
        except NotPermitted as refused:
            return str(refused.rule)
        return "permitted"

    assert sorted(at_once(*[dial] * 4)) == ["number-per-hour"] * 3 + ["permitted"]


def called(ended_at, **fields):
    call = make_call(status="completed", ended_at=ended_at)
    return attempt(at=NOW, call=call, **fields), call.sid


@pytest.mark.django_db
def test_what_calls_have_cost_is_asked_for_once_they_are_over_and_again_after_an_hour():
    over, sid = called(NOW - timedelta(minutes=3))
    called(NOW - timedelta(minutes=1))  # too fresh
    called(NOW - timedelta(days=4))  # will never be told
    called(NOW - timedelta(minutes=9), price=Decimal(1))
    attempt(at=NOW, call=make_call(status="in-progress"))

    assert actions.claim_unpriced(at=NOW) == [(over.pk, sid)]
    assert sid not in [found for _, found in actions.claim_unpriced(at=NOW + timedelta(minutes=5))]
    assert sid in [found for _, found in actions.claim_unpriced(at=NOW + timedelta(minutes=61))]
    actions.note_price(over.pk, Decimal("-0.0130"), "usd")
    over.refresh_from_db()
    assert (over.price, over.currency) == (Decimal("0.0130"), "USD")


@pytest.mark.django_db
def test_rates_are_asked_for_once_a_week_and_forget_whose_number_it_was():
    permit()
    [(rate, sample)] = actions.claim_rates(at=NOW)
    assert sample == NUMBER
    assert actions.claim_rates(at=NOW) == []

    actions.note_rate(rate, Decimal("0.014"), "USD")

    assert Rate.objects.get().sample == ""
    assert permit().estimate == Decimal("0.042")
    later = NOW + timedelta(days=8)
    assert actions.claim_rates(at=later) == []  # nobody is dialed there
    permit("+14155550199", at=later)
    assert actions.claim_rates(at=later) == [(rate, "+14155550199")]


@pytest.mark.django_db
def test_an_entry_is_forgotten_once():
    found = permit()

    assert actions.forget(found.pk) == {"dialing.Attempt": 1}
    assert actions.forget(found.pk) == {}


@pytest.mark.django_db
def test_old_entries_by_which_nobody_was_rung_are_deleted():
    old = NOW - timedelta(days=91)
    attempt(at=old, rule=Rule.HOURS)
    attempt(at=old, call=make_call())  # goes with its conversation
    attempt(at=NOW, rule=Rule.HOURS)

    assert actions.tidy(at=NOW) == 1
    assert Attempt.objects.count() == 2


@pytest.mark.django_db
def test_old_entries_that_a_legal_hold_keeps_stay_and_the_others_go():
    held = attempt(NUMBER, at=NOW - timedelta(days=91), rule=Rule.HOURS)
    attempt("+14155550199", at=NOW - timedelta(days=91), rule=Rule.HOURS)
    hold = make_hold(caller=NUMBER)

    assert actions.tidy(at=NOW) == 1
    assert list(Attempt.objects.all()) == [held]
    lift(hold)
    assert actions.tidy(at=NOW) == 1
