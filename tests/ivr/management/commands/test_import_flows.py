import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ivr.files import exporting
from ivr.models import Flow, Prompt, Version, Wording
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def bring(*arguments):
    out = StringIO()
    code = 0
    try:
        call_command("import_flows", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path):
    flow = rows.publish(rows.simple_flow())
    other = rows.flow("Outer")
    other.first = rows.step(other, "Go on", "go_to", to_flow=flow)
    other.save()
    call_command("export_flows", "--folder", str(tmp_path), stdout=StringIO())
    return tmp_path


def edit(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def greet(text):
    def change(data):
        data["prompts"]["Hello"]["en-US"]["text"] = text

    return change


def test_what_was_exported_changes_nothing(folder):
    code, told = bring(folder, "--dry-run")

    assert code == 0
    assert [line for line in told if "unchanged" in line] == [
        f"{folder}/main.json: Main, unchanged",
        f"{folder}/outer.json: Outer, unchanged",
    ]


def test_a_dry_run_tells_the_difference_and_ends_with_its_own_code(folder):
    edit(folder / "main.json", greet("Good morning."))

    code, told = bring(folder, "--dry-run")

    assert code == 3
    assert "  changed Greeting" in told
    assert "    Message in English (United States): “Good morning.”, was “Hello.”" in told
    assert told[-1] == "Nothing is changed: this was a dry run."
    assert Wording.objects.get().text == "Hello."


def test_files_become_drafts_and_callers_notice_nothing(folder):
    edit(folder / "main.json", greet("Good morning."))

    assert bring(folder)[0] == 0

    assert Wording.objects.get().text == "Good morning."
    assert Version.objects.count() == 1


def test_what_differs_is_published_with_a_note_in_an_order_that_works(folder):
    Flow.objects.filter(name="Main").update(published=None)
    edit(folder / "main.json", greet("Good morning."))

    code, told = bring(folder, "--publish", "From git")

    assert (code, told[-1]) == (0, "Done, and callers meet it.")
    assert [(one.flow.name, one.note) for one in Version.objects.order_by("pk")][1:] == [
        ("Main", "From git"),
        ("Outer", "From git"),
    ]
    bring(folder, "--publish", "Again")
    assert Version.objects.count() == 3


def test_flows_that_name_each_other_come_together(folder):
    rows.step(Flow.objects.get(name="Main"), "Back", "go_to", to_flow=Flow.objects.get(name="Outer"))
    call_command("export_flows", "--folder", str(folder), stdout=StringIO())
    files = {flow.name: exporting.draft(flow) for flow in Flow.objects.all()}
    for name in ("main", "outer"):
        text = (folder / f"{name}.json").read_text().replace('"Main"', '"Main 2"').replace('"Outer"', '"Outer 2"')
        (folder / f"{name}.json").write_text(text)

    code, _told = bring(folder)

    assert code == 0
    written = json.dumps(exporting.draft(Flow.objects.get(name="Outer 2")), sort_keys=True)
    assert written == json.dumps(files["Outer"], sort_keys=True).replace('"Main"', '"Main 2"').replace(
        '"Outer"', '"Outer 2"'
    )


def test_one_fault_keeps_all_of_them_out_and_is_told_with_file_and_field(folder):
    edit(folder / "main.json", greet("Good morning."))
    edit(folder / "outer.json", lambda data: data["steps"]["Go on"].update(to_flow="Nowhere"))

    with pytest.raises(CommandError) as refused:
        bring(folder)

    assert str(refused.value).splitlines() == [
        f"{folder}/outer.json: steps.Go on.to_flow: No flow is named “Nowhere” here: make one, or name another.",
        "Nothing is changed.",
    ]
    assert refused.value.returncode == 1
    assert Wording.objects.get().text == "Hello."


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "This is no JSON"), ('{"format": 9}', "format: The format 9 is not known"), ("[]", "is an object")],
)
def test_files_that_cannot_be_read_are_told(folder, content, told):
    (folder / "wrong.json").write_text(content)

    with pytest.raises(CommandError, match=f"{folder}/wrong.json: .*{told}"):
        bring(folder)


def test_a_flow_that_stands_in_two_files_is_a_fault(folder):
    (folder / "copy.json").write_text((folder / "main.json").read_text())

    with pytest.raises(CommandError, match=r"The flow “Main” stands in .*main.json too"):
        bring(folder)


def test_what_cannot_be_published_is_not_taken_in_either(folder):
    edit(folder / "main.json", lambda data: data["steps"]["Greeting"].update(exits={}))

    with pytest.raises(CommandError, match=r"main.json: .*“Next”"):
        bring(folder, "--publish", "From git")

    assert Flow.objects.get(name="Main").first.exits.count() == 1


def test_what_needs_a_second_person_is_not_published_by_a_command(folder):
    Flow.objects.update(needs_approval=True)
    edit(folder / "main.json", greet("Good morning."))

    with pytest.raises(CommandError, match="A second person has to approve"):
        bring(folder / "main.json", "--publish", "From git")

    assert Prompt.objects.get().wordings.get().text == "Hello."


def test_a_folder_without_flows_is_told(tmp_path):
    with pytest.raises(CommandError, match="There is no file of a flow"):
        bring(tmp_path)
