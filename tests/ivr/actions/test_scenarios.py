"""Scenarios are kept, changed, accepted and deleted."""

from datetime import timedelta

import pytest

from ivr.actions import scenarios as actions
from ivr.kinds.known import KnownCaller
from ivr.models import Scenario, Step, Wording
from ivr.scenarios.expected import Expected, Goal
from ivr.scenarios.running import of_draft, script
from ivr.trial.conditions import Press, QueueAs, StaySilent, inputs_to_json
from tests.calls.factories import make_call
from tests.contacts.factories import contact
from tests.ivr import rows
from tests.ivr.scenarios.rows import AT, CALLER, conditions, failing, lead_elsewhere, office, scenario

pytestmark = pytest.mark.django_db


def keep(flow, *inputs, name="", by=None, **more):
    return actions.keep(flow, [actions.Tried(name, conditions(**more), inputs)], by=by, at=AT)[0]


def test_a_trial_is_kept_with_what_happened_and_passes():
    flow, editor = office(), rows.person("Flow editor")

    made = keep(flow, Press("1"), by=editor)

    expected = script(made).expected
    assert made.name == "The caller presses 1 and is in “Line”"
    assert (made.changed_by, made.changed_at) == (editor, AT)
    assert expected.said == ()
    assert expected.reached == Goal("step", str(Step.objects.get(name="Line").pk))
    assert set(made.names.values()) == {"Menu", "Line"}
    assert of_draft(flow).failed == ()


def test_two_trials_of_one_name_are_told_apart():
    flow = office()

    names = [keep(flow, Press("1"), name="x" * 130).name for _ in range(3)]

    assert names == ["x" * 120, "x" * 116 + " (2)", "x" * 116 + " (3)"]


def test_many_trials_are_kept_together():
    flow = office()
    tried = [actions.Tried("A", conditions(), (Press(keys),)) for keys in "12"]

    made = actions.keep(flow, tried, by=None, at=AT)

    assert [one.name for one in made] == ["A", "A (2)"]
    assert len(of_draft(flow).passed) == 2


def test_what_is_supposed_of_things_it_never_met_is_not_kept():
    flow = office()
    queue = str(Step.objects.get(name="Line").queue_id)

    made = keep(flow, *[StaySilent()] * 3, queues={queue: QueueAs(full=True)})

    assert made.conditions["queues"] == {}
    assert keep(flow, Press("1"), queues={queue: QueueAs(full=True)}).conditions["queues"].keys() == {queue}


def test_a_real_callers_number_is_not_kept():
    flow = office()
    make_call(from_number="+4915112345678")
    contact("Ann", "+493012345678")

    kept = [keep(flow, caller=number).conditions["caller"] for number in ("+4915112345678", "+493012345678", CALLER)]

    assert kept[0].startswith("+49")
    assert kept[0] != "+4915112345678"
    assert kept[1] != "+493012345678"
    assert kept[2] == CALLER
    assert keep(flow, caller="").conditions["caller"] == ""


def test_a_real_contact_is_not_kept():
    ann = KnownCaller("7c9e6679-7425-40de-944b-e07fc1f90ae7", "Ann Smith", is_vip=True)
    made_up = KnownCaller("made up", "Mr. Example")

    kept = [keep(office(name), known=known).conditions["known"] for name, known in (("A", ann), ("B", made_up))]

    assert (kept[0]["contact"], kept[0]["name"], kept[0]["is_vip"]) == ("made up", "Somebody", True)
    assert kept[1]["name"] == "Mr. Example"


def test_expectations_are_changed_and_with_them_the_name():
    flow, editor = office(), rows.person("Flow editor")
    made = scenario(flow, Press("1"))

    actions.change(
        made, name="To nobody", expected=Expected(reached=Goal("ended")), by=editor, at=AT + timedelta(days=1)
    )

    made.refresh_from_db()
    assert (made.name, made.expected["reached"], made.changed_by) == ("To nobody", "ended", editor)
    assert len(of_draft(flow).failed) == 1


def test_a_name_is_given_once_per_flow():
    one, other = office(), office("Other")
    scenario(one, name="A")
    second = scenario(one, name="B")
    scenario(other, name="B")

    with pytest.raises(actions.NameTaken):
        actions.change(second, name="A", expected=Expected(), by=None, at=AT)

    assert Scenario.objects.get(pk=second.pk).name == "B"


def test_what_happens_now_is_accepted():
    flow = office()
    made = failing(flow)

    actions.accept(made, by=None, at=AT)

    assert of_draft(flow).failed == ()
    made.refresh_from_db()
    assert made.expected["reached"] == f"mailbox:{Step.objects.get(name='Message').mailbox_id}"
    assert made.conditions["queues"] == {}, "it does not come to the queue any more"


def test_what_the_caller_would_do_after_the_end_is_left_out():
    flow = office()
    made = scenario(flow, Press("1"), *[StaySilent()] * 3)
    lead_elsewhere(flow)
    Step.objects.filter(name="Menu").update(settings={"max_silences": 1})
    Scenario.objects.filter(pk=made.pk).update(inputs=inputs_to_json([StaySilent()] * 3))
    made.refresh_from_db()

    actions.accept(made, by=None, at=AT)

    assert len(script(made).inputs) == 1
    assert of_draft(flow).failed == ()


def test_what_was_not_looked_at_is_not_looked_at_after_it_is_accepted():
    flow = office()
    made = scenario(flow, Press("1"), expected=Expected(reached=Goal("ended")))

    actions.accept(made, by=None, at=AT)

    kept = script(made).expected
    assert kept.reached == Goal("step", str(Step.objects.get(name="Line").pk))
    assert (kept.said, kept.exits, kept.variables) == ((), (), {})


def test_another_greeting_fails_no_scenario_that_does_not_look_at_words():
    flow = office()
    keep(flow, Press("1"), name="The way")
    scenario(flow, Press("1"), name="The words", expected=Expected(said=("welcome",)))

    Wording.objects.filter(text="Welcome.").update(text="Good morning.")

    report = of_draft(flow)
    assert [one.name for one in report.passed] == ["The way"]
    assert [one.name for one in report.failed] == ["The words"]


@pytest.mark.parametrize(("said", "then"), [("welc", ("welc",)), ("Good evening", ("Welcome.",))])
def test_parts_of_texts_that_are_still_heard_stay_as_somebody_wrote_them(said, then):
    made = scenario(office(), Press("1"), expected=Expected(said=(said,), reached=Goal("ended")))

    actions.accept(made, by=None, at=AT)

    assert script(made).expected.said == then


def test_what_is_gone_is_forgotten_when_what_happens_now_is_accepted():
    flow = office()
    made = scenario(flow, Press("1"))
    lead_elsewhere(flow)
    Step.objects.get(name="Line").delete()
    assert "“Line”, which is gone" in of_draft(flow).failed[0].differences[1].text

    actions.accept(made, by=None, at=AT)

    assert of_draft(flow).failed == ()


def test_a_scenario_is_deleted_and_goes_with_its_flow():
    flow = office()
    scenario(flow, name="A")
    made = scenario(flow, name="B")

    actions.delete(made)
    assert [one.name for one in Scenario.objects.all()] == ["A"]

    empty = rows.flow("Empty")
    Scenario.objects.create(flow=empty, name="A", changed_at=AT)
    empty.delete()
    assert not Scenario.objects.filter(flow=empty.pk).exists()
