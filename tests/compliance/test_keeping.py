from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.keeping import Rule, fingerprint, fits, goes_at, made_before, over, ruling
from compliance.states import Kept

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
SALES = "+15005550100"
EVERY = Rule(1, Kept.RECORDING, 30)
OF_TEAM = Rule(2, Kept.RECORDING, 60, team=1)
OF_QUEUE = Rule(3, Kept.RECORDING, 90, queue=7)
OF_NUMBER = Rule(4, Kept.RECORDING, 10, number=SALES)
OF_BOTH = Rule(5, Kept.RECORDING, None, number=SALES, queue=7)
OTHER_KIND = Rule(6, Kept.CALL, 1, number=SALES)
RULES = (EVERY, OF_TEAM, OF_QUEUE, OF_NUMBER, OF_BOTH, OTHER_KIND)

scopes = st.tuples(st.sampled_from(["", SALES]), st.sampled_from([None, 7]), st.sampled_from([None, 1]))


@st.composite
def rule_sets(draw: st.DrawFn) -> list[Rule]:
    """Sets of rules as the table can hold them: one for each scope."""
    chosen = draw(st.lists(scopes, unique=True))
    return [
        Rule(number, Kept.RECORDING, draw(st.sampled_from([None, 1, 30])), *scope)
        for number, scope in enumerate(chosen, start=1)
    ]


@pytest.mark.parametrize(
    ("number", "queue", "team", "rules_it"),
    [
        ("", None, None, EVERY),
        ("+15005550199", 8, 2, EVERY),
        ("", None, 1, OF_TEAM),
        ("", 7, 1, OF_QUEUE),
        (SALES, None, 1, OF_NUMBER),
        (SALES, 8, 1, OF_NUMBER),
        (SALES, 7, None, OF_BOTH),
    ],
)
def test_the_most_specific_rule_counts_whatever_their_order(number, queue, team, rules_it):
    for order in permutations(RULES):
        assert ruling(order, Kept.RECORDING, number=number, queue=queue, team=team) == rules_it


def test_without_a_rule_nothing_has_an_end():
    assert ruling(RULES, Kept.TRANSCRIPT, number=SALES, queue=7, team=1) is None
    assert goes_at(AT, None) is None


def test_a_rule_without_days_keeps_what_a_less_specific_one_would_let_go():
    assert goes_at(AT, ruling(RULES, Kept.RECORDING, number=SALES, queue=7, team=None)) is None
    assert made_before(OF_BOTH, at=AT) is None


def test_an_item_goes_when_its_days_are_over():
    assert goes_at(AT, EVERY) == AT + timedelta(days=30)
    assert made_before(EVERY, at=AT + timedelta(days=30)) == AT


@given(rule_sets(), scopes)
def test_one_rule_rules_an_item_and_each_other_that_fits_knows_of_a_winner(rules, item):
    scope = {"number": item[0], "queue": item[1], "team": item[2]}
    fitting = [rule for rule in rules if fits(rule, **scope)]

    ruled = [rule for rule in fitting if not any(fits(other, **scope) for other in over(rule, rules))]

    assert ruled == ([ruling(rules, Kept.RECORDING, **scope)] if fitting else [])


def test_a_rule_is_another_once_it_ends_sooner_or_one_that_took_items_from_it_is_gone():
    known = fingerprint(EVERY, RULES)

    assert fingerprint(EVERY, tuple(reversed(RULES))) == known
    assert fingerprint(Rule(1, Kept.RECORDING, 29), RULES) != known
    assert fingerprint(EVERY, [rule for rule in RULES if rule != OF_QUEUE]) != known


def test_a_rule_stays_the_same_where_one_of_another_kind_or_a_less_specific_one_changes():
    known = fingerprint(OF_QUEUE, RULES)

    assert fingerprint(OF_QUEUE, [rule for rule in RULES if rule not in (EVERY, OTHER_KIND)]) == known


def test_rules_of_two_numbers_take_nothing_from_each_other():
    other = Rule(9, Kept.RECORDING, 5, number="+15005550199", queue=7)

    assert over(OF_NUMBER, [*RULES, other]) == [OF_BOTH]
