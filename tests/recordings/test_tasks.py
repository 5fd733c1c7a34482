import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from contactcenter.celery import app
from recordings import actions, files, spool, tasks
from recordings.models import MissedCall, Recording, Voicemail
from recordings.states import CopyKind, State
from telephony import client
from tests.at_once import at_once
from tests.calls.factories import make_call
from tests.recordings.factories import (
    make_mailbox,
    make_recording,
    make_stored,
    make_transcript,
    make_voicemail,
    sound_of,
    wav,
)
from tests.scripted import Scripted, twilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    with twilio() as script:
        yield script


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_a_recording_is_fetched_into_our_storage(script: Scripted) -> None:
    recording, sound = make_recording(state=State.READY), wav(3)
    script.answer(f"/Recordings/{recording.sid}.wav", 200, sound)

    tasks.work(str(recording.pk))

    recording.refresh_from_db()
    copy = recording.copies.get()
    assert (recording.state, recording.stage, recording.leased_until, recording.channels) == ("stored", "", None, 1)
    assert (copy.size, copy.sha256, copy.seconds) == (len(sound), hashlib.sha256(sound).hexdigest(), 3)
    assert sound_of(recording) == sound
    assert list(spool.folder().iterdir()) == []


def test_at_twilio_it_is_deleted_where_that_is_wanted(script: Scripted) -> None:
    recording = make_recording(state=State.READY, clears=True)
    script.answer(".wav", 200, wav(3))
    script.answer("DELETE .json", 204, b"")
    script.refuse(".json")

    tasks.work(str(recording.pk))

    recording.refresh_from_db()
    assert (recording.state, recording.cleared_at is not None) == (State.CLEARED, True)
    statuses = [event.data["status"] for event in recording.call.events.order_by("pk")]
    assert statuses == ["stored", "cleared"]


def test_working_twice_works_once(script: Scripted) -> None:
    recording = make_recording(state=State.READY)
    script.answer(".wav", 200, wav(3))

    tasks.work(str(recording.pk))
    tasks.work(str(recording.pk))

    assert len(script.requests) == 1


def test_a_failure_is_told_in_words_and_tried_again_by_the_sweep(script: Scripted) -> None:
    recording = make_recording(state=State.READY)

    tasks.work(str(recording.pk))

    recording.refresh_from_db()
    assert (recording.state, recording.is_failing) == (State.READY, True)
    assert recording.failure == "Twilio is in trouble (503)"
    assert recording.retry_at is not None

    script.answer(".wav", 200, wav(3))
    tasks.sweep()
    recording.refresh_from_db()
    assert recording.state == State.READY  # its time has not come

    Recording.objects.update(retry_at=timezone.now())
    tasks.sweep()
    recording.refresh_from_db()
    assert (recording.state, recording.failure, recording.attempts) == (State.STORED, "", 0)


def test_the_work_of_a_killed_worker_is_picked_up_and_written_over(script: Scripted) -> None:
    recording = make_recording(state=State.READY, leased_until=timezone.now() + timedelta(seconds=30), attempts=1)
    default_storage.save(files.name_of(recording, CopyKind.ORIGINAL), ContentFile(b"half of it"))
    script.answer(".wav", 200, wav(3))

    tasks.sweep()
    recording.refresh_from_db()
    assert recording.state == State.READY

    Recording.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    recording.refresh_from_db()
    assert recording.state == State.STORED
    assert sound_of(recording) == wav(3)


def test_a_storage_that_fails_is_told_of_and_the_fetched_waits_in_the_spool(
    script: Scripted, settings: Any, tmp_path: Path
) -> None:
    recording = make_recording(state=State.READY)
    script.answer(".wav", 200, wav(3))
    blocked = tmp_path / "a-file-where-a-folder-should-be"
    blocked.write_text("")
    working = settings.STORAGES
    settings.STORAGES = working | {
        "default": {"BACKEND": "recordings.storage.Folder", "OPTIONS": {"location": blocked, "allow_overwrite": True}}
    }

    tasks.work(str(recording.pk))

    recording.refresh_from_db()
    assert (recording.state, recording.stage) == (State.VERIFIED, "store")
    assert "our storage does not do its part: NotADirectoryError" in recording.failure

    settings.STORAGES = working
    assert actions.retry(recording, at=timezone.now())
    tasks.sweep()
    recording.refresh_from_db()
    assert (recording.state, len(script.requests)) == (State.STORED, 1)


def test_when_one_is_done_the_next_that_waits_is_worked_on(script: Scripted, settings: Any) -> None:
    settings.RECORDING_FETCHES = 1
    recordings = [make_recording(state=State.READY) for _ in range(3)]
    script.answer(".wav", 200, wav(3))

    tasks.work(str(recordings[0].pk))

    assert set(Recording.objects.values_list("state", flat=True)) == {State.STORED}


def test_the_work_goes_to_workers_of_its_own() -> None:
    for task in (tasks.work, tasks.tidy_spool):
        assert app.amqp.router.route({}, task.name)["queue"].name == "media"
    assert "queue" not in app.amqp.router.route({}, tasks.sweep.name) or (
        app.amqp.router.route({}, tasks.sweep.name)["queue"].name == "celery"
    )


def test_what_was_left_in_the_spool_is_removed_and_what_is_waited_for_stays() -> None:
    waited, done = make_recording(state=State.VERIFIED), make_recording(state=State.STORED)
    names = [f"{waited.pk}.aa", f"{done.pk}.bb", f".{waited.pk}.aa.cc", ".plain-x", "README", f"{uuid4()}.dd"]
    for name in names:
        path = spool.folder() / name
        path.write_text("")
        os.utime(path, (0, 0))
    fresh = spool.folder() / f"{done.pk}.ee"
    fresh.write_text("")

    tasks.tidy_spool()

    assert {path.name for path in spool.folder().iterdir()} == {f"{waited.pk}.aa", "README", fresh.name}


def test_a_recording_whose_callback_was_lost_is_asked_for_and_fetched(script: Scripted) -> None:
    recording = make_recording(announced_at=timezone.now() - timedelta(minutes=5), seconds=None)
    script.answer(
        f"/{recording.sid}.json",
        200,
        {"sid": recording.sid, "call_sid": recording.call.sid, "status": "completed", "duration": "3", "channels": 1},
    )
    script.answer(".wav", 200, wav(3))

    tasks.sweep()

    recording.refresh_from_db()
    assert (recording.state, recording.seconds) == (State.STORED, 3)


def test_a_recording_that_still_runs_is_left_alone(script: Scripted) -> None:
    recording = make_recording(announced_at=timezone.now() - timedelta(minutes=5))
    script.answer(".json", 200, {"sid": recording.sid, "status": "in-progress"})

    tasks.sweep()

    recording.refresh_from_db()
    assert recording.state == State.ANNOUNCED


@pytest.mark.parametrize(("age", "state"), [(5, State.ANNOUNCED), (45, State.ABSENT)])
def test_a_recording_that_twilio_does_not_know_is_absent_after_a_while(
    script: Scripted, age: int, state: State
) -> None:
    recording = make_recording(announced_at=timezone.now() - timedelta(minutes=age))
    script.refuse(".json")

    tasks.sweep()

    recording.refresh_from_db()
    assert recording.state == state


def test_addressees_are_told_once_of_a_voicemail_that_can_be_heard(script: Scripted) -> None:
    mailbox = make_mailbox(addressees="ann@example.com\nbob@example.com")
    voicemail = make_voicemail(
        mailbox, make_recording(state=State.READY, call=make_call(from_number="+14155550123")), left_at=timezone.now()
    )
    script.answer(".wav", 200, wav(3))

    tasks.sweep()
    tasks.sweep()

    (message,) = mail.outbox
    voicemail.refresh_from_db()
    assert voicemail.told_at is not None
    assert message.to == ["ann@example.com", "bob@example.com"]
    assert message.subject == "New voicemail in Sales"
    assert f"/admin/recordings/voicemail/{voicemail.pk}/change/" in message.body
    assert "415" not in message.body + message.subject
    assert message.attachments == []


def test_a_voicemail_whose_audio_is_late_is_told_of_all_the_same() -> None:
    mailbox = make_mailbox(addressees="ann@example.com")
    fresh, late = (
        make_voicemail(
            mailbox,
            make_recording(state=State.READY, failure="no audio"),
            left_at=timezone.now() - timedelta(minutes=minutes),
        )
        for minutes in (1, 11)
    )

    tasks.sweep()

    fresh.refresh_from_db()
    late.refresh_from_db()
    assert (fresh.told_at, late.told_at is not None, len(mail.outbox)) == (None, True, 1)


def test_an_e_mail_with_the_transcript_waits_for_it_and_not_for_ever() -> None:
    mailbox = make_mailbox(addressees="ann@example.com", tells_transcript=True)

    def left(minutes: float, **fields: Any) -> Voicemail:
        recording = make_stored(**({"transcribes": True, "stage": ""} | fields))
        return make_voicemail(mailbox, recording, left_at=timezone.now() - timedelta(minutes=minutes))

    waits, made, late, never = left(1), left(1), left(5.1), left(1, transcribes=False)
    make_transcript(made, "Please call me.")

    tasks.sweep()

    told = {voicemail.pk for voicemail in Voicemail.objects.exclude(told_at=None)}
    assert told == {made.pk, late.pk, never.pk}
    bodies = sorted(str(message.body).split("\n\n")[1] for message in mail.outbox)
    assert bodies[0].startswith("What was said is not here as text.")
    assert "What was said, as a machine understood it:" in bodies
    make_transcript(waits, "Here it is.")
    tasks.tell_of_voicemail(str(waits.pk))
    assert "Here it is." in mail.outbox[-1].body


def test_an_e_mail_that_fails_is_sent_later(settings: Any) -> None:
    voicemail = make_voicemail(
        make_mailbox(addressees="ann@example.com"), make_stored(), left_at=timezone.now() - timedelta(minutes=3)
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there

    tasks.tell_of_voicemail(str(voicemail.pk))

    voicemail.refresh_from_db()
    assert voicemail.told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.sweep()
    assert mail.outbox == []  # the claim has not run out
    voicemail.telling_until = timezone.now()
    voicemail.save()
    tasks.sweep()
    assert len(mail.outbox) == 1


def test_nobody_is_told_of_what_is_long_past_or_has_no_addressees() -> None:
    make_voicemail(
        make_mailbox("Old", addressees="ann@example.com"), make_stored(), left_at=timezone.now() - timedelta(days=2)
    )
    make_voicemail(make_mailbox("Nobody"), make_stored(), left_at=timezone.now())

    tasks.sweep()

    assert mail.outbox == []


@pytest.mark.parametrize("wanted", [True, False])
def test_missed_calls_are_told_of_where_that_is_wanted(wanted: bool) -> None:
    mailbox = make_mailbox(addressees="ann@example.com", tell_missed=wanted)
    call = make_call()
    actions.note_missed(mailbox.pk, call.pk, at=timezone.now() - timedelta(minutes=2))

    tasks.sweep()
    tasks.sweep()

    assert [message.subject for message in mail.outbox] == (["Missed call at Sales"] if wanted else [])
    assert (MissedCall.objects.get().told_at is not None) is wanted
    if wanted:
        assert f"/admin/calls/call/{call.pk}/change/" in mail.outbox[0].body


def test_a_call_missed_just_now_is_not_told_of_yet_because_a_message_may_come() -> None:
    mailbox, call = make_mailbox(addressees="ann@example.com", tell_missed=True), make_call()
    actions.presume_missed(mailbox.pk, call.pk, at=timezone.now())

    tasks.sweep()
    assert mail.outbox == []

    actions.take_voicemail(mailbox.pk, call.pk, "RE" + "4" * 32, seconds=5, language="en-US", at=timezone.now())
    assert not MissedCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_fetch_once(script: Scripted) -> None:
    recording = make_recording(state=State.READY)
    script.answer(".wav", 200, wav(3))

    at_once(*[lambda: tasks.work(str(recording.pk))] * 4)

    recording.refresh_from_db()
    assert (recording.state, len(script.requests)) == (State.STORED, 1)
