"""A simulator on loopback over real HTTP, and a TwiML application of a few lines for it."""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from starlette.responses import PlainTextResponse

from simulator.__main__ import Listening
from simulator.audio import SpokenVoice
from simulator.production import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from simulator.server import Server
from simulator.simulator import RealClock, RequestsTransport, Simulator
from tests.patience import PATIENCE, until

PAGE = {"X-Simulator-Page": "1"}


@dataclass
class TwimlApp:
    """Answers each path with its document, and remembers what was asked."""

    documents: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""


@contextmanager
def twiml_app(documents: Mapping[str, str]) -> Iterator[TwimlApp]:
    """Serve documents by path on a free port."""
    app = TwimlApp(dict(documents))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            path = urlsplit(self.path).path
            app.asked.append((path, dict(parse_qsl(body, keep_blank_values=True))))
            document = app.documents.get(path, "")
            self.send_response(200 if document else 204)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(document.encode())))
            self.end_headers()
            self.wfile.write(document.encode())

        def log_message(self, *args):
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    app.url = f"http://127.0.0.1:{web.server_address[1]}"
    try:
        yield app
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


@dataclass
class Live:
    """A running simulator."""

    url: str
    simulator: Simulator
    server: Server

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=PATIENCE, **options)

    def post(self, path: str, data: object = None, **options: Any) -> requests.Response:
        options.setdefault("headers", PAGE)
        return requests.post(self.url + path, json=data or {}, timeout=PATIENCE, **options)

    def snapshot(self, since: int = 0) -> dict[str, Any]:
        return self.get(f"/sim/snapshot?since={since}").json()

    def forgets_after(self, seconds: float) -> None:
        """Let pages that register, or stop listening, from now on be forgotten so soon."""
        self.server._edge._gone_seconds = seconds

    def wait_for(self, found: Callable[[dict[str, Any]], Any]) -> Any:
        """Return what is found in a snapshot, as soon as it is."""
        return until(lambda: found(self.snapshot()), self.snapshot)


class Host:
    """One server for all simulators of this process, one after the other: starting and ending one takes its time.

    While there is none, it answers 503.
    """

    def __init__(self) -> None:
        self.app = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        web = Listening(SimpleNamespace(app=self, close=lambda: None))
        threading.Thread(target=web.run, kwargs={"sockets": [self.listener]}, daemon=True).start()

    async def __call__(self, scope, receive, send):
        await (self.app or PlainTextResponse("There is no simulator.", 503))(scope, receive, send)


@cache
def host(_process: int) -> Host:
    return Host()


@contextmanager
def live_simulator(
    *,
    account_sid: str = SIMULATED_ACCOUNT,
    auth_token: str = SIMULATED_TOKEN,
    speed: float = 1.0,
    api_keys: Mapping[str, str] | None = None,
    **options: Any,
) -> Iterator[Live]:
    """Run a simulator on a port of this process."""
    here = host(os.getpid())
    assert here.app is None, "one at a time"
    clock = RealClock(speed=speed)
    simulator = Simulator(
        account_sid=account_sid,
        auth_token=auth_token,
        transport=RequestsTransport(),
        clock=clock,
        voice=SpokenVoice(programs=()),
        api_keys=api_keys,
        rest_base_url=here.url,
        recording_delay=0.2,
    )
    server = Server(simulator, **options)
    here.app = server.app
    try:
        yield Live(here.url, simulator, server)
    finally:
        here.app = None
        server.close()
        clock.stop()
