"""Pictures and files go out only through us: to who may look, logged, and so that they can do no harm."""

import pytest

from compliance.models import AccessEntry
from messaging import files
from messaging.actions import keeping
from messaging.models import Media
from tests.calls.factories import AT
from tests.messaging.factories import make_media
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG picture"


def stored(content_type: str = "image/png") -> Media:
    media = make_media()
    claimed = keeping.claim_media(media.pk, at=AT)
    keeping.note_stored(claimed, files.store(claimed, PICTURE), content_type=content_type, at=AT)
    return media


@pytest.fixture
def person(client):
    user = make_user("ann", "messaging.look_at_media")
    client.force_login(user)
    return user


def address(media: Media) -> str:
    return f"/texts/media/{media.pk}"


def test_who_may_look_gets_it_and_is_logged(client, person):
    media = stored()
    answer = client.get(address(media))

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PICTURE, "image/png")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert AccessEntry.objects.get().subject_id == str(media.pk)


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "application/pdf", ""])
def test_what_could_do_something_in_a_browser_is_only_given_as_a_file(client, person, content_type):
    media = stored(content_type or "text/x-vcard")
    answer = client.get(address(media))

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_others_get_nothing(client):
    media = stored()
    assert client.get(address(media)).status_code == 302
    client.force_login(make_user("bob"))

    assert client.get(address(media)).status_code == 403
    assert AccessEntry.objects.count() == 0


def test_what_is_not_here_is_not_found(client, person):
    media = stored()
    assert client.get(address(make_media(media.message))).status_code == 404
    files.default_storage.delete(Media.objects.get(pk=media.pk).name)

    assert client.get(address(media)).status_code == 404
    assert AccessEntry.objects.count() == 0
