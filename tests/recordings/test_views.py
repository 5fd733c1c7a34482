from typing import Any

import pytest
from django.test import Client

from recordings import files
from recordings.models import Play, Recording
from tests.recordings.factories import make_mailbox, make_recording, make_stored, make_user, make_voicemail, wav

pytestmark = pytest.mark.django_db

SOUND = wav(1)


def address(recording: Recording) -> str:
    return f"/recordings/{recording.pk}/audio"


@pytest.fixture
def recording() -> Recording:
    return make_stored(SOUND)


@pytest.fixture
def listener(client: Client) -> Client:
    client.force_login(make_user("ann", "recordings.listen"))
    return client


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_whole_is_sent_where_no_part_is_asked_for(listener: Client, recording: Recording) -> None:
    response = listener.get(address(recording))

    assert (response.status_code, content(response)) == (200, SOUND)
    assert response["Content-Length"] == str(len(SOUND))
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "audio/wav"


@pytest.mark.parametrize(
    ("header", "part", "told"),
    [
        ("bytes=0-", SOUND, f"bytes 0-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=100-199", SOUND[100:200], f"bytes 100-199/{len(SOUND)}"),
        ("bytes=-50", SOUND[-50:], f"bytes {len(SOUND) - 50}-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=16000-999999", SOUND[16000:], f"bytes 16000-{len(SOUND) - 1}/{len(SOUND)}"),
    ],
)
def test_a_part_is_sent_as_it_is_asked_for(
    listener: Client, recording: Recording, header: str, part: bytes, told: str
) -> None:
    response = listener.get(address(recording), headers={"Range": header})

    assert (response.status_code, content(response), response["Content-Range"]) == (206, part, told)
    assert response["Content-Length"] == str(len(part))


def test_a_part_beyond_the_end_is_refused(listener: Client, recording: Recording) -> None:
    response = listener.get(address(recording), headers={"Range": f"bytes={len(SOUND)}-"})

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(SOUND)}")
    assert not Play.objects.exists()


def test_a_part_of_another_file_is_not_sent(listener: Client, recording: Recording) -> None:
    response = listener.get(address(recording), headers={"Range": "bytes=1-2", "If-Range": '"other"'})

    assert (response.status_code, content(response)) == (200, SOUND)


def test_head_tells_and_sends_nothing(listener: Client, recording: Recording) -> None:
    response = listener.head(address(recording), headers={"Range": "bytes=0-9"})

    assert (response.status_code, response["Content-Length"], response.content) == (206, "10", b"")
    assert not Play.objects.exists()


def test_a_listening_is_logged_whichever_part_is_asked_for_first(listener: Client, recording: Recording) -> None:
    for header in ("bytes=500-", "bytes=0-", "bytes=9-99"):
        content(listener.get(address(recording), headers={"Range": header}))

    assert [(play.user.username, play.address) for play in Play.objects.all()] == [("ann", "127.0.0.1")]


def test_a_stranger_is_asked_to_log_in(client: Client, recording: Recording) -> None:
    response = client.get(address(recording))

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_those_who_may_not_hear_do_not(client: Client, recording: Recording) -> None:
    client.force_login(make_user("bob", "calls.view_call"))

    assert client.get(address(recording)).status_code == 403
    assert not Play.objects.exists()


def test_a_member_of_the_mailbox_hears_what_was_left_in_it(client: Client, recording: Recording) -> None:
    mailbox, member = make_mailbox(), make_user("bob")
    mailbox.members.add(member)
    make_voicemail(mailbox, recording)
    client.force_login(member)

    assert content(client.get(address(recording))) == SOUND
    assert client.get(address(make_stored(SOUND))).status_code == 403


def test_what_is_not_fetched_is_not_found(listener: Client) -> None:
    assert listener.get(address(make_recording())).status_code == 404


def test_nothing_can_be_sent_to_it(listener: Client, recording: Recording) -> None:
    assert listener.post(address(recording)).status_code == 405


def test_audio_that_the_storage_has_lost_is_not_found(listener: Client, recording: Recording) -> None:
    files.delete(recording.copies.get())

    assert listener.get(address(recording)).status_code == 404


def test_a_listener_who_goes_away_leaves_no_file_open(listener: Client, recording: Recording) -> None:
    response = listener.get(address(recording))

    response.close()

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("behind", "forwarded", "noted"),
    [
        (False, "203.0.113.9", "127.0.0.1"),  # anybody can write a header
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "", "127.0.0.1"),
        (True, "unknown", None),
    ],
)
def test_the_log_names_the_listeners_own_address(
    listener: Client, settings: Any, behind: bool, forwarded: str, noted: str | None
) -> None:
    settings.BEHIND_PROXY = behind

    content(listener.get(address(make_stored(SOUND)), headers={"X-Forwarded-For": forwarded}))

    assert Play.objects.get().address == noted
