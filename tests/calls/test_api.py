import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import CallEvent, EventKind
from conferences.room import Role
from tests.agents.factories import ready_agent
from tests.calls.factories import AT, make_call, make_event
from tests.conferences.factories import conference, person
from tests.contacts.factories import contact
from tests.crm.asking import Asking, asking
from tests.queues.factories import make_entry, make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def seer() -> Asking:
    return asking("calls:read", permissions=("calls.view_call", "calls.view_numbers"))


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_a_call_is_told_with_its_ids_numbers_and_moments_in_utc(seer):
    call = make_call(status="completed", ended_at=AT, seconds=40)

    told = seer.get(f"/calls/{call.pk}").json()

    assert told["id"] == str(call.pk)
    assert told["sid"] == call.sid
    assert told["conversation"] == str(call.conversation)
    assert told["from_number"] == "+14155550123"
    assert told["started_at"] == "2026-03-02T15:00:00Z"
    assert told["seconds"] == 40
    assert "timeline" not in told
    assert "legs" not in told


def test_numbers_are_masked_for_who_may_not_see_them_whole():
    call = make_call()

    told = asking("calls:read", permissions=("calls.view_call",)).get(f"/calls/{call.pk}").json()

    assert told["from_number"] == "+1415****123"


def test_a_call_tells_its_timeline_and_its_legs_where_that_is_asked_for(seer):
    call = make_call(status="completed")
    make_event(call, EventKind.BEGAN, line="Main line", flow="Reception", version=4)
    make_event(call, EventKind.PRESSED, 6, step="1", digits="1")
    leg = make_call(parent=call, conversation=call.conversation, direction="outbound-dial")

    told = seer.get(f"/calls/{call.pk}", {"expand": "timeline,legs"}).json()

    assert [entry["title"] for entry in told["timeline"][0]["entries"]] == [
        "Came in on “Main line”",
        "The caller pressed",
    ]
    assert told["timeline"][0]["entries"][1]["text"] == "1"
    assert [one["id"] for one in told["legs"]] == [str(leg.pk)]


@pytest.mark.parametrize("written", ["+14155550123", "(415) 555-0123", "0014155550123", "5550123"])
def test_any_way_of_writing_a_number_finds_the_call(seer, written):
    call = make_call(from_number="+14155550123")
    make_call(from_number="+14155550999")

    assert ids(seer.get("/calls", {"number": written})) == [str(call.pk)]


def test_calls_are_found_by_status_direction_moment_and_conversation(seer):
    old = make_call(status="completed", started_at=AT.replace(hour=10))
    new = make_call(status="in-progress", direction="outbound-api")

    assert ids(seer.get("/calls")) == [str(new.pk), str(old.pk)]
    assert ids(seer.get("/calls", {"status": "completed"})) == [str(old.pk)]
    assert ids(seer.get("/calls", {"live": "true"})) == [str(new.pk)]
    assert ids(seer.get("/calls", {"direction": "outbound-api"})) == [str(new.pk)]
    assert ids(seer.get("/calls", {"started_from": "2026-03-02T12:00:00Z"})) == [str(new.pk)]
    assert ids(seer.get("/calls", {"started_before": "2026-03-02T13:00:00+01:00"})) == [str(old.pk)]
    assert ids(seer.get("/calls", {"conversation": old.conversation})) == [str(old.pk)]
    assert ids(seer.get("/calls", {"ordering": "started_at"})) == [str(old.pk), str(new.pk)]


def test_calls_are_found_by_their_queue_an_agent_and_a_contact(seer):
    queue, ann = make_queue(), ready_agent("Ann")
    call = make_call(from_number="+14155550177")
    make_entry(queue, call=call)
    leg = make_call(conversation=call.conversation, direction="outbound-api", to_number="client:ann")
    person(conference(), Role.OWNER, agent=ann, call=leg)
    carla = contact("Carla", "+14155550177")
    make_call()

    assert ids(seer.get("/calls", {"queue": queue.pk})) == [str(call.pk)]
    assert set(ids(seer.get("/calls", {"agent": ann.pk}))) == {str(call.pk), str(leg.pk)}
    assert ids(seer.get("/calls", {"contact": carla.pk})) == [str(call.pk)]


def test_a_list_with_all_detail_is_a_fixed_number_of_statements(seer):
    for _ in range(3):
        call = make_call()
        make_event(call, EventKind.PRESSED, 6, step="1", digits="1")
        make_call(parent=call)
    seer.get("/calls")  # the last use of the key is written

    with CaptureQueriesContext(
        connection,
    ) as plain:
        seer.get("/calls")
    with CaptureQueriesContext(connection) as expanded:
        seer.get("/calls", {"expand": "timeline,legs"})

    assert len(plain) == 4  # key with its owner, permissions of the person and of the roles, rows
    assert len(expanded) == 6


def test_a_live_call_is_ended_by_a_wish_that_twilio_is_told_of_after_the_commit(django_capture_on_commit_callbacks):
    call = make_call()
    ending = asking("calls:hang-up", permissions=("calls.hang_up",))

    with django_capture_on_commit_callbacks() as afterwards:
        answer = ending.post(f"/calls/{call.pk}/hang-up")

    call.refresh_from_db()
    assert answer.status_code == 202
    assert call.unwanted_at is not None
    assert len(afterwards) == 1
    assert CallEvent.objects.get(call=call).data["what"] == "hang-up"


def test_a_call_that_is_over_cannot_be_ended():
    call = make_call(status="completed")

    answer = asking("calls:hang-up", permissions=("calls.hang_up",)).post(f"/calls/{call.pk}/hang-up")

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/api/problems/conflict")
