"""The command by which one key takes over from another."""

import base64
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from messaging import files
from messaging.actions import keeping
from messaging.models import Media, Thread
from recordings import actions, vault
from recordings.models import Copy, Transcript
from recordings.states import State
from tests.messaging.factories import make_media, make_received
from tests.recordings.factories import make_copy, make_recording, make_stored, sound_of, wav

pytestmark = pytest.mark.django_db


def written(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


OLD, NEW = f"2025:{written(1)}", f"2026:{written(2)}"


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.RECORDINGS_KEYS = OLD


def run(*arguments: str) -> str:
    told, trouble = StringIO(), StringIO()
    try:
        call_command("rewrap_recordings", *arguments, stdout=told, stderr=trouble)
    except CommandError as error:
        return f"{trouble.getvalue()}{told.getvalue()}{error}"
    return told.getvalue()


def make_transcript(text: bytes = b"what was said") -> Transcript:
    now = timezone.now()
    transcript = Transcript(recording=make_stored(), provider="echo", made_at=now, recorded_at=now)
    transcript.original, transcript.original_key = vault.seal(text, context=transcript.context)
    transcript.save()
    return transcript


def test_all_is_wrapped_anew_and_the_old_key_may_go(settings: Any) -> None:
    recordings, transcript = [make_stored(wav(1)) for _ in range(5)], make_transcript()
    files = [Path(default_storage.path(row.copies.get().name)) for row in recordings]
    before = [file.read_bytes() for file in files]
    settings.RECORDINGS_KEYS = f"{NEW},{OLD}"

    told = run("--batch", "2")

    assert "The key 2026 has taken over: copies 6, transcripts 1, texted media 0." in told
    assert "needed no more" in told
    assert [file.read_bytes() for file in files] == before
    settings.RECORDINGS_KEYS = NEW
    assert all(sound_of(recording) == wav(1) for recording in recordings)
    transcript.refresh_from_db()
    assert vault.unseal(bytes(transcript.original or b""), transcript.original_key, context=transcript.context) == (
        b"what was said"
    )


def make_stored_media(content: bytes = b"a picture") -> Media:
    media, now = make_media(make_received(Thread.objects.first()), leased_until=timezone.now()), timezone.now()
    assert keeping.note_stored(media, files.store(media, content), content_type="image/png", at=now)
    media.refresh_from_db()
    return media


def test_what_was_texted_is_wrapped_anew_by_the_same_command(settings: Any) -> None:
    make_stored(wav(1))
    pictures = [make_stored_media(f"picture {number}".encode()) for number in range(3)]
    on_its_way = make_media(make_received(Thread.objects.get()))
    settings.RECORDINGS_KEYS = f"{NEW},{OLD}"

    told = run("--batch", "2")

    assert "The key 2026 has taken over: copies 1, transcripts 0, texted media 3." in told
    assert "needed no more" in told
    settings.RECORDINGS_KEYS = NEW
    for number, picture in enumerate(pictures):
        picture.refresh_from_db()
        assert files.read(picture) == f"picture {number}".encode()
    on_its_way.refresh_from_db()
    assert on_its_way.key_id == ""


def test_what_was_texted_and_cannot_be_opened_is_told_and_left_as_it_is(settings: Any) -> None:
    picture = make_stored_media()
    settings.RECORDINGS_KEYS = NEW

    told = run()

    assert f"Media {picture.pk}: the key 2025 is not in RECORDINGS_KEYS" in told
    assert "1 could not be opened" in told
    settings.RECORDINGS_KEYS = OLD
    picture.refresh_from_db()
    assert files.read(picture) == b"a picture"


def test_it_can_be_stopped_and_begun_again(settings: Any) -> None:
    for _ in range(3):
        make_stored(wav(1))
    settings.RECORDINGS_KEYS = f"{NEW},{OLD}"

    next(actions.rewrap(batch=2))
    assert Copy.objects.filter(key_id="2026").count() == 2

    assert "has taken over: copies 1," in run()
    assert "has taken over: copies 0," in run()


def test_what_cannot_be_opened_is_told_and_left_as_it_is(settings: Any) -> None:
    recording = make_stored(wav(1))
    settings.RECORDINGS_KEYS = NEW

    told = run()

    assert f"original of {recording.pk}: the key 2025 is not in RECORDINGS_KEYS" in told
    assert "1 could not be opened" in told
    settings.RECORDINGS_KEYS = OLD
    assert sound_of(recording) == wav(1)


def test_what_is_on_its_way_keeps_its_key_until_it_is_stored(settings: Any) -> None:
    make_copy(make_recording(state=State.VERIFIED), wav(1))
    settings.RECORDINGS_KEYS = f"{NEW},{OLD}"

    assert "On their way into the storage: 1. Run this again" in run()
    assert Copy.objects.get().key_id == "2025"


def test_what_is_not_sealed_stays_so(settings: Any) -> None:
    settings.RECORDINGS_KEYS = ""
    recording = make_stored(wav(1))
    settings.RECORDINGS_KEYS = NEW

    assert "has taken over: copies 0," in run()
    assert sound_of(recording) == wav(1)


def test_without_keys_there_is_nothing_to_do(settings: Any) -> None:
    settings.RECORDINGS_KEYS = ""

    assert "RECORDINGS_KEYS is not set" in run()
