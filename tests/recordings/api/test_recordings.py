from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import User
from compliance.models import AccessEntry, Hold
from recordings import links
from recordings.models import GivenReason, Recording
from tests.agents.factories import user
from tests.crm.asking import Asking
from tests.queues.factories import make_queue
from tests.recordings.factories import make_recording, wav
from tests.recordings.listening import conversation, redacted, sensitive_queue, team_of

pytestmark = pytest.mark.django_db

ALL = ("recordings:read", "recordings:write", "recordings:listen", "holds:write")


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def sound(url: str, **headers: str) -> Any:
    return Client().get(url.removeprefix("https://contact.example.com"), headers=headers)


@pytest.fixture
def supervisor() -> User:
    return user("Supervisor")


def test_a_recording_is_told_with_what_its_listener_may(supervisor):
    queue = make_queue("Sales", team=team_of("Sales", supervisor))
    recording = conversation(queue, seconds=2)

    told = Asking(*ALL, owner=supervisor).get(f"/recordings/{recording.pk}").json()

    assert (told["sid"], told["call"], told["conversation"]) == (
        recording.sid,
        str(recording.call_id),
        str(recording.call.conversation),
    )
    assert (told["queue"]["name"], told["subject"], told["state"]) == ("Sales", "conversation", "cleared")
    assert (told["may_hear"], told["needs_reason"], told["is_here"]) == (True, False, True)


def test_a_supervisors_key_sees_recordings_of_the_own_teams_alone(supervisor):
    mine = conversation(make_queue(team=team_of("Sales", supervisor)))
    other = conversation(make_queue(team=team_of("Support")))
    asker = Asking(*ALL, owner=supervisor)

    assert ids(asker.get("/recordings")) == [str(mine.pk)]
    assert asker.get(f"/recordings/{other.pk}").status_code == 404
    assert len(ids(Asking(*ALL).get("/recordings"))) == 2


def test_recordings_are_found_by_call_queue_and_state():
    queue = make_queue()
    recording, _other = conversation(queue), make_recording()
    asker = Asking(*ALL)

    for parameters in (
        {"call": str(recording.call_id)},
        {"conversation": str(recording.call.conversation)},
        {"queue": queue.pk},
        {"state": "cleared"},
        {"sid": recording.sid},
    ):
        assert ids(asker.get("/recordings", parameters)) == [str(recording.pk)]


def test_a_link_plays_what_people_hear_and_is_logged_as_its_owners():
    asker, recording = Asking(*ALL), conversation(sound=wav(2), seconds=2)

    answer = asker.post(f"/recordings/{recording.pk}/link", {})
    played = sound(answer.json()["url"])
    part = sound(answer.json()["url"], Range="bytes=0-99")

    assert answer.status_code == 201
    assert (played.status_code, content(played)) == (200, wav(2))
    assert (part.status_code, len(content(part))) == (206, 100)
    assert played["Cache-Control"] == "private, no-store"
    assert {entry.user for entry in AccessEntry.objects.filter(action="played")} == {asker.key.owner}


def test_a_link_plays_the_copy_in_which_is_hidden_what_has_to_be():
    recording = conversation(sound=wav(2), seconds=2)
    quiet = redacted(recording)

    answer = Asking(*ALL).post(f"/recordings/{recording.pk}/link", {})

    assert content(sound(answer.json()["url"])) == quiet


def test_a_link_ends_with_its_time_and_with_the_right_of_who_asked_for_it(supervisor):
    team = team_of("Sales", supervisor)
    recording = conversation(make_queue(team=team), seconds=2)
    url = Asking(*ALL, owner=supervisor).post(f"/recordings/{recording.pk}/link", {}).json()["url"]
    late = links.media_token(recording, supervisor, reason="", until=timezone.now() - timedelta(seconds=1))

    team.supervisors.clear()

    assert sound(url).status_code == 410
    assert sound(f"/recordings/media/{late}").status_code == 410
    assert sound("/recordings/media/nonsense").status_code == 404


def test_what_came_from_a_sensitive_queue_takes_a_reason(supervisor):
    recording = conversation(sensitive_queue(supervisor), seconds=2)
    asker = Asking(*ALL, owner=supervisor)

    refused = asker.post(f"/recordings/{recording.pk}/link", {})
    given = asker.post(f"/recordings/{recording.pk}/link", {"reason": "A complaint."})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reason")
    assert content(sound(given.json()["url"]))
    assert GivenReason.objects.get().reason == "A complaint."
    assert AccessEntry.objects.filter(action="played", reason="A complaint.").exists()


def test_who_may_know_of_a_recording_and_not_hear_it_gets_no_link():
    recording = conversation(seconds=2)

    assert Asking(*ALL, owner=user("Auditor")).post(f"/recordings/{recording.pk}/link", {}).status_code == 403


def test_a_link_takes_a_scope_that_reading_has_not():
    recording = conversation(seconds=2)

    assert Asking("recordings:read").post(f"/recordings/{recording.pk}/link", {}).status_code == 403


def test_sound_that_is_not_here_is_a_conflict():
    assert Asking(*ALL).post(f"/recordings/{make_recording().pk}/link", {}).status_code == 409


def test_what_has_failed_is_tried_again():
    recording = make_recording(state="ready", failure="The storage does not answer.", attempts=9)
    asker = Asking(*ALL)

    assert asker.post(f"/recordings/{recording.pk}/retry").status_code == 200
    assert Recording.objects.get(pk=recording.pk).retry_at is not None
    assert asker.post(f"/recordings/{conversation().pk}/retry").status_code == 409


def test_a_conversation_is_held_by_its_recording():
    recording, asker = conversation(), Asking(*ALL, owner=user("Compliance officer"))

    answer = asker.post(f"/recordings/{recording.pk}/hold", {"name": "A case", "reason": "A letter."})
    told = asker.get(f"/recordings/{recording.pk}", {"expand": "held_by"}).json()

    assert answer.status_code == 201
    assert told["held_by"] == answer.json()["id"] == str(Hold.objects.get().pk)
    assert Hold.objects.get().call_id == recording.call_id


def test_a_recording_of_nobody_knows_which_call_is_held_otherwise():
    asker = Asking(*ALL, owner=user("Compliance officer"))

    answer = asker.post(f"/recordings/{make_recording(call=None).pk}/hold", {"name": "A case", "reason": "A letter."})

    assert answer.status_code == 409


def test_a_list_costs_as_many_queries_for_many_as_for_one(supervisor):
    asker, queue = Asking(*ALL, owner=supervisor), make_queue(team=team_of("Sales", supervisor))

    def queries() -> int:
        asker.get("/recordings")  # the first request of a key notes that it is used
        with CaptureQueriesContext(connection) as captured:
            asker.get("/recordings", {"expand": "held_by"})
        return len(captured)

    conversation(queue)
    one = queries()
    for _number in range(3):
        conversation(queue)

    assert queries() == one
