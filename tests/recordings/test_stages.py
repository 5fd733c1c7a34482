"""From stored sound to text that is read, with a provider on loopback in the place of the real one."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.files.storage import default_storage
from django.utils import timezone

from queues.models import Queue
from recordings import actions, audio, spool, transcribing
from recordings.actions.deleting import delete_transcripts
from recordings.models import Recording, Transcript
from recordings.speech import transcript as texts
from recordings.states import CopyKind, State
from tests.compliance.keepers import make_hold
from tests.recordings.factories import make_recording, make_stored, sound_of
from tests.recordings.speaking import CARD, HARMLESS, TELLING, answer, current, loud, utterance, waiting, work
from tests.recordings.speech.servers import Answer, Server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def statuses(recording: Recording) -> list[str]:
    assert recording.call is not None
    return [event.data["status"] for event in recording.call.events.order_by("pk")]


def test_what_was_said_is_written_down_and_found(deepgram: Server, tmp_path: Path) -> None:
    queue = Queue.objects.create(name="Support")
    recording = work(waiting(tmp_path, queue=queue))

    made = current(recording)
    assert (recording.state, recording.stage, recording.failure) == (State.INDEXED, "", "")
    assert [(entry["speaker"], entry["text"]) for entry in made.segments] == [
        ("customer", "Where is my order"),
        ("Ann", "It is coming"),
    ]
    assert made.segments[0] | {"text": ""} == {
        "start": 0, "end": 1.0, "speaker": "customer", "text": "", "confidence": 0.9
    }  # fmt: skip
    assert (made.provider, made.version, made.language, made.language_detected) == ("deepgram", "nova-3 1", "en", True)
    assert (str(made.cost), made.currency, made.confidence) == ("0.00860", "EUR", pytest.approx(0.9))
    assert (made.queue, made.findings, made.text) == (queue, [], "Where is my order\nIt is coming")
    assert statuses(recording) == ["transcribed"]
    assert [copy.kind for copy in recording.copies.all()] == ["original"]
    for query in (SearchQuery("orders", config="english"), SearchQuery("order", config="simple")):
        assert list(Transcript.objects.filter(search=query)) == [made]
    assert not Transcript.objects.filter(search=SearchQuery("invoice", config="english")).exists()


def test_the_original_lies_sealed_and_whole(deepgram: Server, tmp_path: Path) -> None:
    deepgram.answer(Answer(body=TELLING))

    made = current(work(waiting(tmp_path)))

    assert b"4111" not in bytes(made.original or b"")
    whole = texts.from_json(transcribing.original_of(made).decode())
    assert whole.segments[1].text == f"It is {CARD}"
    assert len(whole.segments[1].words) == 6


def test_what_must_not_be_read_or_heard_is_hidden_and_silent(deepgram: Server, tmp_path: Path) -> None:
    deepgram.answer(Answer(body=TELLING))

    recording = work(waiting(tmp_path))

    made = current(recording)
    assert recording.hides
    assert made.segments[1]["text"] == "It is [card number]"
    assert "4111" not in json.dumps(made.segments) + made.text
    assert [(found["kind"], found["speaker"]) for found in made.findings] == [("card number", "customer")]
    assert not Transcript.objects.filter(search=SearchQuery("4111", config="simple")).exists()
    path = tmp_path / "heard.wav"
    path.write_bytes(sound_of(recording, CopyKind.REDACTED))
    begin, end = made.findings[0]["start"], made.findings[0]["end"]
    samples = np.concatenate(list(audio.blocks(path)))
    spoken = samples[int(begin * 8000) : int(end * 8000)]
    assert not spoken[:, 0].any()
    assert spoken[:, 1].all()  # what the other side says meanwhile is heard
    assert samples[:8000].all()
    assert sound_of(recording) == loud(tmp_path)
    assert recording.copies.get(kind=CopyKind.REDACTED).seconds == pytest.approx(
        recording.copies.get(kind="original").seconds
    )
    assert list(spool.folder().iterdir()) == []


def test_on_one_channel_everybody_is_silent(deepgram: Server, tmp_path: Path) -> None:
    told = answer(utterance("What is your card number", start=0, channel=0), utterance(CARD, start=2, channel=0))
    deepgram.answer(Answer(body=told))

    recording = work(waiting(tmp_path, channels=1, speakers=["customer and Ann"]))

    assert recording.state == State.INDEXED
    assert {entry["speaker"] for entry in current(recording).segments} == {"customer and Ann"}
    assert recording.copies.filter(kind=CopyKind.REDACTED).exists()


def test_the_language_of_the_call_is_told_to_the_provider(deepgram: Server, tmp_path: Path) -> None:
    work(waiting(tmp_path, language="de-DE"))

    assert deepgram.asked[0].query["language"] == ["de-DE"]


@pytest.mark.parametrize(
    ("told", "words", "again"),
    [
        (Answer(status=401), "does not accept TRANSCRIPTION_API_KEY", True),
        (Answer(status=500), "", True),
        (Answer(body="<html>"), "", True),
        (Answer(body={"results": {}}), "no transcript", True),
        (Answer(status=400), "", False),
        (Answer(delay=3), "", True),
    ],
    ids=["denied", "broken", "no JSON", "no transcript", "unusable", "slow"],
)
def test_what_a_provider_cannot_do_is_told_and_tried_again_where_that_helps(
    deepgram: Server, tmp_path: Path, told: Answer, words: str, again: bool
) -> None:
    deepgram.answer(told)

    recording = work(waiting(tmp_path))

    assert (recording.state, recording.stage) == (State.STORED, "transcribe")
    assert words in recording.failure
    assert recording.failure
    assert (recording.retry_at is not None) is again
    deepgram.answer(Answer(body=HARMLESS))
    assert actions.retry(recording, at=timezone.now())
    assert work(recording).state == State.INDEXED


def test_a_provider_that_is_busy_is_left_alone_for_as_long_as_it_says(deepgram: Server, tmp_path: Path) -> None:
    deepgram.answer(Answer(status=429, headers={"Retry-After": "900"}))

    recording = work(waiting(tmp_path))

    assert recording.retry_at is not None
    assert recording.retry_at > timezone.now() + timedelta(seconds=800)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"TRANSCRIPTION_PROVIDER": "whisper"}, "must be one of"),
        ({"TRANSCRIPTION_API_KEY": ""}, "TRANSCRIPTION_API_KEY is not set"),
        ({"TRANSCRIPTION_API_URL": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_a_provider_that_is_set_up_wrong_or_away_is_told_of(
    deepgram: Server, settings: Any, tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    recording = work(waiting(tmp_path))

    assert words in recording.failure
    assert recording.retry_at is not None
    assert recording.is_here


def test_each_queue_may_have_its_own_provider(deepgram: Server, tmp_path: Path) -> None:
    queue = Queue.objects.create(name="Support", transcription="nobody")

    assert "'nobody'" in work(waiting(tmp_path, queue=queue)).failure


def test_another_provider_is_asked_and_the_first_text_is_shown_until_then(deepgram: Server, tmp_path: Path) -> None:
    deepgram.answer(Answer(body=TELLING))
    recording = work(waiting(tmp_path))
    first = current(recording)
    deepgram.answer(Answer(body=HARMLESS))

    assert actions.transcribe_again(recording, provider="deepgram", at=timezone.now())

    assert (recording.state, recording.stage, current(recording)) == (State.INDEXED, "transcribe", first)
    work(recording)
    second = current(recording)
    assert (recording.state, recording.stage, recording.transcriber) == (State.INDEXED, "", "deepgram")
    assert not recording.hides
    assert second.pk != first.pk
    assert second.findings == []
    assert Transcript.objects.filter(recording=recording).count() == 2
    assert [copy.kind for copy in recording.copies.all()] == ["original"]
    assert list(Transcript.objects.filter(search=SearchQuery("order", config="simple"))) == [second]
    assert statuses(recording) == ["transcribed"]


def test_nobody_is_asked_again_where_there_is_no_sound_or_somebody_works(deepgram: Server, tmp_path: Path) -> None:
    busy = waiting(tmp_path, leased_until=timezone.now() + timedelta(seconds=9))

    assert not actions.transcribe_again(make_recording(state=State.READY), provider="x", at=timezone.now())
    assert not actions.transcribe_again(busy, provider="x", at=timezone.now())
    settled = make_stored()
    assert actions.transcribe_again(settled, provider="x", at=timezone.now())
    assert (settled.state, settled.stage, settled.transcribes) == (State.STORED, "transcribe", True)


def test_what_waits_to_be_deleted_at_twilio_is_transcribed_after_that(tmp_path: Path) -> None:
    recording = make_stored(clears=True)

    assert actions.transcribe_again(recording, provider="deepgram", at=timezone.now())

    assert (recording.stage, recording.transcribes) == ("clear", True)


@pytest.mark.parametrize("state", [State.TRANSCRIBED, State.REDACTED])
def test_work_whose_transcript_was_deleted_comes_to_rest(deepgram: Server, tmp_path: Path, state: State) -> None:
    recording = waiting(tmp_path, state=state)
    delete_transcripts([recording.pk])

    work(recording)

    assert (recording.state, recording.stage, recording.leased_until) == (state, "", None)


def test_a_worker_that_is_killed_between_text_and_redaction_asks_nobody_twice(deepgram: Server, tmp_path: Path) -> None:
    recording = waiting(tmp_path)
    claim = actions.claim_stage(recording.pk, at=timezone.now())
    assert claim is not None
    written = texts.Transcript((), "en", "deepgram", "1")
    assert actions.note_transcribed(claim, written, at=timezone.now())
    assert not Transcript.objects.filter(is_current=True).exists()
    Recording.objects.update(leased_until=timezone.now())

    work(recording)

    assert recording.state == State.INDEXED
    assert deepgram.asked == []


def test_whoever_has_lost_the_claim_writes_nothing_down(deepgram: Server, tmp_path: Path) -> None:
    recording = waiting(tmp_path)
    lost = actions.claim_stage(recording.pk, at=timezone.now())
    assert lost is not None
    Recording.objects.update(leased_until=timezone.now())
    written = texts.Transcript((), "en", "deepgram", "1")

    assert actions.note_transcribed(lost, written, at=timezone.now()) is False
    assert actions.note_asking(lost, provider="deepgram", at=timezone.now()) is None
    assert not Transcript.objects.exists()


def test_sound_that_is_gone_from_the_storage_is_told_of(deepgram: Server, tmp_path: Path) -> None:
    recording = waiting(tmp_path, state=State.CLEARED)
    default_storage.delete(recording.copies.get().name)

    work(recording)

    assert (recording.state, recording.failure) == (State.CLEARED, "our storage does not have the file")


def test_a_try_that_failed_is_made_again_under_a_legal_hold(deepgram: Server, tmp_path: Path, settings: Any) -> None:
    settings.TRANSCRIPTION_WEBHOOK_SECRET = "s3cret"
    recording = waiting(tmp_path)
    make_hold(caller="", call=recording.call)
    deepgram.answer(Answer(status=500))
    work(recording)
    assert recording.failure != ""
    assert not Transcript.objects.filter(recording=recording).exists()

    settings.TRANSCRIPTION_WEBHOOK_SECRET = ""
    deepgram.answer(Answer(body=HARMLESS))
    actions.retry(recording, at=timezone.now())

    assert current(work(recording)).text == "Where is my order\nIt is coming"


def test_a_new_text_replaces_the_silenced_sound_under_a_legal_hold(deepgram: Server, tmp_path: Path) -> None:
    deepgram.answer(Answer(body=TELLING))
    recording = work(waiting(tmp_path))
    first = current(recording)
    make_hold(caller="", call=recording.call)

    deepgram.answer(Answer(body=HARMLESS))
    assert actions.transcribe_again(recording, provider="deepgram", at=timezone.now())
    work(recording)

    assert (recording.state, recording.stage, recording.failure) == (State.INDEXED, "", "")
    assert current(recording).text == "Where is my order\nIt is coming"
    assert Transcript.objects.filter(pk=first.pk, text__contains="[card number]").exists()
