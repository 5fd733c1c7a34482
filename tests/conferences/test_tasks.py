"""Single tasks against a Twilio that answers as told. Whole calls are in `tests/scenarios/`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from conferences import tasks
from conferences.models import Announcement, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from telephony import client
from tests.conferences.factories import conference, customer, person
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


class Twilio:
    """Answers by method and the end of the path; what it has no answer for is 503."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Answer] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def answer(self, method: str, ending: str, http: int, /, **body: Any) -> None:
        self.answers[method, ending] = Answer(http, json.dumps(body).encode())

    def refuse(self, method: str, ending: str, status: int, code: int) -> None:
        self.answer(method, ending, status, code=code, message="no", more_info="", status=status)

    def rest(
        self, method: str, path: str, _query: Sequence[Any], form: Sequence[tuple[str, str]], _authorization: str
    ) -> Answer:
        self.asked.append((method, path, dict(form)))
        found = (answer for (verb, end), answer in self.answers.items() if verb == method and path.endswith(end))
        return next(found, Answer(503, b"{}"))

    def times(self, method: str, ending: str) -> int:
        return sum(verb == method and path.endswith(ending) for verb, path, _form in self.asked)


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twilio]:
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0, 0.0))
    script = Twilio()
    with reached(script):
        yield script


def test_a_ring_names_our_participant_everywhere_and_is_made_once(twilio: Twilio) -> None:
    row = person(conference(), Role.GUEST, LegState.WANTED, asked_at=None, caller_id="+15005550100")
    twilio.answer("POST", "/Calls.json", 201, sid="CA77", status="queued", to="client:somebody")

    tasks.ring(str(row.pk))
    tasks.ring(str(row.pk))

    row.refresh_from_db()
    assert (row.state, row.call_sid) == (LegState.ASKED, "CA77")
    ((_, _, form),) = twilio.asked
    assert f"/voice/participants/{row.pk}" in form["Url"]
    assert f"/webhooks/participants/{row.pk}/status" in form["StatusCallback"]
    assert form["Timeout"] == "25"


@pytest.mark.parametrize(
    ("status", "state", "outcome", "times"),
    [(400, LegState.LEFT, "failed", 1), (429, LegState.WANTED, "", 4), (500, LegState.ASKED, "", 1)],
)
def test_a_ring_that_does_not_come_about(
    twilio: Twilio, status: int, state: LegState, outcome: str, times: int
) -> None:
    row = person(conference(), Role.GUEST, LegState.WANTED, asked_at=None, caller_id="+15005550100")
    twilio.refuse("POST", "/Calls.json", status, 21210)

    tasks.ring(str(row.pk))

    row.refresh_from_db()
    assert (row.state, row.outcome) == (state, outcome)
    assert twilio.times("POST", "/Calls.json") == times


def test_a_customer_whose_call_is_over_cannot_be_moved_and_is_gone(twilio: Twilio) -> None:
    room = conference(Phase.OPENING)
    row = customer(room, LegState.WANTED, asked_at=None)
    person(room, Role.OWNER)
    twilio.refuse("POST", f"/Calls/{row.call_sid}.json", 400, 21220)

    tasks.move(str(row.pk))

    row.refresh_from_db()
    room.refresh_from_db()
    assert (row.state, room.fate) == (LegState.LEFT, "gone")


def test_somebody_who_is_not_there_to_be_steered_is_looked_at_by_the_call(twilio: Twilio) -> None:
    room = conference()
    ann = person(room, Role.OWNER, endpoint="number")
    row = customer(room, wants_held=True)
    twilio.refuse("POST", f"/Participants/{row.call_sid}.json", 404, 20404)
    twilio.answer("GET", f"/Calls/{row.call_sid}.json", 200, sid=row.call_sid, status="completed")

    tasks.steer(str(row.pk))

    row.refresh_from_db()
    room.refresh_from_db()
    assert (row.state, room.phase, room.fate) == (LegState.LEFT, "closed", "gone")
    assert Participant.objects.get(pk=ann.pk).wants_in is False


def test_a_hold_is_asked_for_with_a_document_that_twilio_posts_to(twilio: Twilio) -> None:
    row = customer(conference(), wants_held=True)
    address = f"/Participants/{row.call_sid}.json"
    twilio.answer("POST", address, 200, call_sid=row.call_sid, conference_sid="CF1", hold=True)

    tasks.steer(str(row.pk))

    ((_, _, form),) = twilio.asked
    assert (form["Hold"], form["HoldMethod"]) == ("true", "POST")
    assert "/voice/hold" in form["HoldUrl"]
    row.refresh_from_db()
    assert row.held is False, "only Twilio's event makes it so"


def test_an_announcement_is_asked_for_once_whatever_the_answer(twilio: Twilio) -> None:
    room = conference()
    said = Announcement.objects.create(conference=room, text="We close.", at=room.opened_at)

    for _ in range(2):
        tasks.announce(str(said.pk))

    assert twilio.times("POST", f"/Conferences/{room.sid}.json") == 1


def test_a_conference_that_is_closed_before_we_knew_its_sid_is_found_by_its_name_and_ended(
    twilio: Twilio, django_capture_on_commit_callbacks: Any
) -> None:
    room = conference(Phase.CLOSED, sid="", fate="gone")
    person(room, Role.OWNER, wants_in=False)
    found = {"sid": "CF9", "friendly_name": room.name, "status": "in-progress"}
    twilio.answer("GET", "/Conferences.json", 200, conferences=[found], page=0, page_size=50)
    twilio.answer("POST", "/Conferences/CF9.json", 200, sid="CF9", status="completed")

    with django_capture_on_commit_callbacks(execute=True):
        tasks.end(str(room.pk))

    assert twilio.times("POST", "/Conferences/CF9.json") == 1
