"""What is fetched is kept only if it is what was announced."""

import pytest
from django.utils import timezone

from messaging import fetching, files
from messaging.actions import keeping
from messaging.states import MediaState
from telephony import client
from tests.messaging.factories import make_media
from tests.scripted import twilio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hasty(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    settings.DATA_DIR = tmp_path


def fetched(body: bytes, **how):
    media = keeping.claim_media(make_media().pk, at=timezone.now())
    with twilio() as script:
        script.answer(f"/Media/{media.sid}", 200, body, **how)
        fetching.fetch(media)
    media.refresh_from_db()
    return media


def test_what_broke_off_is_fetched_again():
    media = fetched(b"x" * 100, claimed_length=200)

    assert (media.state, media.name) == (MediaState.ANNOUNCED, "")
    assert media.retry_at is not None


def test_what_is_too_large_is_not_kept(monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 99)
    media = fetched(b"x" * 100)

    assert (media.state, media.failure) == (MediaState.ABSENT, "It is larger than anything that we keep.")


def test_what_came_whole_is_kept():
    media = fetched(b"x" * 100)

    assert (media.state, files.read(media)) == (MediaState.STORED, b"x" * 100)
