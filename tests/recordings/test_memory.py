"""The longest recording takes no more memory than a short one: two hours of two channels, 230 MB."""

import io
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as configured
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.structures import CaseInsensitiveDict

from recordings import files, spool, tasks
from recordings.states import State
from telephony.transport import session
from tests.recordings.factories import RAMP, make_recording

pytestmark = pytest.mark.django_db

SECONDS, CHANNELS, RATE = 2 * 3600, 2, 8000
SIZE = SECONDS * CHANNELS * RATE * 2
HEADER = struct.pack(
    "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + SIZE, b"WAVE", b"fmt ", 16, 1, CHANNELS, RATE, RATE * CHANNELS * 2,
    CHANNELS * 2, 16, b"data", SIZE,
)  # fmt: skip
MEGABYTE = 1_000_000


class Sound(io.RawIOBase):
    """A WAV file that is made while it is read."""

    def __init__(self) -> None:
        self.left, self.head = SIZE, HEADER

    def read(self, size: int = -1) -> bytes:
        if self.head:
            piece, self.head = self.head, b""
            return piece
        size = min(size, self.left)
        self.left -= size
        return (RAMP * (size // len(RAMP) + 1))[:size]


class Twilio(BaseAdapter):
    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, request.url or ""
        response.headers = CaseInsensitiveDict({"Content-Length": str(len(HEADER) + SIZE)})
        response.raw = Sound()
        return response

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def twilio(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "recordings.storage.Folder",
            "OPTIONS": {"location": tmp_path / "media", "allow_overwrite": True},
        }
    }
    session().mount(configured.TWILIO_API_BASE_URL, Twilio())
    yield
    session().mount(configured.TWILIO_API_BASE_URL, HTTPAdapter())


def test_two_hours_are_fetched_verified_stored_and_read_in_little_memory() -> None:
    recording = make_recording(state=State.READY, seconds=SECONDS, channels=CHANNELS)
    tracemalloc.start()
    try:
        tasks.work(str(recording.pk))
        with_end = files.open_range(recording.copies.get(), SIZE - 10)
        assert b"".join(with_end)
        files.check(recording.copies.get(), goes_on=lambda: True)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    recording.refresh_from_db()
    copy = recording.copies.get()
    assert (recording.state, recording.failure) == (State.STORED, "")
    assert (copy.size, copy.seconds) == (len(HEADER) + SIZE, SECONDS)
    assert peak < 12 * MEGABYTE
    assert list(spool.folder().iterdir()) == []
    files.delete(copy)
