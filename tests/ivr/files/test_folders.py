"""Flows in a folder: the same files for the same flows, only what changed written, sounds beside them."""

import io
import json
import zipfile

import pytest

from ivr import actions
from ivr.demo.load import load
from ivr.drafting.drafts import compile_draft
from ivr.files import exporting, folders, portable
from ivr.models import Audio, Flow, Prompt
from tests.ivr import rows
from tests.ivr.rows import AT
from tests.ivr.sounds import tone

pytestmark = pytest.mark.django_db


def sounding_flow(name="Main"):
    flow = rows.simple_flow(name)
    sound = tone()
    row = actions.sounds.keep(sound, name="Chime", at=AT)
    Prompt.objects.get(name="Hello").wordings.update(audio=row, text="")
    return flow, sound


def write(folder, **more):
    flows = list(Flow.objects.order_by("name"))
    return [(path.relative_to(folder).as_posix(), what) for path, what in folders.write(folder, flows, **more)]


def test_flows_are_written_once_and_then_only_what_changed(tmp_path):
    _flow, sound = sounding_flow()
    rows.flow("Zweite Ärzte/Flow")

    first = write(tmp_path)
    again = write(tmp_path)
    Flow.objects.filter(name="Main").update(description="New.")
    third = write(tmp_path)

    names = ["main.json", f"sounds/{sound.sha256}.wav", "zweite-arzteflow.json"]
    assert first == [(name, "new") for name in names]
    assert again == [(name, "unchanged") for name in names]
    assert third == [("main.json", "changed"), *again[1:]]
    assert (tmp_path / names[1]).read_bytes() == sound.wav


def test_a_file_that_people_renamed_stays_the_file_of_its_flow(tmp_path):
    rows.simple_flow()
    write(tmp_path)
    (tmp_path / "main.json").rename(tmp_path / "01 front.json")

    assert write(tmp_path) == [("01 front.json", "unchanged")]


def test_two_flows_whose_names_are_alike_have_two_files(tmp_path):
    rows.flow("Main line")
    rows.flow("Main Line")

    names = [name for name, _what in write(tmp_path)]

    assert len(set(names)) == 2
    assert write(tmp_path) == [(name, "unchanged") for name in names]


def test_other_files_are_left_alone(tmp_path):
    rows.simple_flow()
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "main.json").write_text("not a flow")

    (written,) = write(tmp_path)

    assert written[0].startswith("main-")
    assert (tmp_path / "main.json").read_text() == "not a flow"


def test_what_callers_meet_is_written_in_place_of_the_drafts(tmp_path):
    flow = rows.publish(rows.simple_flow())
    rows.flow("Never published")
    Flow.objects.filter(pk=flow.pk).update(description="Same words.")
    Prompt.objects.get(name="Hello").wordings.update(text="Draft.")

    (written,) = write(tmp_path, is_published=True)

    assert "Draft." not in (tmp_path / written[0]).read_text()


def test_what_is_not_here_any_more_is_removed_only_when_asked(tmp_path):
    flow, sound = sounding_flow()
    kept = rows.flow("Kept")
    write(tmp_path)
    (tmp_path / "notes.json").write_text("{}")
    flow.first = None
    flow.save()

    removed = list(folders.remove_others(tmp_path, [kept]))

    assert [path.name for path, _what in removed] == ["main.json", f"{sound.sha256}.wav"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.json", "notes.json", "sounds"]


def test_the_demo_company_goes_through_a_folder_into_another_installation(tmp_path):
    load(at=AT, people=False)
    drafts = {flow.name: exporting.draft(flow) for flow in Flow.objects.all()}
    write(tmp_path)
    sounds = {row.sha256: row.name for row in Audio.objects.all()}

    sources = folders.read([tmp_path])

    assert {source.file.name: source.file.raw for source in sources} == drafts
    brought = {sha256 for source in sources for sha256 in source.sounds}
    assert brought <= set(sounds)
    assert brought
    assert [source.faults for source in sources] == [()] * len(sources)


def test_a_sound_that_came_with_the_file_is_kept_under_its_hash(tmp_path):
    flow, sound = sounding_flow()
    write(tmp_path)
    before = compile_draft(flow)
    Prompt.objects.get(name="Hello").wordings.update(audio=None, text="Hello.")
    Audio.objects.all().delete()

    (source,) = folders.read([tmp_path / "main.json"])
    actions.import_draft(source.file, into=None, by=None, brings=source.sounds, at=AT)

    row = Audio.objects.get()
    assert (row.sha256, row.name, folders.content_of(row)) == (sound.sha256, "Chime", sound.wav)
    assert compile_draft(flow) == before


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"RIFF", "This is no WAV file."), (tone(frequency=300).wav, "has other bytes than its name says")],
)
def test_a_sound_that_is_not_what_its_name_says_is_a_fault_with_its_place(tmp_path, content, text):
    _flow, sound = sounding_flow()
    write(tmp_path)
    (tmp_path / "sounds" / f"{sound.sha256}.wav").write_bytes(content)

    (source,) = folders.read([tmp_path])

    assert source.file is None
    assert [fault.field for fault in source.faults] == ["prompts.Hello.en-US.audio"]
    assert text in source.faults[0].text


def test_files_that_are_none_tell_why(tmp_path):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "other.json").write_text("[]")

    faults = {source.name: source.faults[0].text for source in folders.read([tmp_path, tmp_path / "none.json"])}

    assert faults[str(tmp_path / "broken.json")].startswith("This is no JSON: ")
    assert faults[str(tmp_path / "other.json")] == "A flow's file is an object."
    assert faults[str(tmp_path / "none.json")] == "No such file or directory"


def test_an_archive_has_the_flow_and_its_sounds_and_is_the_same_each_time():
    flow, sound = sounding_flow()

    packed = folders.archive(flow)
    source = folders.unpacked("main.zip", io.BytesIO(packed))

    assert folders.archive(flow) == packed
    assert source.file.raw == exporting.draft(flow)
    assert source.sounds == {sound.sha256: sound}


def test_a_bare_file_can_be_uploaded_too():
    flow = rows.simple_flow()

    source = folders.unpacked("main.json", io.BytesIO(portable.text(exporting.draft(flow)).encode()))

    assert source.file.name == "Main"


@pytest.mark.parametrize("names", [[], ["a.json", "b.json"], [f"{number}.wav" for number in range(1001)]])
def test_an_archive_with_anything_else_is_refused(names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, json.dumps({}))

    source = folders.unpacked("many.zip", target)

    assert source.file is None
    assert source.faults
