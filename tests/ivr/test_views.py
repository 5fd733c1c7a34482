from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from ivr.models import Audio
from tests.ivr.rows import AT
from tests.recordings.factories import wav

pytestmark = pytest.mark.django_db

HASH = "ab" * 32


@pytest.fixture
def sound() -> bytes:
    content = wav(1)
    audio = Audio(sha256=HASH, name="Chime", seconds=1, uploaded_at=AT)
    audio.file.save(f"prompts/{HASH}.wav", ContentFile(content))
    return content


def test_a_sound_is_served_for_a_year(client: Client, sound: bytes) -> None:
    response = client.get(f"/prompts/{HASH}")

    assert response.getvalue() == sound  # type: ignore[attr-defined]  # of a file's response
    response.close()
    assert response["Content-Type"] == "audio/wav"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Length"] == str(len(sound))


def test_who_has_it_already_is_told_so_without_the_sound(client: Client, sound: bytes) -> None:
    whole = client.get(f"/prompts/{HASH}")
    etag = whole["ETag"]
    whole.close()

    response = client.get(f"/prompts/{HASH}", headers={"If-None-Match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_an_unknown_hash_is_404(client: Client) -> None:
    assert client.get(f"/prompts/{HASH}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_sounds_are_only_read(client: Client, sound: bytes, method: Any) -> None:
    assert getattr(client, method)(f"/prompts/{HASH}").status_code == 405
