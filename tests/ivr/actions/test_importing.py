"""A file becomes a draft: all of it or nothing, the same again, and never what callers meet."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from ivr import actions
from ivr.actions import editing
from ivr.demo.load import load
from ivr.drafting import snapshots
from ivr.drafting.drafts import compile_draft
from ivr.files import exporting, portable
from ivr.files.portable import File
from ivr.models import Audio, Exit, Flow, Prompt, Step, Version, Wording
from queues.models import Queue
from tests.ivr.rows import AT, flow, person, prompt, publish, queue_flow, says, simple_flow, step
from tests.ivr.sounds import tone
from tests.scenarios.knife import Killed, Knife

pytestmark = pytest.mark.django_db


def file_of(flow: Flow, **steps) -> File:
    data = exporting.draft(flow)
    return portable.read(data | {"steps": data["steps"] | steps})


def bring(file: File, *, into: Flow | None = None, **more):
    return actions.import_draft(file, into=into, by=None, at=AT, **more)


def test_what_was_exported_changes_nothing_when_it_comes_back():
    load(at=AT, people=False)

    for one in Flow.objects.all():
        before = compile_draft(one)
        found = bring(file_of(one), into=one)
        assert compile_draft(one) == before
        assert (found.is_new, found.changes, found.shared) == (False, (), ())
        assert [problem for problem in found.problems if problem.severity == "error"] == []


def test_a_flow_comes_where_there_is_none_yet():
    load(at=AT, people=False)
    main = Flow.objects.get(name="Main")
    data = exporting.draft(main)
    data["flow"]["name"] = "Second"

    found = bring(portable.read(data))

    assert found.is_new
    assert exporting.draft(Flow.objects.get(name="Second")) == data
    assert Flow.objects.get(name="Second").published is None


def test_callers_meet_the_new_draft_only_when_it_is_published():
    one = publish(simple_flow())

    found = bring(file_of(one, Greeting={"kind": "hang_up"}), into=one)

    one.refresh_from_db()
    assert one.published.number == 1
    assert [(change.what, change.subject) for change in found.changes] == [("changed", "Greeting")]


def test_a_step_that_keeps_its_name_stays_the_same_in_the_history_of_calls():
    one = simple_flow()
    before = one.steps.get(name="Greeting").pk

    bring(file_of(one, Another={"kind": "hang_up"}), into=one)

    assert one.steps.get(name="Greeting").pk == before
    assert one.steps.count() == 3


def test_a_step_that_the_file_has_not_goes():
    one = simple_flow()
    data = exporting.draft(one)
    data["steps"] = {"Only": {"kind": "hang_up"}}
    data["first"] = "Only"

    bring(portable.read(data), into=one)

    one.refresh_from_db()
    assert [found.name for found in one.steps.all()] == ["Only"]
    assert one.first.name == "Only"
    assert not Exit.objects.exists()


def test_a_dry_run_tells_everything_and_keeps_nothing():
    one = simple_flow()
    before = compile_draft(one)
    new_prompt = {"Hello": {"en-US": {"text": "Good day."}}}

    found = bring(portable.read(exporting.draft(one) | {"prompts": new_prompt}), into=one, dry_run=True)

    (line,) = [line for change in found.changes for line in change.lines]
    assert str(line) == "Message in English (United States): “Good day.”, was “Hello.”"
    assert compile_draft(Flow.objects.get(pk=one.pk)) == before
    assert not LogEntry.objects.exists()


def test_a_dry_run_of_a_new_flow_leaves_no_flow():
    data = exporting.draft(simple_flow()) | {"flow": {"name": "Second"}}

    assert bring(portable.read(data), dry_run=True).is_new
    assert not Flow.objects.filter(name="Second").exists()


def test_problems_do_not_keep_a_draft_out():
    one = simple_flow()

    found = bring(file_of(one, Greeting={"kind": "message", "exits": {}}), into=one)

    assert {problem.code for problem in found.problems} >= {"missing_exit", "missing_prompt"}
    assert not Exit.objects.exists()


def test_what_a_file_names_must_be_here():
    one = queue_flow("Main", Queue.objects.create(name="Sales"))
    file = file_of(one)
    Queue.objects.update(name="Selling")

    with pytest.raises(actions.NotImportable) as refused:
        bring(file, into=one)

    assert [fault.field for fault in refused.value.faults] == ["steps.Line.queue"]
    assert "No queue is named “Sales” here" in str(refused.value)


def test_a_sound_that_is_not_here_is_named_by_its_place():
    one = simple_flow()
    sound = Audio.objects.create(sha256="ab12", name="A chime", seconds=1, uploaded_at=AT)
    Wording.objects.update(audio=sound)
    file = file_of(one)
    Wording.objects.update(audio=None)
    sound.delete()

    with pytest.raises(actions.NotImportable) as refused:
        bring(file, into=one)

    assert [fault.field for fault in refused.value.faults] == ["prompts.Hello.en-US.audio"]


def test_a_flow_may_go_on_to_itself_before_it_is_there():
    data = exporting.draft(simple_flow()) | {"flow": {"name": "Round"}}
    data["steps"]["The end"] = {"kind": "go_to", "to_flow": "Round"}

    made = bring(portable.read(data)).flow

    assert made.steps.get(name="The end").to_flow == made


def test_the_name_of_another_flow_is_refused():
    one, other = simple_flow(), flow("Other")

    with pytest.raises(actions.NotImportable) as refused:
        bring(file_of(other), into=one)

    assert [fault.field for fault in refused.value.faults] == ["flow.name"]


def test_a_flow_is_renamed_by_its_file():
    one = simple_flow()

    file = portable.read(exporting.draft(one) | {"flow": {"name": "Front", "description": "New."}})

    found = bring(file, into=one, unless_changed=[portable.fingerprint(exporting.draft(one))])

    one.refresh_from_db()
    assert (one.name, one.description) == ("Front", "New.")
    assert [str(line) for change in found.changes for line in change.lines] == ["Name: Front, was Main"]


def test_prompts_that_other_flows_say_too_are_told():
    one, other = simple_flow(), flow("Other")
    says(step(other, "Hello", "message"), "message", prompt())

    found = bring(portable.read(exporting.draft(one) | {"prompts": {"Hello": {"en-US": {"text": "Hi."}}}}), into=one)

    assert found.shared == ("Hello",)
    assert Prompt.objects.get(name="Hello").wordings.get().text == "Hi."


def test_a_draft_that_has_changed_since_it_was_read_is_left_alone():
    one = simple_flow()
    file, seen = file_of(one), [portable.fingerprint(exporting.draft(one))]
    Step.objects.filter(name="The end").update(name="Over")

    with pytest.raises(actions.HasChanged):
        bring(file, into=one, unless_changed=seen)

    assert one.steps.filter(name="Over").exists()


def test_the_flows_history_in_the_admin_tells_who_brought_it():
    one, editor = simple_flow(), person("Flow editor")

    actions.import_draft(file_of(one), into=one, by=editor, at=AT)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (editor, str(one.pk), "Read from a file.")


def test_it_costs_no_more_queries_for_many_steps(django_assert_max_num_queries):
    load(at=AT, people=False)
    main = Flow.objects.get(name="Main")
    file = file_of(main)

    with django_assert_max_num_queries(95):
        bring(file, into=main)


def test_a_draft_that_is_read_from_a_file_can_be_had_back():
    load(at=AT, people=False)
    main = Flow.objects.get(name="Main")
    file = file_of(main)
    main.steps.filter(name="Address").update(name="Where we are")
    before = snapshots.read(main.pk)

    bring(file, into=main)
    edit = editing.next_to_undo(main)
    editing.undo(main.pk, edit.pk, by=None, at=AT)

    assert edit.words == "Read from a file"
    assert snapshots.same(snapshots.read(main.pk), before)


@pytest.mark.django_db(transaction=True)
def test_a_folder_whose_reading_is_killed_comes_whole_or_not_at_all():
    """One flow has a new greeting, the other is new, plays a sound that comes along, and leads to the first."""
    main, sound, done = publish(simple_flow()), tone(), []
    data = exporting.draft(main)
    for moment in range(0, 1000, 9):
        greets = {"Hello": {"en-US": {"text": f"Hello {moment}."}}}
        plays = {f"Chime {moment}": {"en-US": {"audio": {"name": "Chime", "sha256": sound.sha256}}}}
        files = {
            "main.json": portable.read(data | {"prompts": greets}),
            "new.json": portable.read(
                data
                | {"flow": data["flow"] | {"name": f"New {moment}"}, "first": "Greeting"}
                | {"prompts": plays}
                | {
                    "steps": {
                        "Greeting": {
                            "kind": "message",
                            "prompts": {"message": f"Chime {moment}"},
                            "exits": {"next": "On"},
                        },
                        "On": {"kind": "go_to", "to_flow": "Main"},
                    }
                }
            ),
        }
        knife = Knife(moment)

        def bring_all(files=files):
            brings = {sound.sha256: sound}
            return actions.import_drafts(files, by=None, brings=brings, publish_as="From git", at=AT)

        try:
            with connection.execute_wrapper(knife.query):
                bring_all()
        except Killed:
            connection.close()  # as the database sees it: what the dead has begun never was
            is_whole = Flow.objects.filter(name=f"New {moment}", published__number=1).exists()
            assert Flow.objects.filter(name=f"New {moment}").exists() == is_whole
            assert Wording.objects.filter(text=f"Hello {moment}.").exists() == is_whole
            bring_all()

        assert Flow.objects.get(name=f"New {moment}").published.number == 1
        main.refresh_from_db()
        assert main.published.number == len(done) + 2
        assert f"Hello {moment}." in str(main.published.document)
        done.append(moment)
        assert Version.objects.count() == 1 + 2 * len(done)
        if not knife.killed:
            break
    assert not knife.killed
    assert moment > 20
