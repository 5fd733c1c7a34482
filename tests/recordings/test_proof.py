"""The proof of a call: what it has, who sees which numbers, and a text that anybody can compute the hash of."""

import hashlib
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from calls.ends import hidden
from compliance.actions import access
from compliance.models import Hold, Policy, RetentionRule
from compliance.states import Access, Answer, Kept, Mode, Party, Subject
from conferences.models import Participant
from conferences.room import Role
from recordings.models import Copy, Recorder, Recording
from recordings.proof import is_about, proof_of
from recordings.recorder import RecorderState
from telephony import numbers
from tests.agents.factories import user
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, policy, scope
from tests.conferences import factories
from tests.recordings.recorders import Recorded, at, pause, recorder

pytestmark = pytest.mark.django_db


def proof(call, *, sees=True):
    return proof_of(call, show=numbers.show if sees else hidden, show_text=str if sees else numbers.mask, at=at(200))


def test_it_tells_of_the_call_and_who_took_part():
    data = proof(Recorded().call).data

    assert (data["call"]["from"], data["call"]["began"], data["call"]["ended"]) == ("+1 415-555-0123", AT, at(100))
    assert [(one["who"], one["role"], one["came"], one["left"]) for one in data["people"]] == [
        ("Ann", "owner", at(29), at(99)),
        ("+1 415-555-0123", "customer", at(30), at(100)),
    ]


def test_it_tells_by_which_policy_and_why():
    made = Recorded(share=100)
    policy("Everything")

    (told,) = proof(made.call).data["policies"]

    assert (told["name"], told["acted"], told["fits_now"]) == ("Sales", True, True)
    assert told["does"].startswith("Conversations of queue Sales")
    assert told["because"] == "It names queue Sales. Of those that fit a call, the policy that names most counts."


def test_a_policy_that_was_switched_off_since_is_told_with_the_one_that_would_count_now():
    made = Recorded()
    Policy.objects.filter(pk=made.policy.pk).update(is_active=False)
    policy("Everything", share=0)

    old, new = proof(made.call).data["policies"]

    assert (old["name"], old["acted"], old["fits_now"]) == ("Sales", True, False)
    assert (new["name"], new["acted"], new["fits_now"]) == ("Everything", False, True)
    assert (new["share"], new["drawn"]) == (0, False)
    assert new["because"] == "It names nothing, so it fits every call that no other policy names."


def test_it_tells_each_answer_with_the_words_that_were_heard():
    made = Recorded()
    entry(made.call, made.policy, Answer.WITHDRAWN, at=at(90), noted_by=user(username="kim"))

    first, last = proof(made.call).data["answers"]

    assert (first["wording"], first["version"], first["language"], first["key"]) == (
        "May we record you?",
        1,
        "en-US",
        "1",
    )
    assert (str(first["party"]), str(first["answered"]), first["at"]) == ("customer", "agreed", at(25))
    assert (last["answer"], last["noted_by"], last["wording"]) == ("withdrawn", "kim", "")


def test_it_tells_each_recorder_with_its_pauses_and_where_they_are_in_the_recording():
    made = Recorded()
    pause(made.recorder, "digits", 85, 90, ran_out=True)

    (told,) = proof(made.call).data["recorders"]

    assert (told["began"], told["stopped"], told["speakers"]) == (at(32), at(98), ["customer", "Ann"])
    assert told["recording"] == made.recording.sid
    assert [(str(one["reason"]), one["by"], one["second"], one["ran_out"]) for one in told["pauses"]] == [
        ("paused by hand", made.ann.user.username, 18, False),
        ("the customer was on hold", "", 38, False),
        ("digits were entered that nobody may keep", "", 53, True),
    ]


def test_it_tells_what_is_not_on_the_recording():
    gone = proof(Recorded().call).data["not_recorded"]

    (line,) = gone["lines"]
    assert [(one["because"], one["seconds"]) for one in line["stretches"]] == [
        ("greetings and menus, outside of the talk", 10),
        ("the customer waited in a queue", 22),
        ("paused by hand", 11),
        ("the customer was on hold", 10),
        ("it had been stopped", 2),
    ]
    assert gone["never"] == [
        "Not on the conversation's recording: what agents say to one another while the customer is on hold."
    ]


def test_it_tells_on_which_lines_coaching_is_heard():
    made = Recorded()
    made.coached("Kim", 40, 50)

    assert proof(made.call).data["not_recorded"]["never"][-1] == (
        "What Kim whispered to the agent as a supervisor is on no recording."
    )
    recorder(
        made.call,
        policy("Lines", subject=Subject.AGENT),
        RecorderState.STOPPED,
        call_sid=made.owner.call_sid,
        participant=made.owner,
        began_at=at(33),
        stopped_at=at(99),
    )
    assert proof(made.call).data["not_recorded"]["never"][-1].endswith("it is on: the line of Ann.")


def test_it_names_who_was_there_and_was_not_asked():
    made = Recorded()
    factories.person(made.talk, Role.GUEST, name="Workshop", joined_at=at(40), left_at=at(60))
    factories.person(made.talk, Role.GUEST, name="Too late", joined_at=at(99), left_at=at(100))

    told = proof(made.call).data["not_recorded"]["not_asked"]

    assert [(one["who"], str(one["party"]), str(one["mode"])) for one in told] == [
        ("Ann", "colleague", "the customer is asked"),
        ("Workshop", "somebody from outside", "the customer is asked"),
    ]
    Policy.objects.filter(pk=made.policy.pk).update(consent=Mode.ASK_EVERY)
    assert proof(made.call).data["not_recorded"]["not_asked"] == []


def test_it_tells_what_became_of_each_recording_and_who_had_access():
    made = Recorded()
    heard = {"subject": "recording", "subject_id": made.recording.pk, "detail": {"seconds": [0, 30], "of": 66}}
    access.log(user=user(username="kim"), address=None, action=Access.HEARD, reason="Complaint", at=at(500), **heard)
    Recording.objects.filter(pk=made.recording.pk).update(state="deleted", deleted_at=at(900), deleted_for="a person")
    Copy.objects.create(recording=made.recording, kind="original", name="x", size=99, sha256="ab" * 32, made_at=at(120))

    (told,) = proof(made.call).data["recordings"]

    assert (told["sid"], told["state"], told["seconds"]) == (made.recording.sid, "deleted", 66)
    assert (told["deleted"], told["deleted_for"]) == (at(900), "a person")
    assert [(one["kind"], one["sha256"]) for one in told["copies"]] == [("original", "ab" * 32)]
    (entry_of_log,) = told["access"]
    assert (entry_of_log["who"], str(entry_of_log["did"]), entry_of_log["part"], entry_of_log["reason"]) == (
        *("kim", "heard", "0:00 to 0:30 of 1:06", "Complaint"),
    )


def test_who_may_not_see_numbers_finds_none():
    made = Recorded()
    factories.person(made.talk, Role.GUEST, name="+1 415-555-0177", address="+14155550177", joined_at=at(40))
    Participant.objects.filter(pk=made.customer.pk).update(name="+14155550123")

    text = proof(made.call, sees=False).text

    for number in ("4155550123", "415-555-0123", "4155550177", "415-555-0177"):
        assert number not in text


def test_its_text_is_json_and_the_same_as_long_as_nothing_happens():
    made = Recorded()

    first, second = proof(made.call), proof(made.call)

    assert first.text == second.text
    assert first.sha256 == hashlib.sha256(first.text.encode()).hexdigest()
    read = json.loads(first.text)
    assert read["call"]["began"] == "2026-03-02T15:00:00+00:00"
    assert read["answers"][0]["answered"] == "agreed"
    assert read["not_recorded"]["lines"][0]["stretches"][0]["reasons"] == ["flow"]
    Recorder.objects.filter(pk=made.recorder.pk).update(failure="Changed")
    assert proof(made.call).sha256 != first.sha256


def test_a_call_without_anything_has_a_proof_too():
    data = proof(make_call()).data

    assert (data["people"], data["policies"], data["answers"], data["recorders"], data["recordings"]) == (
        *([], [], [], [], []),
    )
    assert data["not_recorded"] == {"lines": [], "never": [], "not_asked": []}


def test_there_is_something_to_prove_once_somebody_was_asked_or_recorded():
    bare, asked, recorded = make_call(), scope().call, Recorded().call
    entry(asked, policy(), Answer.TOLD, party=Party.OUTSIDE, participant=uuid4())

    assert [is_about(one) for one in (bare, asked, recorded)] == [False, True, True]


def test_many_rows_ask_the_database_as_often_as_few(django_assert_num_queries):
    made = Recorded()
    for name in ("Kim", "Lee", "Max"):
        made.coached(name, 40, 50)
        entry(made.call, made.policy, Answer.AGREED, at=at(26))

    with django_assert_num_queries(14):
        proof(made.call)


def test_it_tells_until_when_a_recording_is_kept_and_whether_a_hold_keeps_it():
    made = Recorded()
    before = proof(made.call).data
    RetentionRule.objects.create(kind=Kept.RECORDING, days=30, changed_at=AT)
    owner = user()
    Hold.objects.create(
        name="Case 7",
        reason="Court order",
        owner=owner,
        review_at=date(2027, 1, 1),
        call=made.call,
        placed_at=AT,
        placed_by=owner,
    )

    after = proof(made.call)

    assert (before["recordings"][0]["kept_until"], before["held"]) == (None, False)
    assert before["recordings"][0]["kept_by"] == "No rule: kept until somebody deletes it."
    (told,) = after.data["recordings"]
    assert told["kept_until"] == made.recording.announced_at + timedelta(days=30)
    assert after.data["held"]
    assert "Case 7" not in after.text  # which case, is for those who may see holds
