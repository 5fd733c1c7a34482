from dataclasses import replace

from ivr.scenarios import filling
from ivr.scenarios.checking import check
from ivr.scenarios.expected import Goal, Way
from ivr.trial.conditions import Press, QueueAs, RoomAs, StaySilent
from ivr.trial.run import run
from tests.ivr.factories import END, make_step
from tests.ivr.scenarios.factories import script, urls, world


def tried(one, around):
    return run(around, one.conditions, one.inputs, urls=urls)


def test_what_happened_is_expected():
    one, around = script(Press("1"), StaySilent()), world()

    trial = tried(one, around)
    expected = filling.expect(trial, around)

    assert expected.said == (), "another wording is no mistake"
    assert filling.texts(trial) == ("Welcome in English.",)
    assert expected.reached == Goal("person", "7")
    assert expected.exits == (Way("hours", "open"), Way("menu", "Sales"))


def test_what_happened_is_what_is_expected_of_the_same_call():
    around = world()
    for inputs in ((), (Press("1"),), (Press("2"),), (StaySilent(),) * 3, (Press("2"), StaySilent())):
        one = script(*inputs)
        trial = tried(one, around)
        expected = replace(filling.expect(trial, around), said=filling.texts(trial))

        assert check(script(*inputs, expected=expected), around, urls=urls).differences == ()


def test_what_is_said_again_is_expected_once_and_what_is_kept_is():
    steps = {
        "ask": make_step(
            "collect",
            settings={"variable": "order"},
            prompts={"question": "Order"},
            exits={"collected": "end", "no_input": "end", "wrong_input": "end"},
        ),
        "end": END,
    }
    around = world(steps)

    trial = tried(script(StaySilent(), Press("12")), around)

    assert filling.texts(trial) == ("Order in English.",)
    assert filling.expect(trial, around).variables == {"order": "12"}


def test_what_the_call_never_came_upon_is_not_kept():
    one = script(
        Press("1"),
        StaySilent(),
        queues={"7": QueueAs(), "8": QueueAs()},
        openings={"1": "open", "2": "closed"},
        rung={"ring": "busy"},
        drawn={"split": "a"},
        rooms={"3": RoomAs()},
        looked_up={"4": None},
    )
    around = world()

    kept = filling.relevant(one.conditions, tried(one, around), around)

    assert (set(kept.queues), set(kept.openings)) == ({"7"}, {"1"})
    assert [*kept.rung, *kept.drawn, *kept.rooms, *kept.looked_up] == []
    assert tried(script(Press("1"), StaySilent(), queues=kept.queues, openings=kept.openings), around) == tried(
        one, around
    )


def test_names_are_kept_of_all_that_is_named():
    one, around = script(Press("1"), queues={"7": QueueAs()}), world()
    expected = filling.expect(tried(one, around), around)

    assert filling.names(one.conditions, expected, around) == {
        "queue:7": "Sales team",
        "step:hours": "hours",
        "step:menu": "menu",
        "step:line": "line",
    }
