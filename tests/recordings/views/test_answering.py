"""A provider that sends its text when that is ready, on loopback."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from recordings import actions, transcribing
from recordings.actions.deleting import delete_transcripts
from recordings.models import Recording, Transcript
from recordings.speech import transcript as texts
from recordings.states import State, TranscriptState
from tests.recordings.speaking import CARD, HARMLESS, TELLING, current, waiting, work
from tests.recordings.speech.servers import Answer, Server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def address(deepgram: Server) -> str:
    (url,) = deepgram.asked[-1].query["callback"]
    assert url.startswith("https://contact.example.com/transcripts/")
    return url.removeprefix("https://contact.example.com")


def post(path: str, body: Any) -> int:
    return Client().post(path, json.dumps(body), content_type="application/json").status_code


def test_a_provider_that_answers_later_is_waited_for(
    later: Server, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    recording = work(waiting(tmp_path))
    asked = Transcript.objects.get()
    assert (recording.state, recording.stage, recording.leased_until) == (State.STORED, "transcribe", None)
    assert recording.retry_at is not None
    assert (asked.state, asked.is_current, asked.request_id, asked.original) == ("asked", False, "r-1", None)
    work(recording)
    assert len(later.asked) == 1

    with django_capture_on_commit_callbacks(execute=True):
        assert post(address(later), TELLING) == 204

    recording.refresh_from_db()
    made = current(recording)
    assert (recording.state, recording.stage, recording.retry_at) == (State.INDEXED, "", None)
    assert (made.pk, made.state, made.segments[1]["text"]) == (asked.pk, "written", "It is [card number]")
    assert texts.from_json(transcribing.original_of(made).decode()).segments[1].text == f"It is {CARD}"


def test_the_answer_counts_once(later: Server, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    recording = work(waiting(tmp_path))
    other = deepcopy(HARMLESS)
    other["results"]["utterances"] = []

    with django_capture_on_commit_callbacks(execute=True):
        assert post(address(later), HARMLESS) == 204
        assert post(address(later), other) == 204
    with django_capture_on_commit_callbacks(execute=True) as afterwards:
        assert post(address(later), other) == 204

    assert afterwards == []
    assert len(current(recording).segments) == 2
    assert len(later.asked) == 1


def test_an_answer_may_come_while_we_still_ask(later: Server, tmp_path: Path) -> None:
    recording = waiting(tmp_path)
    claim = actions.claim_stage(recording.pk, at=timezone.now())
    assert claim is not None
    asked = actions.note_asking(claim, provider="deepgram", at=timezone.now())
    assert asked is not None

    assert actions.take_answer(asked.pk, json.dumps(HARMLESS).encode(), at=timezone.now()) == recording.pk
    assert actions.note_asked(claim, asked, request_id="r-1", at=timezone.now())

    assert work(recording).state == State.INDEXED
    assert later.asked == []


@pytest.mark.parametrize("token", ["0" * 64, "x"])
def test_nobody_else_can_send_a_text(later: Server, tmp_path: Path, token: str) -> None:
    work(waiting(tmp_path))
    ours = address(later)

    assert post(ours.rsplit("/", 1)[0] + f"/{token}", HARMLESS) == 403
    assert Client().get(ours).status_code == 405
    assert Transcript.objects.get().state == TranscriptState.ASKED


def test_without_a_secret_no_address_is_ours(later: Server, settings: Any, tmp_path: Path) -> None:
    work(waiting(tmp_path))
    settings.TRANSCRIPTION_WEBHOOK_SECRET = ""

    assert post(address(later), HARMLESS) == 403


def test_what_is_too_large_is_refused(later: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work(waiting(tmp_path))
    monkeypatch.setattr("recordings.views.answering.MOST", 10)

    assert post(address(later), HARMLESS) == 413


def test_a_text_that_comes_too_late_is_forgotten(later: Server, tmp_path: Path) -> None:
    recording = work(waiting(tmp_path))
    late = address(later)

    Recording.objects.update(retry_at=timezone.now())
    work(recording)
    assert "did not come in time" in recording.failure
    assert not Transcript.objects.exists()
    assert post(late, HARMLESS) == 204
    assert not Transcript.objects.exists()

    Recording.objects.update(retry_at=timezone.now())
    work(recording)
    assert len(later.asked) == 2
    assert address(later) != late


def test_an_answer_that_is_no_transcript_is_asked_for_again(
    later: Server, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    recording = work(waiting(tmp_path))

    with django_capture_on_commit_callbacks(execute=True):
        assert post(address(later), {"no": "transcript"}) == 204

    recording.refresh_from_db()
    assert "no transcript" in recording.failure
    assert not Transcript.objects.exists()


def test_a_provider_that_does_not_take_the_sound_leaves_nothing(later: Server, tmp_path: Path) -> None:
    later.answer(Answer(status=500))

    recording = work(waiting(tmp_path))

    assert recording.is_failing
    assert not Transcript.objects.exists()


def test_a_deleted_recording_takes_no_text(later: Server, tmp_path: Path) -> None:
    recording = work(waiting(tmp_path))
    delete_transcripts([recording.pk])

    assert post(address(later), HARMLESS) == 204
    assert not Transcript.objects.exists()
