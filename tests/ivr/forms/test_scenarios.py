import pytest

from ivr.forms.scenarios import ScenarioForm
from ivr.scenarios import filling
from ivr.scenarios.expected import Expected, Goal, Way
from ivr.trial.conditions import Press
from ivr.trial.run import run
from tests.ivr.scenarios.factories import script, urls, world


def form(data=None, expected=None):
    one, around = script(Press("1")), world()
    trial = run(around, one.conditions, one.inputs, urls=urls)
    expected = filling.expect(trial, around) if expected is None else expected
    return ScenarioForm(data, world=around, trial=trial, expected=expected, name="Sales")


def given(**more):
    return {"name": "Sales", "said": "", "reached": "", "exits": [], "another": "", "variables": ""} | more


def shown(field):
    return dict(field.choices)


def test_it_begins_with_what_is_expected():
    made = form()

    assert made.initial["said"] == ""
    assert made.initial["exits"] == ["hours:open", "menu:Sales"]
    assert shown(made.fields["exits"]) == {"hours:open": "“hours” by “Open”", "menu:Sales": "“menu” by “Sales”"}


def test_what_it_shows_is_what_it_keeps():
    made = form()

    again = form(given(**made.initial))

    assert again.is_valid(), again.errors
    assert again.expected == filling.expect(*_tried())


def test_all_that_is_heard_is_expected_only_where_somebody_wants_it():
    made = form(given(said="something else", all_said="on"))

    assert made.is_valid(), made.errors
    assert made.expected.said == ("Welcome in English.",)


def _tried():
    one, around = script(Press("1")), world()
    return run(around, one.conditions, one.inputs, urls=urls), around


def test_ends_and_steps_are_chosen_by_their_names():
    groups = dict(form().fields["reached"].choices)

    assert ("step:line", "is in “line”") in groups["This call"]
    assert ("person:7", "talks to a person in the queue “Sales team”") in groups["An end"]
    assert ("mailbox:9", "comes to the mailbox “Front desk”") in groups["An end"]
    assert ("rung:ring", "talks to somebody whom “ring” rings") in groups["An end"]
    assert ("step:bye", "is in “bye”") in groups["A step"]


def test_all_can_be_changed():
    made = form(
        given(
            name="  To   the boss ",
            said=" Welcome \n\n and   more ",
            reached="mailbox:9",
            exits=["hours:open"],
            another="line:full",
            variables="order = 12\n\nplan=",
        )
    )

    assert made.is_valid(), made.errors
    assert made.cleaned_data["name"] == "To the boss"
    assert made.expected == Expected(
        said=("Welcome", "and more"),
        reached=Goal("mailbox", "9"),
        exits=(Way("hours", "open"), Way("line", "full")),
        variables={"order": "12", "plan": ""},
    )


@pytest.mark.parametrize("written", ["order", "= 12", "Big Name = 3"])
def test_variables_are_written_with_a_name_and_a_value(written):
    made = form(given(variables=written))

    assert not made.is_valid()
    assert "is not written like order = 12" in made.errors["variables"][0]


def test_what_is_gone_is_shown_as_gone_and_can_be_taken_out():
    old = Expected(reached=Goal("mailbox", "4"), exits=(Way("12", "next"),))

    made = form(expected=old)

    assert shown(made.fields["exits"])["12:next"] == "a step that is gone, by “next”"
    assert "it is gone" in str(made.fields["reached"].choices)
    assert form(given(), expected=old).is_valid()
