import io
import re
import tracemalloc
import wave
from typing import Any

import av
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recordings import actions
from recordings.models import GivenReason, Recording, ShareLink
from recordings.states import CopyKind, State
from tests.recordings.factories import EVERYWHERE, make_recording, make_user, wav
from tests.recordings.listening import conversation, end, logged, redacted, sensitive_queue

pytestmark = pytest.mark.django_db

SOUND = wav(2)


def ask(client: Client, what: str, recording: Recording, **fields: Any) -> Any:
    return client.post(f"/recordings/{recording.pk}/{what}", {"reason": "A complaint"} | fields)


def page_of(recording: Recording) -> str:
    return reverse("admin:recordings_recording_change", args=[recording.pk])


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def member(*permissions: str, name: str = "ann") -> Client:
    client = Client()
    client.force_login(make_user(name, *permissions))
    return client


def as_who_may_all() -> Client:
    return member(*EVERYWHERE, *(f"recordings.{name}" for name in ("share", "export", "read_original")))


@pytest.mark.parametrize("what", ["reason", "share", "download"])
def test_a_stranger_is_asked_to_log_in_and_a_link_does_nothing(client: Client, what: str) -> None:
    recording = conversation()

    assert ask(client, what, recording).status_code == 302
    assert "/admin/login/" in ask(client, what, recording)["Location"]
    assert as_who_may_all().get(f"/recordings/{recording.pk}/{what}").status_code == 405


@pytest.mark.parametrize(
    ("what", "permissions", "fields"),
    [
        ("reason", (), {}),
        ("reason", EVERYWHERE, {"copy": "original"}),
        ("share", EVERYWHERE, {"lasts": "1d"}),
        ("share", ("recordings.share",), {"lasts": "1d"}),
        ("download", EVERYWHERE, {"ending": "wav"}),
        ("download", ("recordings.export",), {"ending": "wav"}),
        ("download", (*EVERYWHERE, "recordings.export"), {"ending": "wav", "original": "on"}),
    ],
)
def test_whoever_may_not_is_refused(what: str, permissions: tuple[str, ...], fields: dict[str, str]) -> None:
    assert ask(member(*permissions), what, conversation(), **fields).status_code == 403
    assert logged() == []


@pytest.mark.parametrize("reason", ["", "    ", "abcd", "x" * 256, "a reason\0"])
@pytest.mark.parametrize("what", ["reason", "share", "download"])
def test_no_reason_is_none(what: str, reason: str) -> None:
    recording = conversation()

    response = ask(as_who_may_all(), what, recording, reason=reason, lasts="1d", ending="wav")

    assert (response.status_code, response["Location"]) == (302, page_of(recording))
    assert "Reason" in told(response)
    assert not GivenReason.objects.exists()
    assert logged() == []


def test_a_reason_opens_a_sensitive_recording_for_that_person(client: Client) -> None:
    recording = conversation(sensitive_queue(), sound=SOUND)
    ann, bob = member(*EVERYWHERE), member(*EVERYWHERE, name="bob")

    answer = ask(ann, "reason", recording)

    assert (answer.status_code, answer["Location"]) == (302, page_of(recording))
    assert b"".join(ann.get(f"/recordings/{recording.pk}/audio").streaming_content) == SOUND
    assert bob.get(f"/recordings/{recording.pk}/audio").status_code == 403
    assert logged("action", "who", "reason") == [("played", "ann", "A complaint"), ("heard", "ann", "A complaint")]


def test_a_later_reason_takes_the_place_of_the_one_before() -> None:
    recording, ann = conversation(sensitive_queue()), member(*EVERYWHERE)

    ask(ann, "reason", recording, reason="A complaint")
    ask(ann, "reason", recording, reason="Training of new people")

    assert GivenReason.objects.get().reason == "Training of new people"


def test_a_reason_for_the_original_needs_its_permission() -> None:
    recording = conversation()

    ask(as_who_may_all(), "reason", recording, copy="original")

    assert GivenReason.objects.get().of_original


@pytest.mark.parametrize(
    ("page", "leads_back"),
    [
        ("/admin/recordings/voicemail/7/change/?t=3", True),
        ("https://evil.example/", False),
        ("//evil.example/", False),
        ("/\\evil.example/", False),
        ("javascript:alert(1)", False),
        ("admin/", False),
        ("", False),
    ],
)
def test_whoever_gave_a_reason_is_led_back_to_a_page_of_ours(page: str, leads_back: bool) -> None:
    recording = conversation()

    answer = ask(member(*EVERYWHERE), "reason", recording, next=page)

    assert answer["Location"] == (page if leads_back else page_of(recording))


def test_a_link_is_made_and_taken_back() -> None:
    recording, ann = conversation(sound=SOUND), as_who_may_all()

    made = ask(ann, "share", recording, lasts="1h")
    link = ShareLink.objects.get()
    first, second = (ann.post(f"/recordings/shares/{link.pk}/revoke") for _ in range(2))

    assert "The link is made" in told(made)
    assert (link.expires_at - link.at).total_seconds() == 3600
    assert "is taken back" in told(first)
    assert "did not work any more" in told(second)
    assert logged("action", "reason") == [("shared", "A complaint"), ("unshared", "")]


@pytest.mark.parametrize("lasts", ["", "31d", "0", "-1"])
def test_a_link_lasts_as_long_as_the_list_has_it(lasts: str) -> None:
    ask(as_who_may_all(), "share", conversation(), lasts=lasts)

    assert not ShareLink.objects.exists()


def test_a_link_is_taken_back_by_those_who_may_share(client: Client) -> None:
    recording = conversation()
    ask(as_who_may_all(), "share", recording, lasts="1d")
    address = f"/recordings/shares/{ShareLink.objects.get().pk}/revoke"

    assert "/admin/login/" in client.post(address)["Location"]
    assert member(*EVERYWHERE, name="bob").post(address).status_code == 403
    assert member(*EVERYWHERE, "recordings.share", name="sue").post(address).status_code == 302
    assert ShareLink.objects.get().revoked_by.username == "sue"


def test_a_wav_file_carries_the_mark_of_who_took_it() -> None:
    recording, ann = conversation(sound=SOUND), as_who_may_all()

    response = ask(ann, "download", recording, ending="wav")

    data = b"".join(response.streaming_content)
    entry = logged("id", "action", "reason", "detail")[0]
    assert entry[1:3] == ("downloaded", "A complaint")
    assert entry[3] == {"copy": "original", "format": "wav", "of": 2}
    assert f"taken by ann at {timezone.now():%Y-%m-%d}".encode() in data
    assert f"access log entry {entry[0]}".encode() in data
    assert int(response["Content-Length"]) == len(data)
    assert response["Cache-Control"] == "private, no-store"
    with wave.open(io.BytesIO(data)) as taken, wave.open(io.BytesIO(SOUND)) as stored:
        assert taken.readframes(99_999) == stored.readframes(99_999)
    assert re.fullmatch(
        rf'attachment; filename="recording-[0-9a-f]{{8}}-ann-\d{{8}}T\d{{6}}Z-log{entry[0]}\.wav"',
        response["Content-Disposition"],
    )


def test_an_mp3_file_carries_the_mark_of_who_took_it() -> None:
    recording = conversation(sound=wav(3, channels=2))

    response = ask(as_who_may_all(), "download", recording, ending="mp3")

    data = b"".join(response.streaming_content)
    with av.open(io.BytesIO(data)) as taken:
        assert f"access log entry {logged('id')[0]}" in taken.metadata["comment"]
        assert "taken by ann" in taken.metadata["comment"]
        seconds = sum(frame.samples for frame in taken.decode(audio=0)) / 8000
    assert 2.9 < seconds < 3.4
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Disposition"].endswith('.mp3"')


def test_a_file_is_of_what_people_hear_or_of_the_original_where_that_is_said_and_allowed() -> None:
    recording, ann = conversation(sound=SOUND), as_who_may_all()
    quiet = redacted(recording)

    heard = b"".join(ask(ann, "download", recording, ending="wav").streaming_content)
    original = b"".join(ask(ann, "download", recording, ending="wav", original="on").streaming_content)

    assert heard.endswith(quiet[44:])
    assert original.endswith(SOUND[44:])
    assert [detail["copy"] for detail in logged("detail")] == [CopyKind.REDACTED, CopyKind.ORIGINAL]


def test_what_is_not_there_or_hidden_is_no_file() -> None:
    ann = as_who_may_all()
    hidden = conversation(transcribes=True, state=State.STORED)

    assert ask(ann, "download", make_recording(), ending="wav").status_code == 404
    assert ask(ann, "download", hidden, ending="wav").status_code == 404
    assert logged() == []


@pytest.mark.parametrize("ending", ["exe", ""])
def test_a_file_is_mp3_or_wav(ending: str) -> None:
    assert ask(as_who_may_all(), "download", conversation(), ending=ending).status_code == 302
    assert logged() == []


@pytest.mark.parametrize("ending", ["wav", "mp3"])
def test_a_long_file_is_made_as_it_is_sent_in_little_memory(ending: str) -> None:
    recording = conversation(sound=wav(15 * 60), seconds=900)  # 14 MB

    tracemalloc.start()
    size = sum(map(len, ask(as_who_may_all(), "download", recording, ending=ending).streaming_content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size > 3_000_000
    assert peak < 7_000_000


def test_whoever_breaks_off_a_download_leaves_an_entry_and_no_file_open() -> None:
    response = ask(as_who_may_all(), "download", conversation(sound=wav(60)), ending="mp3")

    next(iter(response.streaming_content))
    end(response)

    assert logged() == ["downloaded"]


def test_a_person_cannot_break_the_file_name() -> None:
    client = member(*EVERYWHERE, "recordings.export", name='x"; y@ü.example')

    response = ask(client, "download", conversation(), ending="wav")
    end(response)

    assert "-x___y___example-" in response["Content-Disposition"]


def test_giving_a_reason_is_an_action_that_counts_as_long_as_the_recording_lasts_and_half_an_hour() -> None:
    ann, recording, at = make_user("ann"), conversation(seconds=3600), timezone.now()

    given = actions.give_reason(recording, by=ann, reason="A complaint", of_original=False, at=at)

    assert (given.until - at).total_seconds() == 90 * 60
