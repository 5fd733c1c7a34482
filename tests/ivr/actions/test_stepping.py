"""Steps of a draft are added, connected, copied and deleted."""

import pytest

from ivr.actions import editing, stepping
from ivr.actions.stepping import Way
from ivr.kinds import KINDS
from ivr.models import Edit, Exit, Step
from tests.ivr import rows

pytestmark = pytest.mark.django_db
AT = rows.AT
WHO = {"by": None, "at": AT}


def ways(step):
    return {row.name: row.target and row.target.name for row in Exit.objects.filter(step=step).select_related("target")}


def test_the_first_step_of_a_flow_is_where_calls_begin():
    flow = rows.flow()

    step = stepping.add_step(flow.pk, "menu", after=None, **WHO)

    flow.refresh_from_db()
    assert (flow.first, step.name, step.kind) == (step, "Menu", "menu")
    assert Edit.objects.get().words == "Added “Menu”"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_added(kind):
    step = stepping.add_step(rows.flow().pk, kind, after=None, **WHO)

    assert step.kind == kind


def test_a_step_that_is_added_on_a_way_is_put_in_between():
    flow = rows.simple_flow()

    step = stepping.add_step(flow.pk, "message", after=Way(flow.first_id, "next"), **WHO)

    assert ways(flow.first) == {"next": "Message"}
    assert ways(step) == {"next": "The end"}
    assert Edit.objects.get().words == "Added “Message” after “Next” of “Greeting”"


def test_names_that_are_taken_get_a_number():
    flow = rows.flow()

    names = [stepping.add_step(flow.pk, "menu", after=None, **WHO).name for _ in range(3)]

    assert names == ["Menu", "Menu 2", "Menu 3"]


def test_a_name_of_ones_own_is_taken():
    assert stepping.add_step(rows.flow().pk, "menu", after=None, name="Who are you?", **WHO).name == "Who are you?"


def test_an_exit_is_connected_and_let_go():
    flow = rows.simple_flow()
    other = rows.step(flow, "Other")

    words = stepping.connect(flow.pk, Way(flow.first_id, "next"), other.pk, **WHO)
    connected = ways(flow.first)
    gone = stepping.connect(flow.pk, Way(flow.first_id, "next"), None, **WHO)

    assert (words, connected) == ("“Next” of “Greeting” leads to “Other”", {"next": "Other"})
    assert (gone, ways(flow.first)) == ("“Next” of “Greeting” leads nowhere yet", {})


def test_a_way_out_that_the_step_does_not_have_is_refused():
    flow = rows.simple_flow()

    with pytest.raises(editing.Moved):
        stepping.connect(flow.pk, Way(flow.first_id, "sales"), flow.first_id, **WHO)


def test_a_step_of_another_flow_is_refused():
    flow, other = rows.simple_flow(), rows.simple_flow("Other")

    with pytest.raises(editing.Moved):
        stepping.connect(flow.pk, Way(flow.first_id, "next"), other.first_id, **WHO)
    with pytest.raises(editing.Moved):
        stepping.delete_step(flow.pk, other.first_id, **WHO)


def test_a_deleted_step_leaves_the_exits_that_led_to_it_undecided():
    flow = rows.simple_flow()
    end = flow.steps.get(name="The end")
    menu = rows.step(flow, "Menu", "menu")
    Exit.objects.create(step=menu, name="Sales", is_option=True, keys="1", target=end)

    stepping.delete_step(flow.pk, end.pk, **WHO)

    assert ways(flow.first) == {}
    assert ways(menu) == {"Sales": None}
    assert not Step.objects.filter(pk=end.pk).exists()


def test_a_flow_whose_first_step_is_deleted_has_none():
    flow = rows.simple_flow()

    stepping.delete_step(flow.pk, flow.first_id, **WHO)

    flow.refresh_from_db()
    assert flow.first is None


def test_a_copy_has_all_that_the_step_has():
    flow = rows.simple_flow()

    copy = stepping.duplicate_step(flow.pk, flow.first_id, **WHO)

    assert (copy.name, copy.kind) == ("Greeting 2", "message")
    assert ways(copy) == {"next": "The end"}
    assert [(use.role, use.prompt.name) for use in copy.prompts.all()] == [("message", "Hello")]
    assert Step.objects.filter(pk=flow.first_id, name="Greeting").exists()


def test_calls_can_begin_in_another_step():
    flow = rows.simple_flow()
    end = flow.steps.get(name="The end")

    assert stepping.set_first(flow.pk, end.pk, **WHO) == "Calls begin in “The end”"

    flow.refresh_from_db()
    assert flow.first == end
