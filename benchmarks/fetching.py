"""Recordings brought home: a thousand, ten at a time, and one of two hours; beside downloading them and no more.

Twilio is the simulator in a process of its own, so all bytes cross a socket. Both ways run in this process, with as
many threads; the reference writes to files what a plain loop over `requests` gets.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import requests
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from recordings import tasks
from recordings.models import Recording
from recordings.pipeline import Stage
from recordings.states import State

COUNT = int(os.environ.get("BENCH_RECORDINGS", "1000"))
SECONDS = int(os.environ.get("BENCH_RECORDING_SECONDS", "30"))
PORT = int(os.environ.get("BENCH_SIMULATOR_PORT", "8492"))
AT_ONCE = 10
LONG = 2 * 3600
FRAME = 4  # bytes: two channels of 16 bits
RATE = 8000
MEGABYTE = 1_000_000
SIMULATOR = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way gave: recordings and megabytes a second, seconds of each, megabytes more at the peak."""

    rate: float
    megabytes: float
    p50: float
    p95: float
    peak: float


def measure() -> None:
    call_command("migrate", verbosity=0)
    with _simulator(), tempfile.TemporaryDirectory() as folder, _place(Path(folder)):
        found = {
            f"reference: {COUNT} by a plain loop": _run(_planted(COUNT, SECONDS), _plain_loop(Path(folder)), SECONDS),
            f"{COUNT} fetched, verified, sealed, stored": _run(_announced(COUNT, SECONDS), _work, SECONDS),
            "reference: two hours by a plain loop": _run(_planted(1, LONG), _plain_loop(Path(folder)), LONG),
            "two hours fetched, verified, sealed, stored": _run(_announced(1, LONG), _work, LONG),
        }
        missing = Recording.objects.exclude(state=State.STORED).count()
    print(f"Recordings of two channels, {SECONDS} seconds each, {AT_ONCE} at a time")
    print(f"  {'':45} {'a second':>9} {'MB/s':>6} {'p50 s':>6} {'p95 s':>6} {'peak MB more':>13}")
    for name, one in found.items():
        print(f"  {name:45} {one.rate:>9.1f} {one.megabytes:>6.0f} {one.p50:>6.2f} {one.p95:>6.2f} {one.peak:>13.0f}")
    print(f"  not stored: {missing}\n")


@contextmanager
def _simulator() -> Iterator[None]:
    own = dict(os.environ) | {"DEBUG": "true", "PUBLIC_BASE_URL": "http://127.0.0.1:9"}
    command = [sys.executable, "-W", "ignore", "-m", "simulator", "--port", str(PORT)]
    account = ["--account-sid", settings.TWILIO_ACCOUNT_SID, "--auth-token", settings.TWILIO_AUTH_TOKEN]
    server = subprocess.Popen([*command, *account], env=own, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{SIMULATOR}/sim/people", timeout=1).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def _place(folder: Path) -> Iterator[None]:
    """Keep in a folder what is fetched, sealed."""
    storage = {
        "BACKEND": "recordings.storage.Folder",
        "OPTIONS": {"location": folder / "media", "allow_overwrite": True},
    }
    with override_settings(
        DATA_DIR=folder,
        STORAGES=settings.STORAGES | {"default": storage},
        RECORDINGS_KEYS="bench:" + b64encode(os.urandom(32)).decode(),
        RECORDING_FETCHES=AT_ONCE,
        TWILIO_API_BASE_URL=SIMULATOR,
        TWILIO_API_KEY="",
        TWILIO_API_SECRET="",
    ):
        yield


def _planted(count: int, seconds: int) -> list[str]:
    body = json.dumps({"seconds": seconds, "channels": 2, "count": count}).encode()
    request = urllib.request.Request(
        f"{SIMULATOR}/sim/recordings", body, {"Content-Type": "application/json", "X-Simulator-Page": "1"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return list(json.load(answer)["sids"])


def _announced(count: int, seconds: int) -> list[str]:
    at = timezone.now()
    rows = [
        Recording(sid=sid, state=State.READY, stage=Stage.FETCH, announced_at=at, seconds=seconds, channels=2)
        for sid in _planted(count, seconds)
    ]
    return [str(row.pk) for row in Recording.objects.bulk_create(rows)]


def _run(names: list[str], bring: Callable[[str], None], seconds: int) -> Figures:
    times, before = [], _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here

    def timed(name: str) -> None:
        began = time.perf_counter()
        bring(name)
        times.append(time.perf_counter() - began)

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(timed, names))
    took = time.perf_counter() - began
    cuts = quantiles([*times, *times], n=100)
    size = len(names) * seconds * RATE * FRAME / MEGABYTE
    return Figures(len(names) / took, size / took, cuts[49], cuts[94], _resident("VmHWM") - before)


def _work(recording_id: str) -> None:
    tasks.work(recording_id)
    connection.close()


def _plain_loop(folder: Path) -> Callable[[str], None]:
    own = threading.local()

    def download(sid: str) -> None:
        own.session = getattr(own, "session", None) or requests.Session()
        address = f"{SIMULATOR}/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Recordings/{sid}.wav"
        login = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
        path = folder / f"{sid}.wav"
        asked = own.session.get(address, params={"RequestedChannels": 2}, auth=login, stream=True, timeout=60)
        with asked as reply, path.open("wb") as file:
            reply.raise_for_status()
            for chunk in reply.iter_content(256 * 1024):
                file.write(chunk)
        path.unlink()

    return download


def _resident(name: str) -> float:
    """Give the megabytes that this process holds (Linux)."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1000
