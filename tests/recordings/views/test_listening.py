import json
import tracemalloc
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recordings import actions
from recordings.models import Copy, Recording
from recordings.states import CopyKind
from tests.recordings.factories import (
    EVERYWHERE,
    make_mailbox,
    make_recording,
    make_stored,
    make_user,
    make_voicemail,
    wav,
)
from tests.recordings.listening import conversation, logged, redacted, sensitive_queue

pytestmark = pytest.mark.django_db

SOUND = wav(2)


def address(recording: Recording, what: str = "audio") -> str:
    return f"/recordings/{recording.pk}/{what}"


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def recording() -> Recording:
    return make_stored(SOUND, seconds=2)


@pytest.fixture
def listener(client: Client) -> Client:
    client.force_login(make_user("ann", *EVERYWHERE))
    return client


def test_a_stranger_is_asked_to_log_in(client: Client, recording: Recording) -> None:
    for what in ("audio", "original", "waves"):
        response = client.get(address(recording, what))

        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_those_who_may_not_hear_do_not(client: Client, recording: Recording) -> None:
    client.force_login(make_user("bob", "calls.view_call"))

    for what in ("audio", "original", "waves"):
        assert client.get(address(recording, what)).status_code == 403
        assert client.head(address(recording, what)).status_code in (403, 405)
    assert logged() == []


def test_a_member_of_the_mailbox_hears_what_was_left_in_it(client: Client, recording: Recording) -> None:
    mailbox, member = make_mailbox(), make_user("bob")
    mailbox.members.add(member)
    make_voicemail(mailbox, recording)
    client.force_login(member)

    assert content(client.get(address(recording))) == SOUND
    assert client.get(address(make_stored(SOUND))).status_code == 403


def test_somebody_who_has_left_is_out_at_once(client: Client, recording: Recording) -> None:
    person = make_user("ann", *EVERYWHERE)
    client.force_login(person)
    person.is_active = False
    person.save()

    assert client.get(address(recording)).status_code == 302
    assert logged() == []


def test_what_is_not_stored_is_not_found(listener: Client) -> None:
    assert listener.get(address(make_recording())).status_code == 404


@pytest.mark.parametrize("what", ["audio", "original", "waves"])
def test_nothing_can_be_sent_to_it(listener: Client, recording: Recording, what: str) -> None:
    assert listener.post(address(recording, what)).status_code == 405


def test_people_are_sent_the_redacted_copy_whatever_they_ask_for(client: Client) -> None:
    client.force_login(make_user("ann", *EVERYWHERE, "recordings.read_original"))
    recording = conversation(sound=SOUND)
    quiet = redacted(recording)

    whole = client.get(address(recording), {"copy": "original", "kind": "original"})
    part = client.get(address(recording), headers={"Range": "bytes=9000-9099"})

    assert (content(whole), content(part)) == (quiet, quiet[9000:9100])
    assert {detail["copy"] for detail in logged("detail")} == {"redacted"}


def test_the_original_is_sent_for_a_permission_and_a_reason(client: Client) -> None:
    person, recording = make_user("ann", *EVERYWHERE, "recordings.read_original"), conversation(sound=SOUND)
    redacted(recording)
    client.force_login(person)
    refused = client.get(address(recording, "original"))

    actions.give_reason(recording, by=person, reason="A complaint", of_original=True, at=timezone.now())
    heard = client.get(address(recording, "original"))

    assert refused.status_code == 403
    assert content(heard) == SOUND
    assert logged("action", "reason") == [("played", "A complaint"), ("heard-original", "A complaint")]


def test_the_original_is_not_sent_without_its_permission_also_where_nothing_is_hidden(listener: Client) -> None:
    recording = conversation(sound=SOUND)

    assert listener.get(address(recording, "original")).status_code == 403


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("header", [None, "bytes=0-9", "bytes=9999999-"])
def test_a_sensitive_recording_is_not_sent_without_a_reason(client: Client, method: str, header: str | None) -> None:
    client.force_login(make_user("ann", *EVERYWHERE))
    recording = conversation(sensitive_queue(), sound=SOUND)

    response: Any = getattr(client, method)(address(recording), headers={"Range": header} if header else {})

    assert response.status_code == 403
    assert response["Cache-Control"] == "private, no-store"
    if method == "get":
        assert "without a reason" in response.content.decode()
    assert "Content-Range" not in response
    assert logged() == []


def test_the_reason_stands_in_the_log_with_each_play(client: Client) -> None:
    person, recording = make_user("ann", *EVERYWHERE), conversation(sensitive_queue(), sound=SOUND)
    client.force_login(person)
    actions.give_reason(recording, by=person, reason="A complaint", of_original=False, at=timezone.now())

    assert content(client.get(address(recording))) == SOUND

    assert logged("action", "reason") == [("played", "A complaint"), ("heard", "A complaint")]


def test_the_log_names_the_listeners_own_address(listener: Client, settings: Any, recording: Recording) -> None:
    settings.BEHIND_PROXY = True

    content(listener.get(address(recording), headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}))

    assert logged("address") == ["203.0.113.9", "203.0.113.9"]


def test_a_voicemail_that_is_heard_is_not_new_any_more(client: Client, recording: Recording) -> None:
    voicemail = make_voicemail(recording=recording)
    client.force_login(make_user("ann", *EVERYWHERE, "recordings.change_voicemail"))

    content(client.get(address(recording)))

    voicemail.refresh_from_db()
    assert voicemail.status == "heard"


def test_the_wave_form_is_made_once_and_logs_nothing(listener: Client) -> None:
    recording = make_stored(wav(2, channels=2), seconds=2)

    first, second = (json.loads(listener.get(address(recording, "waves")).content) for _ in range(2))

    assert first == second
    assert [len(channel) for channel in first["channels"]] == [600, 600]
    assert Copy.objects.get().waves == first["channels"]
    assert logged() == []


def test_the_wave_form_is_that_of_what_people_hear(listener: Client) -> None:
    recording = conversation(sound=SOUND)
    redacted(recording)

    assert json.loads(listener.get(address(recording, "waves")).content)["channels"] == [[0] * 600]
    assert recording.copies.get(kind=CopyKind.ORIGINAL).waves == []


def test_a_sensitive_recording_has_no_wave_form_without_a_reason(listener: Client) -> None:
    assert listener.get(address(conversation(sensitive_queue()), "waves")).status_code == 403


def test_what_is_no_sound_has_no_wave_form(listener: Client) -> None:
    assert listener.get(address(make_stored(b"rubbish"), "waves")).status_code == 404


def test_a_long_recording_is_sent_in_little_memory(listener: Client) -> None:
    recording = make_stored(wav(20 * 60), seconds=1200)  # 19 MB

    tracemalloc.start()
    size = sum(map(len, listener.get(address(recording)).streaming_content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size == 20 * 60 * 16_000 + 44
    assert peak < 6_000_000


def test_a_request_asks_the_database_a_number_of_times_that_does_not_grow(listener: Client) -> None:
    def queries(recording: Recording) -> int:
        with CaptureQueriesContext(connection) as counted:
            content(listener.get(address(recording)))
        return len(counted)

    first = queries(make_stored(SOUND))
    busy = make_stored(SOUND)
    for _ in range(5):
        content(listener.get(address(busy)))

    assert queries(busy) == first
    assert first <= 24
