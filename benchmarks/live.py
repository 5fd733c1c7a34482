"""From a commit that changes the board until 200 open streams are told, beside the same fan-out with nothing behind it.

Both in one run: a loop of asyncio that writes the same bytes to 200 sockets when it is told to (no HTTP, no database),
and the application: `live.publish` in a transaction, LISTEN, and the streams as bin/run and production serve them.
"""

import asyncio
import math
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction

from agents.models import User
from benchmarks.load import cpu_seconds
from live.publish import publish

STREAMS = int(os.environ.get("BENCH_STREAMS", "200"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "100"))
PORT = int(os.environ.get("BENCH_LIVE_PORT", "8491"))
LIMIT_MS = 250
PAUSE = 0.1  # as in a busy hour: ten changes a second
EVENT = b"data: board\n"


def measure() -> None:
    """Print both rows of figures, and whether the limit is kept."""
    call_command("migrate", verbosity=0)
    cookie = _session()
    with _running("-m", "benchmarks.bare") as server:
        bare = asyncio.run(_round(server, "GET / HTTP/1.1\r\n\r\n", _tell_by_hand))
    with _running("-m", "contactcenter.serve", "--port", str(PORT)) as server:
        request = f"GET /live/stream?topics=board HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        streams = asyncio.run(_round(server, request, _publish))
    print(f"A change of the board to {STREAMS} open streams: {EVENTS} events, {1 / PAUSE:.0f} a second, one process")
    print(f"  {'':40} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {'CPU ms an event':>16}")
    for title, (times, cpu) in {
        "reference: asyncio and sockets alone": bare,
        "publish, listen, streams": streams,
    }.items():
        p50, p95, most = _at(times, 0.5), _at(times, 0.95), times[-1]
        print(f"  {title:40} {p50:>7.1f} {p95:>7.1f} {most:>7.1f} {cpu:>16.2f}")
    kept = "kept" if _at(streams[0], 0.95) <= LIMIT_MS else "NOT KEPT"
    print(f"  limit at p95: {LIMIT_MS} ms, {kept}")


def _session() -> str:
    """Give the cookie of somebody who may see everything."""
    person, _made = User.objects.get_or_create(username="benchmark", defaults={"is_superuser": True})
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    connection.close()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def _running(*arguments: str) -> Iterator[int]:
    """Run a server and give its process id."""
    # no static files are collected here, and none are asked for
    environment = dict(os.environ) | {"PYTHONWARNINGS": "ignore::UserWarning", "BENCH_LIVE_PORT": str(PORT)}
    server = subprocess.Popen([sys.executable, *arguments], env=environment)
    try:
        yield server.pid
    finally:
        server.terminate()
        server.wait(10)


async def _round(server: int, request: str, tell: Callable[[], Awaitable[None]]) -> tuple[list[float], float]:
    """Open the streams, tell of all events, and give sorted milliseconds and server CPU per event."""
    readers = [await _open(request) for _ in range(STREAMS)]
    times: list[float] = []
    before = cpu_seconds(server)
    for _ in range(EVENTS):
        began = time.perf_counter()
        arrivals = asyncio.gather(*(_arrival(reader) for reader, _writer in readers))
        await tell()
        times += [(at - began) * 1000 for at in await arrivals]
        await asyncio.sleep(max(0, PAUSE - (time.perf_counter() - began)))
    spent = cpu_seconds(server) - before
    for _reader, writer in readers:
        writer.close()
    return sorted(times), spent / EVENTS * 1000


async def _open(request: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    deadline = time.monotonic() + 15
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
    writer.write(request.encode())
    answer = await asyncio.wait_for(reader.readline(), 10)
    if b" 200 " not in answer:
        raise RuntimeError(f"no stream: {answer!r}")
    while b"retry:" not in await asyncio.wait_for(reader.readline(), 10):
        pass
    return reader, writer


async def _arrival(reader: asyncio.StreamReader) -> float:
    async with asyncio.timeout(10):
        while await reader.readline() != EVENT:
            pass
    return time.perf_counter()


async def _tell_by_hand() -> None:
    _reader, writer = await asyncio.open_connection("127.0.0.1", PORT + 1)
    writer.close()


async def _publish() -> None:
    await asyncio.to_thread(_commit)


def _commit() -> None:
    with transaction.atomic():
        publish("board")


def _at(times: list[float], share: float) -> float:
    return times[math.ceil(share * len(times)) - 1]
