"""What people have texted lies sealed in our storage, and is the same when it is read."""

import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from messaging import files
from recordings.files import Missing, StorageFailed
from recordings.vault import Damaged, Unreadable
from tests.messaging.factories import make_media

pytestmark = pytest.mark.django_db
PICTURE = os.urandom(150_000)


@pytest.fixture
def media():
    made = make_media()
    kept = files.store(made, PICTURE)
    for name in ("name", "size", "sha256", "key_id", "sealed_key"):
        setattr(made, name, getattr(kept, name))
    return made


def on_disk(media) -> bytes:
    with default_storage.open(media.name, "rb") as file:
        return file.read()


def test_it_is_read_as_it_was_stored_and_lies_sealed(media):
    assert files.read(media) == PICTURE
    assert PICTURE[:64] not in on_disk(media)


def test_without_keys_it_lies_as_it_is(settings):
    settings.RECORDINGS_KEYS = ""
    media = make_media()
    kept = files.store(media, PICTURE)

    assert (kept.key_id, kept.sealed_key) == ("", b"")
    media.name = kept.name
    assert on_disk(media) == PICTURE


def test_it_is_stored_again_over_what_a_killed_worker_left(media):
    again = files.store(media, b"another try")
    media.size, media.sha256, media.sealed_key = again.size, again.sha256, again.sealed_key

    assert files.read(media) == b"another try"


def test_what_was_changed_is_not_given_out(media):
    path = default_storage.path(media.name)
    sealed = bytearray(on_disk(media))
    sealed[1000] ^= 1
    with Path(path).open("wb") as file:
        file.write(sealed)
    with pytest.raises(Damaged):
        files.read(media)

    with Path(path).open("wb") as file:
        file.write(sealed[:1000])
    with pytest.raises(StorageFailed):
        files.read(media)


def test_what_is_gone_is_missing_and_another_key_opens_nothing(media, settings):
    settings.RECORDINGS_KEYS = "other:" + "B" * 43 + "="
    with pytest.raises(Unreadable):
        files.read(media)

    settings.RECORDINGS_KEYS = "tests:" + "A" * 43 + "="
    default_storage.delete(media.name)
    with pytest.raises(Missing):
        files.read(media)
