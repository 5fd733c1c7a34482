from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from ivr.models import Flow, Prompt, Release, Version
from tests.agents.factories import user
from tests.crm.asking import Asking
from tests.ivr.rows import publish, simple_flow

pytestmark = pytest.mark.django_db

SCOPES = ("flows:read", "flows:publish", "flows:approve")


@pytest.fixture
def ann() -> Asking:
    return Asking(*SCOPES, owner=user("Flow editor", username="ann"))


@pytest.fixture
def ben() -> Asking:
    return Asking(*SCOPES, owner=user("Flow editor", username="ben"))


@pytest.fixture
def flow() -> Flow:
    made = publish(simple_flow())
    Flow.objects.update(needs_approval=True)
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    return made


def later() -> str:
    return (now() + timedelta(hours=2)).isoformat()


def test_one_key_proposes_and_another_persons_approves(ann, ben, flow):
    refused = ann.post(f"/flows/{flow.pk}/publish", {})
    made = ann.post("/releases", {"flow": flow.pk, "note": "Kinder."})
    own = ann.post(f"/releases/{made.json()['id']}/approve", {})
    done = ben.post(f"/releases/{made.json()['id']}/approve", {})
    again = ben.post(f"/releases/{made.json()['id']}/approve", {})

    assert (refused.status_code, "POST /releases" in refused.json()["detail"]) == (409, True)
    assert (made.status_code, made.json()["state"], made.json()["proposed_by"]) == (201, "proposed", "ann")
    assert (own.status_code, again.status_code) == (422, 409)
    assert (done.status_code, done.json()["state"], done.json()["version"]["number"]) == (200, "published", 2)


def test_what_is_proposed_can_be_read_and_compared(ann, flow):
    release = ann.post("/releases", {"flow": flow.pk}).json()["id"]

    file, changes = ann.get(f"/releases/{release}/file").json(), ann.get(f"/releases/{release}/changes").json()

    assert file["prompts"]["Hello"]["en-US"]["text"] == "Good morning."
    assert changes["changes"] == [
        {
            "what": "changed",
            "subject": "Greeting",
            "lines": ["Message in English (United States): “Good morning.”, was “Hello.”"],
        }
    ]
    assert [one["id"] for one in ann.get("/releases", {"state": "proposed", "flow": flow.pk}).json()["items"]] == [
        release
    ]


def test_a_proposal_is_declined_with_a_reason_and_taken_back_without(ann, ben, flow):
    first = ann.post("/releases", {"flow": flow.pk}).json()["id"]
    second = ann.post("/releases", {"flow": flow.pk, "restores": 1, "publish_at": later()}).json()

    assert ben.post(f"/releases/{first}/decline", {}).status_code == 400
    declined = ben.post(f"/releases/{first}/decline", {"reason": "Too long."}).json()
    withdrawn = ann.post(f"/releases/{second['id']}/withdraw", {}).json()

    assert (declined["state"], declined["ended_by"], declined["ended_because"]) == ("declined", "ben", "Too long.")
    assert (second["restores"], withdrawn["state"]) == (1, "withdrawn")


def test_a_plan_needs_a_time_that_is_to_come(ann):
    flow = simple_flow()

    planned = ann.post("/releases", {"flow": flow.pk, "publish_at": later()})
    without = ann.post("/releases", {"flow": flow.pk})
    over = ann.post("/releases", {"flow": flow.pk, "publish_at": "2026-01-01T10:00:00Z"})

    assert (planned.status_code, planned.json()["state"]) == (201, "planned")
    assert [(one.status_code, one.json()["errors"][0]["field"]) for one in (without, over)] == [
        (400, "publish_at"),
        (400, "publish_at"),
    ]


@pytest.mark.parametrize(("body", "field"), [({"flow": 0}, "flow"), ({"restores": 9}, "restores")])
def test_what_is_not_there_is_told_by_its_field(ann, flow, body, field):
    answer = ann.post("/releases", {"flow": flow.pk} | body)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_errors_are_told_by_their_steps(ann, flow):
    flow.first.exits.all().delete()

    answer = ann.post("/releases", {"flow": flow.pk})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "steps.Greeting"
    assert not Release.objects.exists()


def test_each_press_takes_its_scope_and_its_permission(ann, flow):
    release = ann.post("/releases", {"flow": flow.pk}).json()["id"]
    editor, auditor = user("Flow editor", username="carl"), user("Auditor", username="dora")

    for asking in (Asking("flows:read", "flows:publish", owner=editor), Asking(*SCOPES, owner=auditor)):
        assert asking.post(f"/releases/{release}/approve", {}).status_code == 403
        assert asking.post(f"/releases/{release}/decline", {"reason": "No."}).status_code == 403
    assert Asking("flows:approve", owner=editor).post(f"/releases/{release}/withdraw", {}).status_code == 403
    assert Asking(*SCOPES, owner=auditor).get(f"/releases/{release}").status_code == 200


def test_versions_are_compared_with_the_one_before_or_with_any(ann):
    made = publish(simple_flow())
    for text in ("Good morning.", "Good evening."):
        Prompt.objects.get(name="Hello").wordings.update(text=text)
        publish(made)
    last = Version.objects.latest("number").pk

    def told(**query) -> list[str]:
        answer = ann.get(f"/flow-versions/{last}/changes", query)
        return [line for change in answer.json()["changes"] for line in change["lines"]]

    assert told() == ["Message in English (United States): “Good evening.”, was “Good morning.”"]
    assert told(since=1) == ["Message in English (United States): “Good evening.”, was “Hello.”"]
    assert ann.get(f"/flow-versions/{last}/changes", {"since": 7}).status_code == 400


def test_a_list_costs_as_many_queries_for_many_as_for_one(ann, flow):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ann.get("/releases")
        return len(captured)

    ann.post("/releases", {"flow": flow.pk})
    before = queries()
    for hours in (1, 2, 3):
        at = (now() + timedelta(hours=hours)).isoformat()
        ann.post("/releases", {"flow": flow.pk, "publish_at": at, "restores": 1})

    assert queries() == before
