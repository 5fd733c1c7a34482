"""Changes of a draft are noted, undone and done again."""

from datetime import timedelta

import pytest

from agents import roles
from ivr.actions import editing, stepping
from ivr.actions.stepping import Way
from ivr.drafting import snapshots
from ivr.models import Edit, Exit, Prompt, Step, StepPrompt
from tests.ivr import rows

pytestmark = pytest.mark.django_db
AT = rows.AT


def undo(flow, **who):
    return editing.undo(flow.pk, editing.next_to_undo(flow).pk, by=None, at=AT, **who)


def redo(flow):
    return editing.redo(flow.pk, editing.next_to_redo(flow).pk, by=None, at=AT)


def test_an_edit_is_noted_with_who_when_and_what():
    flow, editor = rows.simple_flow(), rows.person(roles.FLOW_EDITOR)

    with editing.edit(flow.pk, by=editor, at=AT, words="Renamed it"):
        flow.steps.filter(name="The end").update(name="Goodbye")

    edit = Edit.objects.get()
    assert (edit.flow, edit.by, edit.at, edit.words) == (flow, editor, AT, "Renamed it")
    assert set(edit.changes) == {"steps"}


def test_what_changes_nothing_is_not_noted():
    with editing.edit(rows.simple_flow().pk, by=None, at=AT):
        pass

    assert not Edit.objects.exists()


def test_what_fails_changes_nothing():
    flow = rows.simple_flow()

    def fail():
        with editing.edit(flow.pk, by=None, at=AT):
            flow.steps.filter(name="The end").update(name="Goodbye")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert flow.steps.filter(name="The end").exists()
    assert not Edit.objects.exists()


def test_undo_brings_back_a_deleted_step_with_its_key_and_all_that_belonged_to_it():
    flow = rows.simple_flow()
    before = snapshots.read(flow.pk)
    stepping.delete_step(flow.pk, flow.first_id, by=None, at=AT)

    lost = undo(flow)

    assert lost == ()
    assert snapshots.same(snapshots.read(flow.pk), before)


def test_redo_does_again_what_was_undone():
    flow = rows.simple_flow()
    stepping.delete_step(flow.pk, flow.steps.get(name="The end").pk, by=None, at=AT)
    after = snapshots.read(flow.pk)

    undo(flow)
    redo(flow)

    assert snapshots.same(snapshots.read(flow.pk), after)
    assert editing.next_to_redo(flow) is None


def test_many_edits_are_undone_one_after_the_other_to_the_beginning_and_done_again():
    flow = rows.simple_flow()
    states = [snapshots.read(flow.pk)]

    added = stepping.add_step(flow.pk, "message", after=Way(flow.first_id, "next"), by=None, at=AT)
    states.append(snapshots.read(flow.pk))
    copied = stepping.duplicate_step(flow.pk, flow.first_id, by=None, at=AT)
    states.append(snapshots.read(flow.pk))
    stepping.set_first(flow.pk, copied.pk, by=None, at=AT)
    states.append(snapshots.read(flow.pk))
    stepping.delete_step(flow.pk, added.pk, by=None, at=AT)
    states.append(snapshots.read(flow.pk))

    for state in reversed(states[:-1]):
        undo(flow)
        assert snapshots.same(snapshots.read(flow.pk), state)
    for state in states[1:]:
        redo(flow)
        assert snapshots.same(snapshots.read(flow.pk), state)


def test_a_new_edit_forgets_what_was_undone():
    flow = rows.simple_flow()
    stepping.set_first(flow.pk, flow.steps.get(name="The end").pk, by=None, at=AT)
    undo(flow)

    stepping.add_step(flow.pk, "message", after=None, by=None, at=AT)

    assert editing.next_to_redo(flow) is None
    assert Edit.objects.filter(flow=flow).count() == 1


def test_only_the_last_edit_can_be_undone():
    flow = rows.simple_flow()
    stepping.add_step(flow.pk, "message", after=None, by=None, at=AT)
    seen = editing.next_to_undo(flow)
    stepping.add_step(flow.pk, "message", after=None, by=None, at=AT)

    with pytest.raises(editing.Moved):
        editing.undo(flow.pk, seen.pk, by=None, at=AT)

    assert flow.steps.count() == 4


def test_what_was_changed_past_the_notes_is_not_overwritten():
    flow = rows.simple_flow()
    stepping.set_first(flow.pk, flow.steps.get(name="The end").pk, by=None, at=AT)
    flow.refresh_from_db()
    flow.name = "Renamed elsewhere"
    flow.save()

    with pytest.raises(editing.Moved, match="changed since"):
        undo(flow)

    flow.refresh_from_db()
    assert flow.name == "Renamed elsewhere"


def test_what_a_step_needed_and_was_deleted_since_is_left_out_and_told():
    flow = rows.simple_flow()
    prompt = Prompt.objects.get(name="Hello")
    stepping.delete_step(flow.pk, flow.first_id, by=None, at=AT)
    prompt.delete()

    lost = undo(flow)

    assert lost == ("Step “Greeting” said a prompt that was deleted.",)
    assert Step.objects.filter(flow=flow, name="Greeting").exists()
    assert not StepPrompt.objects.filter(step__flow=flow).exists()


def test_the_last_hundred_edits_of_a_flow_are_kept(monkeypatch):
    flow, other = rows.simple_flow(), rows.simple_flow("Other")
    stepping.add_step(other.pk, "message", after=None, by=None, at=AT)
    monkeypatch.setattr(editing, "KEPT", 3)

    for number in range(5):
        with editing.edit(flow.pk, by=None, at=AT + timedelta(minutes=number), words=f"Edit {number}"):
            flow.steps.filter(name__startswith="The end").update(name=f"The end {number}")

    assert [edit.words for edit in Edit.objects.filter(flow=flow).order_by("pk")] == ["Edit 2", "Edit 3", "Edit 4"]
    assert Edit.objects.filter(flow=other).count() == 1


def test_languages_and_names_of_a_flow_come_back_too():
    flow = rows.simple_flow()
    before = snapshots.read(flow.pk)
    with editing.edit(flow.pk, by=None, at=AT):
        flow.languages.all().delete()
        flow.name = "Another"
        flow.save()

    undo(flow)

    assert snapshots.same(snapshots.read(flow.pk), before)


def test_an_undone_connection_of_an_option_keeps_the_option():
    flow = rows.flow()
    menu, end = rows.step(flow, "Menu", "menu"), rows.step(flow, "End")
    Exit.objects.create(step=menu, name="Sales", is_option=True, keys="1")
    stepping.connect(flow.pk, Way(menu.pk, "Sales"), end.pk, by=None, at=AT)

    undo(flow)

    assert Exit.objects.get(step=menu).target is None


def test_raw_twiml_is_written_by_those_alone_who_may():
    flow, editor = rows.simple_flow(), rows.person(roles.FLOW_EDITOR)

    with pytest.raises(editing.Refused):
        stepping.add_step(flow.pk, "raw_twiml", after=None, by=editor, at=AT)

    assert flow.steps.count() == 2
    assert stepping.add_step(flow.pk, "raw_twiml", after=None, by=None, at=AT).kind == "raw_twiml"


def test_raw_twiml_that_was_taken_away_is_brought_back_by_those_alone_who_may():
    flow, editor = rows.simple_flow(), rows.person(roles.FLOW_EDITOR)
    step = stepping.add_step(flow.pk, "raw_twiml", after=None, by=None, at=AT)
    stepping.delete_step(flow.pk, step.pk, by=None, at=AT)
    edit = editing.next_to_undo(flow)

    with pytest.raises(editing.Refused):
        editing.undo(flow.pk, edit.pk, by=editor, at=AT)
    assert not Step.objects.filter(pk=step.pk).exists()

    editing.undo(flow.pk, edit.pk, by=rows.person(roles.ADMINISTRATOR), at=AT)
    assert Step.objects.get(pk=step.pk).kind == "raw_twiml"
