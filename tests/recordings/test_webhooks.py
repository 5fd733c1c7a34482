import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from recordings.models import Recording
from recordings.states import State
from tests import signed
from tests.recordings.factories import wav
from tests.scripted import Scripted, twilio

pytestmark = pytest.mark.django_db

PAYLOADS = sorted(Path(__file__).parent.parent.joinpath("payloads").glob("*.json"))
SID = "RE" + "1" * 32


@pytest.fixture
def script() -> Iterator[Scripted]:
    with twilio() as script:
        script.answer(".wav", 200, wav(3))
        yield script


def test_a_recording_that_is_ready_is_fetched_after_the_commit(
    client: Client, script: Scripted, django_capture_on_commit_callbacks: Any
) -> None:
    fields = {"RecordingSid": SID, "CallSid": "CA1", "RecordingStatus": "completed", "RecordingDuration": "3"}

    with django_capture_on_commit_callbacks() as afterwards:
        answer = signed.post(client, "/webhooks/recording", fields)
    assert Recording.objects.get().state == State.READY
    for callback in afterwards:
        callback()

    assert answer.status_code == 204
    assert Recording.objects.get().state == State.STORED


@pytest.mark.parametrize("sid", ["", "R" * 65])
def test_news_of_what_can_be_no_recording_is_answered_and_forgotten(client: Client, sid: str) -> None:
    assert signed.post(client, "/webhooks/recording", {"RecordingSid": sid}).status_code == 204
    assert not Recording.objects.exists()


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_every_payload_that_was_ever_seen_is_served_twice(client: Client, path: Path) -> None:
    fields: dict[str, str] = json.loads(path.read_text())["params"]

    answers = [signed.post(client, "/webhooks/recording", fields).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert Recording.objects.count() <= 1
