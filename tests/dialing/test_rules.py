"""Tests of what forbids a call: a table of facts and limits."""

from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest

from dialing.destinations import Destination, Kind
from dialing.rules import Bounds, Counts, Facts, Spent, forbidden_by, lasting
from dialing.states import LASTING, Purpose, Rule

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # in New York
NIGHT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
BOUNDS = Bounds(
    countries=frozenset({"US"}),
    opens=time(8),
    closes=time(21),
    number_per_hour=2,
    number_per_day=4,
    attempts=6,
    per_hour=10,
    per_day=20,
    spend_per_day=Decimal(5),
    spend_per_month=Decimal(50),
)
FINE = Facts(Destination(Kind.OTHER, "US"), Purpose.CLICK, zones=("America/New_York",), estimate=Decimal("0.5"))


def of(kind, country="US"):
    return replace(FINE, destination=Destination(kind, country))


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (FINE, None),
        (of(Kind.MOBILE), None),
        (of(Kind.NONE, ""), Rule.NO_NUMBER),
        (of(Kind.EMERGENCY, ""), Rule.EMERGENCY),
        (of(Kind.PREMIUM), Rule.PREMIUM),
        (replace(FINE, is_ours=True), Rule.OWN),
        (of(Kind.OTHER, "JM"), Rule.COUNTRY),
        (of(Kind.OTHER, ""), Rule.COUNTRY),
        (replace(FINE, opted_out=True), Rule.DO_NOT_CALL),
        (replace(FINE, zones=("America/New_York", "Pacific/Honolulu")), Rule.HOURS),  # 7 in the morning there
        (replace(FINE, number=Counts(hour=1, day=3, period=5)), None),
        (replace(FINE, number=Counts(hour=2)), Rule.NUMBER_PER_HOUR),
        (replace(FINE, number=Counts(day=4)), Rule.NUMBER_PER_DAY),
        (replace(FINE, number=Counts(period=6)), Rule.ATTEMPTS),
        (replace(FINE, everybody=Counts(hour=9, day=19)), None),
        (replace(FINE, everybody=Counts(hour=10)), Rule.PER_HOUR),
        (replace(FINE, everybody=Counts(day=20)), Rule.PER_DAY),
        (replace(FINE, spent=Spent(day=Decimal("4.5"), month=Decimal("49.5"))), None),  # exactly what is left
        (replace(FINE, spent=Spent(day=Decimal("4.51"))), Rule.SPEND_PER_DAY),
        (replace(FINE, spent=Spent(month=Decimal("49.51"))), Rule.SPEND_PER_MONTH),
        # the first of several counts
        (replace(FINE, opted_out=True, number=Counts(hour=9), is_ours=True), Rule.OWN),
    ],
)
def test_the_first_rule_that_forbids_a_call_is_given(facts, rule):
    assert forbidden_by(facts, BOUNDS, NOON) == rule
    assert lasting(facts, BOUNDS) == (rule if rule in LASTING else None)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_customers_alone_are_called_within_hours_and_not_too_often(purpose):
    to_customer = purpose is not Purpose.TRANSFER
    facts = replace(FINE, purpose=purpose)

    assert forbidden_by(facts, BOUNDS, NIGHT) == (Rule.HOURS if to_customer else None)
    often = replace(facts, number=Counts(hour=99))
    assert forbidden_by(often, BOUNDS, NOON) == (Rule.NUMBER_PER_HOUR if to_customer else None)
    assert forbidden_by(replace(facts, everybody=Counts(hour=10)), BOUNDS, NOON) == Rule.PER_HOUR
    assert forbidden_by(replace(facts, opted_out=True), BOUNDS, NOON) == Rule.DO_NOT_CALL


def test_what_is_not_bounded_is_allowed():
    free = Bounds(countries=frozenset({"US"}), opens=time(0), closes=time(0))
    much = replace(
        FINE,
        number=Counts(10**6, 10**6, 10**6),
        everybody=Counts(10**6, 10**6),
        spent=Spent(Decimal(10**6), Decimal(10**6)),
    )

    assert forbidden_by(much, free, NIGHT) is None
