import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ivr.models import Flow, Prompt, Step
from queues.models import Queue
from tests.agents.factories import user
from tests.crm.asking import Asking
from tests.ivr.rows import flow, line, publish, queue_flow, simple_flow

pytestmark = pytest.mark.django_db

ALL = ("flows:read", "flows:write")


@pytest.fixture
def editor() -> Asking:
    return Asking(*ALL, owner=user("Flow editor"))


def fields(answer) -> list[str]:
    return [fault["field"] for fault in answer.json()["errors"]]


def test_a_flow_is_told_with_what_callers_meet(editor):
    one, draft = publish(simple_flow()), flow("Draft")

    told = editor.get(f"/flows/{one.pk}").json()

    assert (told["name"], told["published"]["number"]) == ("Main", 1)
    assert editor.get(f"/flows/{draft.pk}").json()["published"] is None
    assert [item["name"] for item in editor.get("/flows", {"name": "Main"}).json()["items"]] == ["Main"]


def test_a_draft_goes_out_as_a_file_and_comes_back(editor):
    one = simple_flow()

    read = editor.get(f"/flows/{one.pk}/draft")
    file = read.json() | {"prompts": {"Hello": {"en-US": {"text": "Good day."}}}}
    written = editor.put(f"/flows/{one.pk}/draft", file, **{"If-Match": read["ETag"]})

    assert read.json()["steps"]["Greeting"]["exits"] == {"next": "The end"}
    assert written.status_code == 200
    told = written.json()
    assert (told["is_new"], told["dry_run"], told["problems"]) == (False, False, [])
    assert told["changes"][0]["subject"] == "Greeting"
    assert editor.get(f"/flows/{one.pk}/draft").json() == file


def test_a_draft_that_somebody_changed_meanwhile_is_left_alone(editor):
    one = simple_flow()
    read = editor.get(f"/flows/{one.pk}/draft")
    Step.objects.filter(name="The end").update(name="Over")

    answer = editor.put(f"/flows/{one.pk}/draft", read.json(), **{"If-Match": read["ETag"]})

    assert answer.status_code == 412
    assert one.steps.filter(name="Over").exists()


def test_a_dry_run_tells_what_would_change_and_changes_nothing(editor):
    one = simple_flow()
    file = editor.get(f"/flows/{one.pk}/draft").json()
    file["steps"]["Greeting"]["exits"] = {}

    answer = editor.put(f"/flows/{one.pk}/draft?dry_run=true", file)

    assert [problem["code"] for problem in answer.json()["problems"] if problem["severity"] == "error"] == [
        "missing_exit"
    ]
    assert answer.json()["problems"][0]["step"] == "Greeting"
    assert one.steps.get(name="Greeting").exits.count() == 1


def test_a_file_makes_a_flow_that_is_not_here_yet(editor):
    file = editor.get(f"/flows/{simple_flow().pk}/draft").json() | {"flow": {"name": "Second", "description": ""}}

    tried = editor.post("/flows?dry_run=true", file).json()
    made = editor.post("/flows", file).json()
    again = editor.post("/flows", file).json()

    assert (tried["is_new"], tried["flow"]) == (True, None)
    assert (made["is_new"], made["flow"]["name"]) == (True, "Second")
    assert (again["is_new"], again["changes"]) == (False, [])
    assert Flow.objects.count() == 2


def test_what_a_file_names_and_nobody_has_is_told_by_its_place(editor):
    one = queue_flow("Main", Queue.objects.create(name="Sales"))
    file = editor.get(f"/flows/{one.pk}/draft").json()
    Queue.objects.update(name="Selling")

    answer = editor.put(f"/flows/{one.pk}/draft", file)

    assert answer.status_code == 422
    assert fields(answer) == ["steps.Line.queue"]


@pytest.mark.parametrize("file", [{}, [], {"format": 1}, {"format": 1, "flow": {"name": "A"}, "more": 2}])
def test_what_is_no_file_says_why(editor, file):
    answer = editor.post("/flows", file)

    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_the_draft_is_checked(editor):
    one = simple_flow()
    one.steps.get(name="Greeting").exits.all().delete()

    told = editor.get(f"/flows/{one.pk}/problems").json()["problems"]

    assert {(problem["code"], problem["step"]) for problem in told if problem["severity"] == "error"} == {
        ("missing_exit", "Greeting")
    }


def test_a_draft_is_published_and_an_old_version_restored(editor):
    one = simple_flow()

    first = editor.post(f"/flows/{one.pk}/publish", {"note": "The first."})
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    editor.post(f"/flows/{one.pk}/publish")
    again = editor.post(f"/flows/{one.pk}/publish")
    versions = editor.get("/flow-versions", {"flow": one.pk}).json()["items"]
    back = editor.post(f"/flow-versions/{first.json()['id']}/restore", {"note": "Back."})

    assert (first.status_code, first.json()["number"], first.json()["note"]) == (201, 1, "The first.")
    assert [one["number"] for one in versions] == [2, 1]
    assert (again.status_code, again.json()["detail"]) == (409, "Callers meet exactly this already: Main version 2.")
    assert (back.json()["number"], back.json()["restored_from"], back.json()["is_published"]) == (3, 1, True)
    assert back.json()["published_by"] == editor.key.owner.username


def test_a_version_is_read_as_a_file(editor):
    one = publish(simple_flow())

    told = editor.get(f"/flow-versions/{one.published_id}/file").json()

    assert told == editor.get(f"/flows/{one.pk}/draft").json()


def test_a_draft_with_errors_is_not_published(editor):
    one = simple_flow()
    one.steps.get(name="Greeting").exits.all().delete()

    answer = editor.post(f"/flows/{one.pk}/publish", {})

    assert answer.status_code == 422
    assert fields(answer) == ["steps.Greeting"]
    assert not one.versions.exists()


def test_publishing_takes_a_scope_that_reading_and_a_permission_that_auditors_have_not():
    one = simple_flow()

    assert Asking("flows:read", owner=user("Flow editor")).post(f"/flows/{one.pk}/publish", {}).status_code == 403
    assert Asking(*ALL, owner=user("Auditor")).post(f"/flows/{one.pk}/publish", {}).status_code == 403
    assert Asking("flows:publish", owner=user("Flow editor")).post(f"/flows/{one.pk}/publish", {}).status_code == 201


def test_lines_are_told_with_their_flow(editor):
    one = simple_flow()
    line("Main number", "+15005550100", one)

    (told,) = editor.get("/lines", {"flow": one.pk}).json()["items"]

    assert (told["name"], told["flow"]) == ("Main number", one.pk)


def test_lists_cost_as_many_queries_for_many_as_for_one(editor):
    def queries(address: str) -> int:
        editor.get(address)  # the first request of a key notes that it is used
        with CaptureQueriesContext(connection) as captured:
            editor.get(address)
        return len(captured)

    publish(simple_flow("One"))
    before = [queries(address) for address in ("/flows", "/flow-versions", "/lines")]
    for name in ("Two", "Three"):
        made = publish(simple_flow(name))
        line(name, f"sip:{name}@company.example", made)
        Flow.objects.filter(pk=made.pk).update(name=f"{name} again")
        publish(made)

    assert [queries(address) for address in ("/flows", "/flow-versions", "/lines")] == before
