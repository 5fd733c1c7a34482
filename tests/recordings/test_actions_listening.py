from datetime import timedelta

import pytest

from recordings import actions
from recordings.actions import Listener
from recordings.models import Copy, GivenReason, Recording
from recordings.ranges import Part
from tests.calls.factories import AT
from tests.recordings.factories import make_stored, make_user, make_voicemail, wav
from tests.recordings.listening import conversation, logged, redacted

pytestmark = pytest.mark.django_db


def copy_of(recording: Recording) -> Copy:
    return recording.copies.get()


def play(recording: Recording, listener: Listener) -> None:
    actions.note_play(recording, copy_of(recording), Part(0, 9), listener=listener, at=AT)


def test_listening_makes_a_new_voicemail_heard_but_only_for_those_whose_work_it_is() -> None:
    voicemail = make_voicemail(recording=make_stored())

    play(voicemail.recording, Listener(make_user("auditor"), None))
    voicemail.refresh_from_db()
    assert voicemail.status == "new"

    play(voicemail.recording, Listener(make_user("ann", "recordings.change_voicemail"), None))
    voicemail.refresh_from_db()
    assert voicemail.status == "heard"


@pytest.mark.parametrize("status", ["heard", "done"])
def test_listening_moves_no_voicemail_back(status: str) -> None:
    voicemail = make_voicemail(recording=make_stored(), status=status)

    play(voicemail.recording, Listener(make_user("ann", "recordings.change_voicemail"), None))

    voicemail.refresh_from_db()
    assert voicemail.status == status


def test_a_link_makes_no_voicemail_heard() -> None:
    voicemail = make_voicemail(recording=make_stored())
    sue = make_user("sue", "recordings.change_voicemail")
    link = actions.share(
        voicemail.recording, by=sue, reason="Their call", lasts=timedelta(hours=1), address=None, at=AT
    )

    play(voicemail.recording, Listener(None, None, link=link))

    voicemail.refresh_from_db()
    assert voicemail.status == "new"
    assert logged("who", "user")[-1] == ("link by sue", None)


def test_what_was_heard_of_the_original_is_told_apart() -> None:
    recording = conversation(seconds=2)
    listener = Listener(make_user("ann"), None, reason="A court", hears_hidden=True)

    actions.note_heard(recording, copy_of(recording), Part(0, copy_of(recording).size), listener=listener, at=AT)

    assert logged("action", "reason") == [("heard-original", "A court")]


def test_a_wave_form_is_not_kept_for_a_file_that_has_come_in_the_place_of_another() -> None:
    recording = make_stored()
    before = copy_of(recording)
    Copy.objects.update(sha256="f" * 64)

    actions.keep_waves(before, [[1, 2]])

    assert copy_of(recording).waves == []


def test_a_new_file_has_no_wave_form_of_the_old_one() -> None:
    recording = conversation()
    redacted(recording)
    Copy.objects.update(waves=[[1, 2]])

    redacted(recording, wav(3))

    assert {copy.kind: copy.waves for copy in recording.copies.all()} == {"original": [[1, 2]], "redacted": []}


def test_a_reason_is_of_one_person_for_one_recording_and_counts_for_a_while() -> None:
    ann, recording = make_user("ann"), make_stored(seconds=60)

    actions.give_reason(recording, by=ann, reason="A complaint", of_original=False, at=AT)
    actions.give_reason(recording, by=ann, reason="A court", of_original=True, at=AT)

    assert GivenReason.objects.valid(at=AT + timedelta(minutes=30)).count() == 2
    assert GivenReason.objects.valid(at=AT + timedelta(minutes=31)).count() == 0
