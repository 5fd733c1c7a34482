"""What is left of deleted recordings goes: files first, then Twilio's audio, whatever happens in between."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from recordings import files, tasks
from recordings.actions import deleting, purging
from recordings.models import Copy, Discard, Recording
from recordings.states import CopyKind
from telephony import client
from tests.calls.factories import AT
from tests.recordings.factories import make_copy, make_recording, make_stored
from tests.retention.account import BROKEN, BUSY, TOO_MANY, Account, Silent
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account


def deleted(account: Account, **fields) -> Recording:
    recording = make_stored(**fields)
    account.recording(recording.sid)
    deleting.delete_recordings([recording.pk], deleted_for="test", at=AT)
    return recording


def name_of(recording: Recording) -> str:
    return files.name_of(recording, CopyKind.ORIGINAL)


def test_files_go_and_then_the_audio_at_twilio(account):
    recording = deleted(account)

    tasks.purge()

    recording.refresh_from_db()
    assert not default_storage.exists(name_of(recording))
    assert account.deleted == [recording.sid]
    assert recording.purged_at is not None
    assert recording.cleared_at is not None
    assert not Discard.objects.exists()


def test_purging_again_asks_nobody(account):
    deleted(account)
    tasks.purge()
    asked = len(account.asked)

    tasks.purge()

    assert len(account.asked) == asked


def test_what_is_known_to_be_gone_at_twilio_is_not_asked_for(account):
    recording = deleted(account, cleared_at=AT)

    tasks.purge()

    recording.refresh_from_db()
    assert recording.purged_at is not None
    assert account.asked == []


def test_what_twilio_does_not_know_is_gone(account):
    recording = deleted(account)
    del account.kept["Recordings"][recording.sid]

    tasks.purge()

    recording.refresh_from_db()
    assert recording.purged_at is not None


@pytest.mark.parametrize("answer", [BUSY, TOO_MANY, BROKEN, Silent])
def test_a_refusal_is_told_in_words_and_tried_again_later(account, answer, monkeypatch):
    recording = deleted(account)
    account.refuses(recording.sid, answer, answer, answer, answer)

    tasks.purge()

    recording.refresh_from_db()
    assert recording.purged_at is None
    assert recording.failure
    assert recording.leased_until is None
    account.refusals.clear()
    monkeypatch.setattr("django.utils.timezone.now", lambda: recording.retry_at)
    tasks.purge()
    recording.refresh_from_db()
    assert (recording.purged_at, recording.failure) == (recording.cleared_at, "")
    assert recording.sid not in account.sids


def test_a_storage_that_fails_keeps_the_file_on_the_list_and_twilio_for_later(account, monkeypatch):
    recording = deleted(account)

    def fails(_name):
        raise OSError("no such host")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", fails)
        tasks.purge()

    discard = Discard.objects.get()
    assert "no such host" in discard.failure
    assert discard.retry_at is not None
    assert account.deleted == []
    Discard.objects.update(retry_at=None)
    tasks.purge()
    assert account.deleted == [recording.sid]


def test_who_is_killed_between_the_file_and_its_row_leaves_nothing_half_done(account):
    recording = deleted(account)
    default_storage.delete(name_of(recording))
    claimed = purging.claim_discards(limit=10, at=AT)

    assert purging.claim_discards(limit=10, at=AT) == []
    assert purging.claim_purges(limit=10, at=AT) == []
    again = purging.claim_discards(limit=10, at=AT + purging.LEASE)

    assert [row.pk for row in again] == [row.pk for row in claimed]


def test_a_file_that_was_made_anew_meanwhile_stays(account):
    recording = make_stored()
    redacted = make_copy(recording, kind=CopyKind.REDACTED)
    deleting.delete_redacted([recording.pk], at=AT)
    make_copy(recording, kind=CopyKind.REDACTED)

    tasks.purge()

    assert default_storage.exists(redacted.name)
    assert not Discard.objects.exists()
    assert account.asked == []


def test_while_a_worker_brings_a_recording_in_its_files_wait(account):
    recording = make_stored()
    Recording.objects.filter(pk=recording.pk).update(leased_until=AT + timedelta(seconds=60))
    deleting.delete_recordings([recording.pk], deleted_for="test", at=AT)

    assert purging.claim_discards(limit=10, at=AT) == []
    assert purging.claim_purges(limit=10, at=AT) == []
    assert len(purging.claim_discards(limit=10, at=AT + timedelta(seconds=60))) == 1


def test_pauses_grow_and_stay_below_a_quarter_of_a_day():
    pauses = [purging.pause_after(attempts) for attempts in (0, 1, 2, 3, 30, 300)]

    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 1, 2, 4)]
    assert pauses[4:] == [timedelta(hours=6)] * 2


def test_a_recording_without_a_file_goes_at_twilio(account):
    recording = make_recording()
    account.recording(recording.sid)
    deleting.delete_recordings([recording.pk], deleted_for="test", at=AT)

    tasks.purge()

    assert account.deleted == [recording.sid]
    assert not Copy.objects.exists()
