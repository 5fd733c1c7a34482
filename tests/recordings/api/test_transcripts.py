import pytest

from compliance.models import AccessEntry
from tests.agents.factories import user
from tests.crm.asking import Asking
from tests.queues.factories import make_queue
from tests.recordings.factories import make_recording
from tests.recordings.listening import SEGMENTS, conversation, make_transcript, sensitive_queue, team_of
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db

ALL = ("transcripts:read",)


def found(answer) -> list[str]:
    return [item["recording"] for item in answer.json()["items"]]


def test_words_are_found_with_the_lines_that_have_them():
    recording = conversation()
    say("Hello, it is about my bicycle.", "Gladly. Which one?", recording=recording)
    asker = Asking(*ALL)

    told = asker.get("/transcripts/search", {"q": "bicycle"}).json()

    assert (told["items"][0]["recording"], told["next"]) == (str(recording.pk), None)
    assert [line["text"] for line in told["items"][0]["lines"]] == ["Hello, it is about my bicycle."]
    assert found(asker.get("/transcripts/search", {"q": "tractor"})) == []
    assert AccessEntry.objects.filter(action="searched", user=asker.key.owner).count() == 2


def test_a_supervisors_key_finds_what_the_own_teams_said_alone():
    supervisor = user("Supervisor")
    mine, other = (
        conversation(make_queue(team=team_of("Sales", supervisor))),
        conversation(make_queue(team=team_of("Support"))),
    )
    for recording in (mine, other):
        say("It is about my bicycle.", recording=recording)

    assert found(Asking(*ALL, owner=supervisor).get("/transcripts/search", {"q": "bicycle"})) == [str(mine.pk)]
    assert len(found(Asking(*ALL).get("/transcripts/search", {"q": "bicycle"}))) == 2


def test_pages_follow_each_other():
    for _number in range(21):
        say("It is about my bicycle.")
    asker = Asking(*ALL)

    first = asker.get("/transcripts/search", {"q": "bicycle"}).json()
    second = asker.get("/transcripts/search", {"q": "bicycle", "cursor": first["next"]}).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (20, 1, None)


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"q": '"bicycle'}, "q"), ({"number": "12"}, "number"), ({"queue": 4711}, "queue"), ({"cursor": "x"}, "cursor"),
     ({"since": "2026-03-02", "until": "2026-03-01"}, "until"), ({"agent": "x"}, "agent"), ({"words": "x"}, "words")],
)  # fmt: skip
def test_what_cannot_be_looked_for_names_its_field(asked, field):
    answer = Asking(*ALL).get("/transcripts/search", asked)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_what_was_said_is_read_redacted_and_logged():
    recording = conversation()
    make_transcript(recording)
    asker = Asking(*ALL)

    told = asker.get(f"/transcripts/{recording.pk}").json()

    assert [segment["text"] for segment in told["segments"]] == [segment["text"] for segment in SEGMENTS]
    assert AccessEntry.objects.filter(action="read", user=asker.key.owner, subject_id=str(recording.pk)).count() == 1


def test_what_came_from_a_sensitive_queue_is_read_for_a_reason():
    supervisor = user("Supervisor")
    recording = conversation(sensitive_queue(supervisor))
    make_transcript(recording)
    asker = Asking(*ALL, owner=supervisor)

    refused = asker.get(f"/transcripts/{recording.pk}")
    given = asker.get(f"/transcripts/{recording.pk}", {"reason": "A complaint."})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reason")
    assert given.status_code == 200
    assert AccessEntry.objects.get(action="read").reason == "A complaint."


def test_what_is_not_redacted_yet_is_not_there():
    recording = conversation()
    make_transcript(recording, redacted_at=None)

    assert Asking(*ALL).get(f"/transcripts/{recording.pk}").status_code == 404
    assert Asking(*ALL).get(f"/transcripts/{make_recording().pk}").status_code == 404


def test_an_auditor_knows_of_recordings_and_reads_none():
    recording = conversation()
    make_transcript(recording)
    asker = Asking(*ALL, owner=user("Auditor"))

    assert asker.get(f"/transcripts/{recording.pk}").status_code == 403
    assert asker.get("/transcripts/search").status_code == 403
