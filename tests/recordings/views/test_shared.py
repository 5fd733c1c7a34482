from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recordings import actions
from recordings.links import token_of
from recordings.models import Recording, ShareLink
from recordings.states import State
from tests.recordings.factories import EVERYWHERE, make_user, wav
from tests.recordings.listening import HIDDEN, conversation, end, logged, make_transcript, redacted

pytestmark = pytest.mark.django_db

SOUND = wav(2)


def shared(recording: Recording, *, lasts: timedelta = timedelta(hours=1), ago: float = 0) -> ShareLink:
    sharer = make_user("sue", *EVERYWHERE, "recordings.share", first_name="Sue", last_name="Vise")
    at = timezone.now() - timedelta(minutes=ago)
    return actions.share(recording, by=sharer, reason="Their own call", lasts=lasts, address=None, at=at)


def address(link: ShareLink, what: str = "") -> str:
    return f"/shared/{token_of(link)}{what}"


def heard() -> list[Any]:
    return [entry for entry in logged("action", "who", "reason") if entry[0] != "shared"]


def test_whoever_has_the_link_hears_without_an_account(client: Client) -> None:
    link = shared(conversation(sound=SOUND))

    page = client.get(address(link))
    sound: Any = client.get(address(link, "/audio"), headers={"Range": "bytes=0-99"})

    assert page.status_code == 200
    assert "By Sue Vise. You can hear it until" in page.content.decode()
    assert f'src="{address(link, "/audio")}"' in page.content.decode()
    assert b"".join(sound.streaming_content) == SOUND[:100]


def test_each_play_is_logged_with_the_link_and_opening_the_page_is_none(client: Client) -> None:
    link = shared(conversation(sound=SOUND))

    client.get(address(link))
    b"".join(client.get(address(link, "/audio")).streaming_content)  # type: ignore[attr-defined]

    assert heard() == [("played", "link by sue", "Their own call"), ("heard", "link by sue", "Their own call")]
    assert {detail["link"] for detail in logged("detail")} == {str(link.pk)}
    assert set(logged("user")[1:]) == {None}


@pytest.mark.parametrize("what", ["", "/audio"])
def test_nothing_is_kept_indexed_or_passed_on_by_the_browser(client: Client, what: str) -> None:
    response: Any = client.get(address(shared(conversation(sound=SOUND)), what))

    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "Set-Cookie" not in response
    end(response)


def test_a_link_leads_to_what_people_hear_and_never_to_the_original(client: Client) -> None:
    recording = conversation(sound=SOUND)
    quiet = redacted(recording)
    link = shared(recording)

    sound: Any = client.get(address(link, "/audio"), {"copy": "original"})

    assert b"".join(sound.streaming_content) == quiet
    assert client.get(address(link, "/original")).status_code == 404


@pytest.mark.parametrize(
    "fields", [{"transcribes": True, "state": State.STORED}, {"state": State.INDEXED, "hides": True}]
)
def test_what_is_hidden_is_not_heard_by_a_link_either(client: Client, fields: dict[str, Any]) -> None:
    recording = conversation(**fields)
    make_transcript(recording, findings=HIDDEN)
    link = shared(recording)

    assert "nothing to hear at the moment" in client.get(address(link)).content.decode()
    assert client.get(address(link, "/audio")).status_code == 404
    assert heard() == []


def revoke(link: ShareLink) -> None:
    actions.unshare(link, by=link.by, address=None, at=timezone.now())


def lose(link: ShareLink) -> None:
    link.recording.delete()


def leave(link: ShareLink) -> None:
    link.by.is_active = False
    link.by.save()


def demote(link: ShareLink) -> None:
    link.by.user_permissions.clear()


@pytest.mark.parametrize("end", [revoke, lose, leave, demote])
@pytest.mark.parametrize("what", ["", "/audio"])
def test_a_link_ends_when_it_is_taken_back_or_its_maker_may_not_share_any_more(
    client: Client, end: Any, what: str
) -> None:
    link = shared(conversation(sound=SOUND))
    place = address(link, what)
    assert client.head(place).status_code == 200

    end(link)

    for method in (client.get, client.head):
        assert method(place, headers={"Range": "bytes=0-1"}).status_code == 410


@pytest.mark.parametrize("what", ["", "/audio"])
def test_a_link_runs_out(client: Client, what: str) -> None:
    link = shared(conversation(), lasts=timedelta(minutes=15), ago=16)

    answer = client.get(address(link, what))

    assert answer.status_code == 410
    assert "does not work any more" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert heard() == []


@pytest.mark.parametrize("what", ["", "/audio"])
def test_an_address_that_we_did_not_sign_is_not_found(client: Client, what: str) -> None:
    link = shared(conversation())
    name, _colon, signature = token_of(link).partition(":")

    for token in (
        name,
        f"{name}:{signature[:-1]}x",
        f"{'0' * 32}:{signature}",
        Signer().sign(name),
        Signer(salt="recordings.share").sign("rubbish"),
        str(link.pk),
    ):
        assert client.get(f"/shared/{token}{what}").status_code == 404


def test_nothing_can_be_sent_to_it(client: Client) -> None:
    link = shared(conversation())

    assert client.post(address(link)).status_code == 405
    assert client.post(address(link, "/audio")).status_code == 405


def test_the_page_asks_the_database_a_few_times(client: Client) -> None:
    link = shared(conversation())

    with CaptureQueriesContext(connection) as counted:
        client.get(address(link))

    assert len(counted) <= 8
