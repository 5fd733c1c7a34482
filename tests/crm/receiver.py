"""A subscriber's server for tests: takes events, answers as told, and remembers what came."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.patience import PATIENCE


@dataclass
class Came:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answers` are given in turn, a status and headers; without any left, 204. `holds` is waited for before each."""

    url: str = ""
    came: list[Came] = field(default_factory=list)
    answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    refuses: set[str] = field(default_factory=set)  # ids of events that are answered with 500
    holds: threading.Event | None = None
    most_at_once: int = 0
    now: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def types(self) -> list[str]:
        return [one.event["type"] for one in self.came]

    @property
    def positions(self) -> list[int]:
        return [one.event["position"] for one in self.came]

    def take(self, came: Came) -> tuple[int, dict[str, str]]:
        with self.lock:
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
        if self.holds is not None:
            self.holds.wait(PATIENCE)
        with self.lock:
            self.now -= 1
            self.came.append(came)
            if came.headers.get("webhook-id") in self.refuses:
                return 500, {}
            return self.answers.popleft() if self.answers else (204, {})


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = receiver.take(Came(self.path, headers, body))
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", "2")
            self.end_headers()
            if status != 204:
                self.wfile.write(b"no")

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
