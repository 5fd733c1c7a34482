"""A real server over the test database, browsers of a sort, and a way to publish."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from importlib import import_module

import psycopg
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo

from live.server import Listening
from live.stream import Streams
from tests.patience import PATIENCE, until


def dsn() -> str:
    """Give the address of the test database, as one who is not Django wants it."""
    found = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    return make_conninfo(**{name: value for name, value in found.items() if name in names})


def alone(work: Callable[[], Coroutine]):
    """Run this in a thread of its own: in ours a browser's test may have left a loop that runs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


async def admit_everybody(_cookies, _topics):
    return HTTPStatus.OK


class Serving:
    """Streams under uvicorn in a thread."""

    def __init__(self, admit=admit_everybody, **options):
        self.streams = Streams(dsn(), admit, **options)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.server = Listening(self.streams, closing=self.streams.close, host="127.0.0.1", port=self.port)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve(sockets=[self.socket])))
        self.browsers = []

    def browse(self, topics, **asked):
        self.browsers.append(Browser(self.port, topics, **asked))
        return self.browsers[-1]

    def stop(self):
        self.server.handle_exit(15, None)
        self.server._captured_signals.clear()  # it would raise them again at its end
        self.thread.join(PATIENCE)


@contextmanager
def serving(admit=admit_everybody, **options) -> Iterator[Serving]:
    found = Serving(admit, **options)
    found.thread.start()
    try:
        until(lambda: found.streams.listener.listens)
        yield found
    finally:
        found.stop()
        for browser in found.browsers:
            browser.close()
        assert not found.thread.is_alive()


class Browser:
    """Reads one stream, event by event."""

    def __init__(self, port, topics, *, cookie="", method="GET", path="/live/stream"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request(method, f"{path}?topics={topics}", headers={"Cookie": cookie} if cookie else {})
        self.response = self.connection.getresponse()
        self.status = self.response.status
        if self.status == 200:
            assert self.event() == "retry: 2000"

    def event(self):
        """Give the next event, or "" at the end of the stream."""
        lines = []
        while line := self.response.readline().decode():
            if line == "\n":
                break
            lines.append(line.rstrip("\n"))
        return "\n".join(lines)

    def close(self):
        self.response.close()
        self.connection.close()


def publish(*topics):
    with psycopg.connect(dsn(), autocommit=True) as other:
        for topic in topics:
            other.execute("SELECT pg_notify('live', %s)", [topic])


def cut_listeners():
    """Let the database end the connections that listen, as a restart would."""
    with psycopg.connect(dsn(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'contactcenter-live' AND datname = current_database()"
        )


@contextmanager
def pages_and_streams() -> Iterator[int]:
    """Serve all of the application, streams included, over the test database, and give the port."""
    asgi = import_module("contactcenter.asgi")
    streams, before = Streams(dsn(), asgi.admit), asgi.streams
    asgi.streams = streams
    listener = socket.create_server(("127.0.0.1", 0))
    server = Listening(asgi.application, closing=streams.close, host="127.0.0.1", port=0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        until(lambda: streams.listener.listens)
        yield listener.getsockname()[1]
    finally:
        server.handle_exit(15, None)
        server._captured_signals.clear()
        thread.join(PATIENCE)
        asgi.streams = before
        assert not thread.is_alive()


def cookie_of(person) -> str:
    """Log somebody in, and give the session's key."""
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
