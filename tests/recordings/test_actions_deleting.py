from datetime import timedelta

import pytest

from calls.models import CallEvent
from compliance.holds import Held, refusing
from compliance.models import AccessEntry
from recordings import actions
from recordings.actions.deleting import delete_recording, delete_recordings, delete_redacted, delete_transcripts
from recordings.models import Copy, Discard, Recording, ShareLink, Transcript, Voicemail
from recordings.states import CopyKind, State
from telephony.payloads import RecordingCallback
from tests.calls.factories import AT
from tests.compliance.keepers import make_hold
from tests.recordings.factories import make_copy, make_stored, make_user, make_voicemail

pytestmark = pytest.mark.django_db


def whole(**fields) -> Recording:
    """A recording with all that can hang on one."""
    recording = make_stored(speakers=["Ann", "the caller"], **fields)
    make_copy(recording, kind=CopyKind.REDACTED)
    Transcript.objects.create(recording=recording, provider="fake", made_at=AT, recorded_at=AT, text="I live in Ulm")
    by = make_user(f"user-{recording.sid}")
    ShareLink.objects.create(recording=recording, by=by, reason="-", at=AT, expires_at=AT + timedelta(days=1))
    return recording


def test_with_a_recording_goes_all_that_was_said_in_it():
    recording, by = whole(), make_user("boss")
    make_voicemail(recording=recording)

    delete_recording(recording, why="The customer asked", by=by, at=AT)

    assert (recording.state, recording.stage, recording.deleted_at, recording.speakers) == ("deleted", "", AT, [])
    assert not any(model.objects.exists() for model in (Copy, Transcript, ShareLink, Voicemail))
    assert {row.name for row in Discard.objects.all()} == {
        f"recordings/2026/03/02/{recording.pk}.{ending}" for ending in ("wav", "redacted.wav")
    }
    entry = AccessEntry.objects.get()
    assert (entry.action, entry.subject, entry.subject_id, entry.user) == (
        "deleted",
        "recording",
        str(recording.pk),
        by,
    )
    assert entry.reason == "The customer asked"


def test_the_history_of_the_call_tells_of_it_once():
    recording = whole()

    delete_recording(recording, why="asked", by=None, at=AT)
    delete_recording(recording, why="asked", by=None, at=AT)

    told = CallEvent.objects.get(call=recording.call, kind="recording")
    assert told.data == {"recording": str(recording.pk), "status": "deleted", "seconds": 3}
    assert AccessEntry.objects.count() == 1


def test_a_late_word_of_twilio_brings_nothing_back():
    recording = whole()
    delete_recording(recording, why="asked", by=None, at=AT)

    actions.announce(RecordingCallback(sid=recording.sid, call_sid=recording.call.sid, status="completed"), at=AT)

    recording.refresh_from_db()
    assert (recording.state, recording.stage) == (State.DELETED, "")
    assert actions.sweep_due(at=AT) == []


def test_what_is_held_stays_with_all_that_hangs_on_it():
    recording, hold = whole(), make_hold()

    for attempt in (
        lambda: delete_recording(recording, why="asked", by=None, at=AT),
        lambda: delete_redacted([recording.pk], at=AT),
        lambda: delete_transcripts([recording.pk]),
    ):
        with pytest.raises(Held, match=hold.name), refusing():
            attempt()

    recording.refresh_from_db()
    assert recording.state == State.STORED
    assert (recording.copies.count(), recording.transcripts.count()) == (2, 1)
    assert not Discard.objects.exists()
    assert not AccessEntry.objects.exists()


def test_of_many_of_which_one_is_held_none_goes():
    free = whole(call=None)
    recording = whole()
    make_hold()

    with pytest.raises(Exception, match="legal hold"):
        delete_recordings([free.pk, recording.pk], deleted_for="run 1", at=AT)


def test_a_copy_goes_alone():
    recording = whole()

    delete_redacted([recording.pk], at=AT)

    recording.refresh_from_db()
    assert recording.state == State.STORED
    assert [copy.kind for copy in recording.copies.all()] == ["original"]
    assert Discard.objects.get().name.endswith("redacted.wav")


def test_a_transcript_goes_with_each_try_of_it_and_the_sound_stays():
    recording = whole()
    Transcript.objects.create(
        recording=recording, provider="other", is_current=False, made_at=AT, recorded_at=AT, text="I live"
    )

    delete_transcripts([recording.pk])

    recording.refresh_from_db()
    assert not recording.transcripts.exists()
    assert recording.state == State.STORED


def test_many_are_deleted_in_a_few_statements(django_assert_max_num_queries):
    ids = [whole().pk for _ in range(5)]

    with django_assert_max_num_queries(20):
        assert delete_recordings(ids, deleted_for="run 1", at=AT) == 5

    assert delete_recordings(ids, deleted_for="run 2", at=AT) == 0
    assert set(Recording.objects.values_list("deleted_for", flat=True)) == {"run 1"}
