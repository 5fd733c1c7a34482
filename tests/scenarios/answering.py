"""A computer of the owner, on this machine: it hears our questions, and answers as it is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from django.test import override_settings

from tests.patience import PATIENCE


@dataclass
class Computer:
    """`reply` is what it answers, as text or as JSON; it `hangs` until it is let go."""

    address: str = ""
    reply: Any = field(default_factory=dict)
    status: int = 200
    hangs: bool = False
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    released: Event = field(default_factory=Event)


@contextmanager
def answering() -> Iterator[Computer]:
    """Run one, and allow questions to it."""
    computer = Computer()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            computer.bodies.append(body)
            computer.headers.append({name.lower(): value for name, value in self.headers.items()})
            computer.heard.append(json.loads(body))
            if computer.hangs:
                computer.released.wait(PATIENCE)
            reply = computer.reply if isinstance(computer.reply, str) else json.dumps(computer.reply)
            self.send_response(computer.status)
            self.send_header("Content-Length", str(len(reply.encode())))
            self.end_headers()
            self.wfile.write(reply.encode())

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # who has waited long enough is gone

    allowed = override_settings(OUTGOING_PRIVATE_NETWORKS=["127.0.0.0/8"])
    with allowed, Server(("127.0.0.1", 0), Door) as server:
        computer.address = f"http://127.0.0.1:{server.server_port}/callers"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield computer
        finally:
            computer.released.set()
            server.shutdown()
