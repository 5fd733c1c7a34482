"""A recording becomes text that may be read and sound that may be heard, whenever whoever works on it is killed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from recordings import tasks
from recordings.models import Recording, Transcript
from recordings.states import CopyKind, State
from tests.recordings.factories import sound_of
from tests.recordings.speaking import TELLING, waiting
from tests.recordings.speech.servers import Answer, Server, server
from tests.scenarios import knife

pytestmark = pytest.mark.django_db

SLICES = 3


@pytest.fixture(autouse=True)
def deepgram(settings: Any, tmp_path: Path) -> Iterator[Server]:
    settings.DATA_DIR = tmp_path
    settings.TWILIO_API_BASE_URL = "http://twilio.test"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "tests.scenarios.knife.Storage",
            "OPTIONS": {"location": tmp_path / "media", "allow_overwrite": True},
        }
    }
    with server() as made:
        settings.TRANSCRIPTION_PROVIDER, settings.TRANSCRIPTION_API_KEY = "deepgram", "k3y"
        settings.TRANSCRIPTION_API_URL, settings.TRANSCRIPTION_WEBHOOK_SECRET = made.url, ""
        made.answer(Answer(body=TELLING))
        yield made


def is_readable(recording: Recording) -> bool:
    recording.refresh_from_db()
    made = Transcript.objects.get(recording=recording)
    return (
        (recording.state, recording.stage, recording.failure) == (State.INDEXED, "", "")
        and (made.is_current, made.segments[1]["text"], len(made.findings)) == (True, "It is [card number]", 1)
        and made.search is not None
        and len(sound_of(recording, CopyKind.REDACTED)) == len(sound_of(recording))
    )


def swept(recording: Recording, times: int = 2) -> None:
    """Let the claim of whoever was killed run out, and the sweep find what was left behind."""
    for _ in range(times):
        Recording.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now() - timedelta(seconds=1))
        tasks.sweep()


@pytest.mark.parametrize("first", range(SLICES))
def test_a_worker_is_killed_at_any_moment_and_another_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    for at in count(first, SLICES):
        before = transaction.savepoint()
        recording = waiting(tmp_path)

        with knife.drawn(at, monkeypatch) as drawn, suppress(knife.Killed):
            tasks.work(str(recording.pk))
        if drawn.killed:
            swept(recording)

        assert is_readable(recording), f"after being killed {drawn.moments[-1]}"
        if not drawn.killed:
            assert len(drawn.moments) > 40
            break
        transaction.savepoint_rollback(before)
