"""What a scenario tells when a call goes otherwise than expected: one sentence for each difference."""

from dataclasses import replace

import pytest

from ivr.scenarios.checking import check
from ivr.scenarios.expected import Expected, Goal, Way
from ivr.trial.conditions import Press, QueueAs, Say, Speak, StaySilent
from ivr.trial.world import World
from tests.ivr.factories import make_document
from tests.ivr.scenarios.factories import office, script, urls, world


def told(*inputs, world=world(), names=None, conditions=None, **expected):  # noqa: B008 (it never changes)
    one = script(*inputs, expected=Expected(**expected), names=names, **(conditions or {}))
    return [difference.text for difference in check(one, world, urls=urls).differences]


def test_a_call_that_goes_as_expected_passes():
    result = check(
        script(
            Press("1"),
            expected=Expected(
                said=("welcome  IN english",), reached=Goal("step", "line"), exits=(Way("menu", "Sales"),)
            ),
            queues={"7": QueueAs(answered_after=None)},
        ),
        world(),
        urls=urls,
    )

    assert result.passed
    assert result.differences == ()
    assert result.trial is not None
    assert result.milliseconds > 0


def test_capitals_and_spaces_do_not_count_and_a_part_is_enough():
    assert told(Press("9"), said=("WELCOME in",)) == []
    assert told(Press("9"), said=("welcomeIN", "English.")) == []


def test_a_text_that_is_not_heard_is_told_with_what_is_heard_in_its_place():
    assert told(StaySilent(), StaySilent(), StaySilent(), said=("Welcome", "Good day in English.")) == [
        "Expected to hear “Good day in English.”, heard “Goodbye in English.”."
    ]
    assert told(said=("Welcome in English.", "And more.")) == ["Expected to hear “And more.”, heard nothing more."]


def test_texts_are_expected_in_their_order():
    silent = (StaySilent(),) * 3

    assert told(*silent, said=("Welcome", "Goodbye")) == []
    assert told(*silent, said=("Goodbye", "Welcome in English")) == [
        "Expected to hear “Welcome in English” later than it was heard."
    ]


def test_a_long_text_is_shown_in_part():
    (sentence,) = told(said=("word " * 100,))

    assert sentence.startswith("Expected to hear “word word")
    assert "…”, heard “Welcome in English.”." in sentence
    assert len(sentence) < 220


def test_an_exit_that_is_not_taken_is_told_with_the_one_that_is():
    assert told(Press("2"), exits=(Way("menu", "Sales"),)) == [
        "Expected to leave “menu” by “Sales”, left it by “Boss”."
    ]
    assert told(exits=(Way("menu", "Sales"),)) == ["Expected to leave “menu” by “Sales”, never left it."]
    assert told(exits=(Way("line", "full"),)) == [
        "Expected to leave “line” by “Queue is full”, never came to it: the call got to “menu”."
    ]


@pytest.mark.parametrize(
    ("inputs", "goal", "sentence"),
    [
        ((Press("1"), StaySilent()), "person:7", ""),
        ((Press("1"), StaySilent()), "person", ""),
        ((Press("1"), StaySilent()), "step:line", ""),
        ((Press("2"),), "rung:ring", ""),
        ((), "step:menu", ""),
        ((StaySilent(),) * 3, "ended", ""),
        (
            (Press("1"), StaySilent()),
            "mailbox:9",
            (
                "Expected that the caller comes to the mailbox “Front desk”; in fact the caller talks to a"
                " person in the queue “Sales team”."
            ),
        ),
        (
            (StaySilent(),) * 3,
            "step:line",
            "Expected that the caller is in “line”; in fact the caller is in “bye”.",
        ),
        (
            (Press("2"),),
            "ended",
            (
                "Expected that the caller comes to the end of the call, and to nobody; in fact the caller talks to"
                " somebody whom “ring” rings."
            ),
        ),
    ],
)
def test_where_the_call_gets_to(inputs, goal, sentence):
    assert told(*inputs, reached=Goal.read(goal)) == ([sentence] if sentence else [])


def test_a_mailbox_is_reached_by_a_message():
    closed = {"openings": {"1": "closed"}}

    assert told(Speak(10), reached=Goal("mailbox", "9"), conditions=closed) == []


def test_variables_are_compared():
    assert told(variables={"order": "12"}) == ["Expected {order} to be “12”, it is empty."]


def test_a_call_that_ends_too_early_leaves_something_to_do():
    assert told(*(StaySilent(),) * 3, Press("1")) == ["The call was over while the scenario still had one more input."]
    assert told(*(StaySilent(),) * 3, Press("1"), Say("sales")) == [
        "The call was over while the scenario still had 2 more inputs."
    ]


def test_a_flow_that_cannot_go_on_is_told_first():
    steps = office()
    del steps["menu"]["exits"]["Sales"]

    sentences = told(Press("1"), world=world(steps), reached=Goal("person", "7"))

    assert sentences[0].startswith("The flow could not go on: ")


@pytest.mark.parametrize(
    ("more", "names", "sentence"),
    [
        ({"queues": {"8": QueueAs()}}, {"queue:8": "Returns"}, "queue “Returns”"),
        ({"rung": {"77": "busy"}}, {"step:77": "Ring Ann"}, "step “Ring Ann”"),
        ({"openings": {"5": "open"}}, {}, "opening hours “5”"),
        ({"looked_up": {"3": None}}, {"source:3": "Orders"}, "source “Orders”"),
    ],
)
def test_what_is_supposed_of_things_that_are_gone_fails(more, names, sentence):
    assert told(names=names, conditions=more) == [
        f"The scenario is about the {sentence}, which is gone: it was deleted, or the flow does not use it any more."
    ]


def test_what_is_expected_of_things_that_are_gone_fails_with_their_names():
    names = {"step:12": "Old menu", "mailbox:4": "Complaints"}

    why = "which is gone: it was deleted, or the flow does not use it any more."
    assert told(names=names, exits=(Way("12", "next"),), reached=Goal("mailbox", "4")) == [
        f"The scenario is about the step “Old menu”, {why}",
        f"The scenario is about the mailbox “Complaints”, {why}",
    ]


def test_two_hundred_scenarios_of_a_large_flow_take_no_second():
    steps = office()
    for number in range(500):
        steps[f"m{number}"] = {**steps["menu"], "name": f"Menu {number}"}
    large: World = replace(world(), document=make_document(steps))
    one = script(Press("1"), StaySilent(), expected=Expected(reached=Goal("person", "7")))

    results = [check(one, large, urls=urls) for _ in range(200)]

    assert all(result.passed for result in results)
    assert sum(result.milliseconds for result in results) < 2_000
