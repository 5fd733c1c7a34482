import pytest

from compliance.models import AccessEntry, Hold
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.crm.asking import Asking
from tests.queues.factories import make_queue
from tests.recordings.factories import make_recording

pytestmark = pytest.mark.django_db

ALL = ("holds:read", "holds:write")
CASE = {"name": "Smith v. us", "reason": "A letter of a lawyer.", "review_on": "2027-01-31"}


@pytest.fixture
def officer() -> Asking:
    return Asking(*ALL, owner=user("Compliance officer"))


def test_a_hold_is_placed_and_logged(officer):
    call = make_call()
    make_recording(call=call)

    answer = officer.post("/holds", CASE | {"call": str(call.pk)})

    assert answer.status_code == 201
    told = answer.json()
    assert told["covers"] == {"calls": 1, "recordings": 1, "texts": 0}
    assert (told["hold"]["name"], told["hold"]["is_active"], told["hold"]["call"]) == (
        "Smith v. us",
        True,
        str(call.pk),
    )
    assert told["hold"]["owner"] == officer.key.owner.username
    assert AccessEntry.objects.filter(action="held", subject_id=told["hold"]["id"]).exists()


def test_a_dry_run_counts_and_places_nothing(officer):
    make_call(from_number="+14155550123")

    told = officer.post("/holds?dry_run=true", CASE | {"caller": "(415) 555-0123"}).json()

    assert told == {"hold": None, "covers": {"calls": 1, "recordings": 0, "texts": 0}}
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "caller"),
        ({"caller": "12"}, "caller"),
        ({"queue": 4711}, "queue"),
        ({"call": "6a6f6f1e-0000-4000-8000-000000000000"}, "call"),
        ({"since": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}, "until"),
        ({"since": "2026-03-02T00:00:00"}, "since"),
    ],
)
def test_a_hold_that_cannot_be_names_its_field(officer, more, field):
    answer = officer.post("/holds", CASE | more)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_hold_is_reviewed_and_lifted_once(officer):
    queue = make_queue()
    placed = officer.post("/holds", CASE | {"queue": queue.pk}).json()["hold"]

    reviewed = officer.post(f"/holds/{placed['id']}/review", {"review_on": "2027-06-30"})
    lifted = officer.post(f"/holds/{placed['id']}/lift", {"because": "The case is closed."})
    again = officer.post(f"/holds/{placed['id']}/lift", {"because": "Once more."})

    assert reviewed.json()["review_on"] == "2027-06-30"
    assert (lifted.json()["is_active"], lifted.json()["lifted_because"]) == (False, "The case is closed.")
    assert again.status_code == 409
    assert [one["id"] for one in officer.get("/holds", {"active": "false"}).json()["items"]] == [placed["id"]]
    assert officer.get("/holds", {"active": "true"}).json()["items"] == []


def test_how_much_each_keeps_is_told_if_it_is_asked_for(officer):
    call = make_call()
    placed = officer.post("/holds", CASE | {"call": str(call.pk)}).json()["hold"]

    assert officer.get(f"/holds/{placed['id']}/covers").json() == {"calls": 1, "recordings": 0, "texts": 0}
    officer.post(f"/holds/{placed['id']}/lift", {"because": "The case is closed."})
    assert officer.get(f"/holds/{placed['id']}/covers").json() == {"calls": 0, "recordings": 0, "texts": 0}


def test_a_supervisor_learns_nothing_of_holds():
    assert Asking(*ALL, owner=user("Supervisor")).get("/holds").status_code == 403
