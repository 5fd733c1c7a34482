import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import User
from compliance.models import AccessEntry
from recordings.models import Return, Voicemail
from tests.agents.factories import ready_agent, user
from tests.calls.factories import make_call
from tests.crm.asking import Asking
from tests.recordings.factories import make_mailbox, make_recording, make_stored, make_transcript, make_voicemail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]

ALL = ("voicemails:read", "voicemails:write")


@pytest.fixture
def ann() -> User:
    return user("Agent")


@pytest.fixture
def mailbox(ann):
    made = make_mailbox()
    made.members.add(ann)
    return made


def left_by(mailbox, number="+14155550123", **fields) -> Voicemail:
    return make_voicemail(mailbox, make_recording(call=make_call(from_number=number)), **fields)


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_a_message_is_told_with_its_number_and_sound(ann, mailbox):
    voicemail = left_by(mailbox, language="en-US")

    told = Asking(*ALL, owner=ann).get(f"/voicemails/{voicemail.pk}").json()

    assert (told["mailbox"], told["number"]) == ({"id": mailbox.pk, "name": "Sales"}, "+14155550123")
    assert (told["recording"], told["seconds"]) == (str(voicemail.recording_id), 3)
    assert (told["status"], told["taken_by"]) == ("new", None)
    assert "text" not in told


def test_members_see_their_mailboxes_and_no_other(ann, mailbox):
    mine = left_by(mailbox)
    left_by(make_mailbox("Others"))

    assert ids(Asking(*ALL, owner=ann).get("/voicemails")) == [str(mine.pk)]
    assert len(ids(Asking(*ALL).get("/voicemails"))) == 2


def test_messages_are_found_by_mailbox_status_holder_and_number(ann, mailbox):
    voicemail = left_by(mailbox, taken_by=ann)
    left_by(mailbox, "+14155550199", status="done")
    asker = Asking(*ALL, owner=ann)

    for parameters in (
        {"open": "true"},
        {"status": "new"},
        {"taken": "true"},
        {"taken_by": ann.username},
        {"number": "(415) 555-0123"},
        {"mailbox": mailbox.pk, "open": "true"},
    ):
        assert ids(asker.get("/voicemails", parameters)) == [str(voicemail.pk)]


def test_what_was_said_is_told_if_it_is_asked_for_and_logged(ann, mailbox):
    voicemail = make_voicemail(mailbox, make_stored(transcribes=True, subject="voicemail"))
    make_transcript(voicemail, "Please call me back.")
    asker = Asking(*ALL, owner=ann)

    (told,) = asker.get("/voicemails", {"expand": "text"}).json()["items"]
    asker.get(f"/voicemails/{voicemail.pk}", {"expand": "text"})

    assert told["text"] == "Please call me back."
    assert AccessEntry.objects.filter(action="read", user=ann).count() == 1  # once in a while for each


def test_who_may_see_a_message_and_not_hear_it_reads_nothing_of_it(mailbox):
    voicemail = make_voicemail(mailbox, make_stored(transcribes=True, subject="voicemail"))
    make_transcript(voicemail, "Please call me back.")

    (told,) = Asking(*ALL, owner=user("Auditor")).get("/voicemails", {"expand": "text"}).json()["items"]

    assert told["text"] == ""
    assert not AccessEntry.objects.filter(action="read").exists()


def test_a_caller_is_claimed_with_all_that_they_left(ann, mailbox):
    one, other, third = left_by(mailbox), left_by(mailbox), left_by(mailbox, "+14155550199")

    told = Asking(*ALL, owner=ann).post(f"/voicemails/{one.pk}/claim").json()

    assert told["taken_by"] == ann.username
    assert set(Voicemail.objects.filter(taken_by=ann)) == {one, other}
    assert Voicemail.objects.get(pk=third.pk).taken_by is None


def test_what_a_colleague_has_is_a_conflict_and_may_be_taken_over(ann, mailbox):
    bob = user("Agent")
    mailbox.members.add(bob)
    voicemail = left_by(mailbox, taken_by=bob)
    asker = Asking(*ALL, owner=ann)

    refused = asker.post(f"/voicemails/{voicemail.pk}/claim")
    taken = asker.post(f"/voicemails/{voicemail.pk}/assign", {"to": ann.pk})

    assert refused.status_code == 409
    assert bob.username in refused.json()["detail"]
    assert taken.json()["taken_by"] == ann.username


def test_who_does_not_work_on_a_mailbox_is_given_nothing(ann, mailbox):
    voicemail = left_by(mailbox)

    answer = Asking(*ALL, owner=ann).post(f"/voicemails/{voicemail.pk}/assign", {"to": user("Agent").pk})

    assert answer.status_code == 422
    assert Asking(*ALL, owner=ann).post(f"/voicemails/{voicemail.pk}/assign", {"to": 4711}).status_code == 400


def test_a_message_is_finished_opened_again_and_given_back(ann, mailbox):
    voicemail, asker = left_by(mailbox), Asking(*ALL, owner=ann)

    done = asker.post(f"/voicemails/{voicemail.pk}/finish").json()
    again = asker.post(f"/voicemails/{voicemail.pk}/reopen").json()
    free = asker.post(f"/voicemails/{voicemail.pk}/release").json()

    assert (done["status"], done["taken_by"]) == ("done", ann.username)
    assert (again["status"], again["done_at"]) == ("heard", None)
    assert free["taken_by"] is None


def test_what_is_done_is_not_claimed(ann, mailbox):
    voicemail = left_by(mailbox, status="done", done_at=timezone.now(), taken_by=ann)

    assert Asking(*ALL, owner=ann).post(f"/voicemails/{voicemail.pk}/claim").status_code == 409


def test_the_owner_of_the_key_calls_back(ann, mailbox, settings):
    settings.TWILIO_CALLER_ID = "+15005550199"
    agent = ready_agent(account=ann, at=timezone.now())
    voicemail = left_by(mailbox)

    answer = Asking(*ALL, owner=ann).post(f"/voicemails/{voicemail.pk}/call-back")

    assert (answer.status_code, answer.json()["taken_by"]) == (202, ann.username)
    assert (Return.objects.get().agent, Return.objects.get().number) == (agent, "+14155550123")


def test_who_is_no_agent_calls_nobody_back(ann, mailbox):
    assert Asking(*ALL, owner=ann).post(f"/voicemails/{left_by(mailbox).pk}/call-back").status_code == 409


def test_a_list_costs_as_many_queries_for_many_as_for_one(ann, mailbox):
    asker = Asking(*ALL, owner=ann)

    def queries() -> int:
        asker.get("/voicemails", {"expand": "text"})  # the first request of a key notes that it is used
        with CaptureQueriesContext(connection) as captured:
            asker.get("/voicemails", {"expand": "text"})
        return len(captured)

    left_by(mailbox)
    one = queries()
    for number in range(3):
        left_by(mailbox, f"+1415555013{number}")

    assert queries() == one
