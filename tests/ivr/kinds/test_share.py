"""Calls are shared out by chance, and yet the same for one call and for one caller."""

from collections import Counter

import pytest

from tests.ivr.factories import END, Walk, make_document, make_step, option


def make_share(*shares, step="share", **settings):
    options = [option(name, "", words) for name, words in shares]
    exits = {name: "end" for name, _words in shares}
    return make_document({step: make_step("share", options=options, exits=exits, settings=settings), "end": END})


HALVES = make_share(("old", "50 %"), ("new", "50 %"))


def test_over_many_calls_each_way_gets_its_share():
    document = make_share(("a", "70 %"), ("b", "25.5 %"), ("c", "4.5 %"), ("never", "0 %"))

    ways = Counter(Walk(document, seed=f"call {number}").left_by[0] for number in range(4000))

    assert ways.keys() == {"a", "b", "c"}
    assert abs(ways["a"] / 4000 - 0.7) < 0.03
    assert abs(ways["b"] / 4000 - 0.255) < 0.03
    assert abs(ways["c"] / 4000 - 0.045) < 0.02


def test_a_call_that_asks_twice_goes_the_same_way():
    ways = [[Walk(HALVES, seed=f"call {number}").left_by[0] for _ in range(2)] for number in range(20)]

    assert all(first == second for first, second in ways)
    assert len({first for first, _second in ways}) == 2


def test_the_same_caller_goes_the_same_way_where_that_is_wanted():
    seeds = [str(number) for number in range(40)]

    same = {Walk(HALVES, seed=seed, caller="+14155550123").left_by[0] for seed in seeds}
    each = {
        Walk(make_share(("old", "50 %"), ("new", "50 %"), same_caller=False), seed=seed, caller="+14155550123").left_by[
            0
        ]
        for seed in seeds
    }
    hidden = {Walk(HALVES, seed=seed, caller="anonymous").left_by[0] for seed in seeds}
    callers = {Walk(HALVES, seed="1", caller=f"+1415555{number:04}").left_by[0] for number in range(40)}

    assert (len(same), len(each), len(hidden), len(callers)) == (1, 2, 2, 2)


def test_two_steps_draw_apart_from_each_other():
    other = make_share(("old", "50 %"), ("new", "50 %"), step="other")
    pairs = {(Walk(HALVES, seed=str(n)).left_by[0], Walk(other, seed=str(n)).left_by[0]) for n in range(60)}

    assert len(pairs) == 4


def test_what_was_drawn_already_counts_where_there_is_such_a_way():
    assert {Walk(HALVES, seed=str(n), drawn={"share": "new"}).left_by[0] for n in range(20)} == {"new"}
    assert len({Walk(HALVES, seed=str(n), drawn={"share": "gone"}).left_by[0] for n in range(20)}) == 2


@pytest.mark.parametrize(
    "shares", [[("a", "30 %"), ("b", "30 %")], [("a", "0 %"), ("b", "0 %")], [("a", "x"), ("b", "")]]
)
def test_a_draft_whose_shares_are_wrong_still_leads_on(shares):
    assert Walk(make_share(*shares), seed="1").left_by[0] in {"a", "b"}


def test_the_history_names_the_way_and_nobody():
    walk = Walk(HALVES, caller="+14155550123")

    assert "4155550123" not in str(walk.outcome.events)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([("a", "50 %"), ("b", "50 %")], []),
        ([("a", "33.33 %"), ("b", "33.33%"), ("c", "33.34 %")], []),
        ([("a", "100 %")], ["Calls can only be shared in step “share” when it has two options or more."]),
        (
            [("a", "50 %"), ("b", "40 %")],
            ["The percentages of step “share” add up to 90 %, not to 100 %: 10 % are missing."],
        ),
        (
            [("a", "50 %"), ("b", "50.5 %")],
            ["The percentages of step “share” add up to 100.5 %, not to 100 %: 0.5 % are too much."],
        ),
        ([("a", "50 %"), ("b", "half")], ["Option “b” of step “share” has no percentage such as 50 %."]),
        ([("a", "50 %"), ("b", "101 %")], ["Option “b” of step “share” has no percentage such as 50 %."]),
    ],
)
def test_its_problems(shares, told):
    assert [problem.text for problem in make_share(*shares).steps["share"].problems()] == told


def test_keys_are_not_for_it():
    document = make_document({"share": make_step("share", options=[option("a", "1", "50 %"), option("b", "", "50 %")])})

    assert [problem.code for problem in document.steps["share"].problems()] == ["keys_for_values"]


def test_its_options_are_told_in_words():
    step = make_share(("a", "50.50 %"), ("b", "")).steps["share"]

    assert [step.in_words(one) for one in step.options] == ["50.5 % of calls", "no share yet"]
