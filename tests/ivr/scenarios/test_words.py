import pytest

from ivr.scenarios import words
from ivr.scenarios.expected import Goal
from ivr.trial.told import Reached
from ivr.trial.world import RoomOf
from tests.ivr.factories import make_step
from tests.ivr.scenarios.factories import office, world


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("step", "menu", "menu"),
        ("queue", "7", "Sales team"),
        ("mailbox", "9", "Front desk"),
        ("schedule", "1", "Office"),
        ("room", "3", "Board room"),
        ("source", "4", "Orders"),
        ("queue", "8", None),
        ("step", "nowhere", None),
        ("", "", None),
    ],
)
def test_things_have_names_as_long_as_they_are_there(kind, key, name):
    around = world(rooms={"3": RoomOf("Board room", 10)}, sources={"4": "Orders"})

    assert words.name_of(around, kind, key) == name


def test_exits_have_the_words_of_their_step():
    steps = world().document.steps

    assert words.exit_label(steps["line"], "timed_out") == "Timed out"
    assert words.exit_label(steps["menu"], "Sales") == "Sales"
    assert words.exit_label(steps["menu"], "an old one") == "an old one"


def test_exits_are_those_that_callers_can_take():
    steps = office()
    steps["alone"] = make_step("message", exits={"next": "bye"})
    del steps["menu"]["exits"]["no_input"]

    found = list(words.exits(world(steps).document))

    assert found[:3] == [("hours", "open"), ("hours", "closed"), ("hours", "holiday")]
    assert ("menu", "no_input") not in found, "it leads nowhere"
    assert not [step for step, _exit in found if step == "alone"], "nobody comes to it"
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("reached", "goal"),
    [
        (Reached("person", "1", "line"), Goal("person", "7")),
        (Reached("person", "1", "ring"), Goal("rung", "ring")),
        (Reached("mailbox", "1", "mail"), Goal("mailbox", "9")),
        (Reached("waiting", "1", "line"), Goal("waiting", "7")),
        (Reached("away", "1", "menu"), Goal("away", "menu")),
        (Reached("ended"), Goal("ended")),
        (Reached("open"), Goal("step", "menu")),
    ],
)
def test_where_a_trial_has_come_to_is_a_goal(reached, goal):
    assert words.goal_of(world(), reached, standing="menu") == goal


def test_each_goal_has_words():
    told = {kind: words.goal_in_words(Goal(kind, "1"), "X") for kind in (*words.KEYS, "ended", "odd")}

    assert len(set(told.values())) == len(told)
    assert told["person"] == "talks to a person in the queue “X”"
