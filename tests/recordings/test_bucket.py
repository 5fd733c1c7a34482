"""Recordings in a bucket: the same code with another storage, against an S3 server on this machine."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.storage import storages
from django.test import Client
from moto.server import ThreadedMotoServer

from recordings import tasks
from recordings.states import State
from tests.recordings.factories import EVERYWHERE, make_recording, make_user, wav
from tests.scripted import twilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for key, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{key}", value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    resource = boto3.resource("s3", endpoint_url=address)
    name = f"recordings-{uuid4()}"  # all servers of a process share what they hold
    resource.create_bucket(Bucket=name)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": name,
                "endpoint_url": address,
                "default_acl": None,
                "file_overwrite": True,
            },
        }
    }
    yield resource.Bucket(name)
    server.stop()


def test_a_recording_is_fetched_into_a_bucket_and_heard_in_parts(bucket: Any, client: Client) -> None:
    recording, sound = make_recording(state=State.READY), wav(3)
    with twilio() as script:
        script.answer(".wav", 200, sound)
        tasks.fetch(str(recording.pk))
    client.force_login(make_user("ann", *EVERYWHERE))
    address = f"/recordings/{recording.pk}/audio"

    part = client.get(address, headers={"Range": "bytes=1000-1999"})
    whole = client.get(address)

    recording.refresh_from_db()
    assert (recording.state, recording.failure) == (State.FETCHED, "")
    assert [item.key for item in bucket.objects.all()] == [recording.path]
    assert storages["default"].size(recording.path) == len(sound)
    assert (part.status_code, b"".join(part.streaming_content)) == (206, sound[1000:2000])
    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, sound)


def test_audio_that_the_bucket_has_lost_is_not_found(bucket: Any, client: Client) -> None:
    recording = make_recording(state=State.FETCHED, audio="recordings/lost.wav", size=9, sha256="ab" * 32)
    client.force_login(make_user("ann", *EVERYWHERE))

    assert client.get(f"/recordings/{recording.pk}/audio").status_code == 404


def test_a_bucket_that_cannot_be_reached_is_told_of(bucket: Any) -> None:
    recording = make_recording(state=State.READY)
    bucket.delete()
    with twilio() as script:
        script.answer(".wav", 200, wav(3))
        tasks.fetch(str(recording.pk))

    recording.refresh_from_db()
    assert recording.state == State.FAILED
    assert "our storage did not take the audio" in recording.failure
