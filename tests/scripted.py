"""A REST server on this machine that answers as told, for tests of single tasks. Whole calls use the simulator."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import override_settings


class Scripted:
    """Answers by the end of the address: status, body (objects go as JSON), and a length to claim in place of the true.

    What is asked by another method than GET is named with it: `DELETE .json`.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any, int | None]] = {}
        self.requests: list[tuple[str, str]] = []  # path and Authorization
        self.asked: list[tuple[str, str]] = []  # method and path
        self.queries: list[str] = []

    def answer(self, ending: str, status: int, body: Any, *, claimed_length: int | None = None) -> None:
        self.answers[ending] = (status, body, claimed_length)

    def find(self, method: str, *addresses: str) -> tuple[int, Any, int | None] | None:
        for ending, answer in self.answers.items():
            wanted, _, end = ending.rpartition(" ")
            if (wanted or "GET") == method and any(address.endswith(end) for address in addresses):
                return answer
        return None

    def refuse(self, ending: str) -> None:
        self.answer(ending, 404, {"code": 20404, "message": "not found", "more_info": "", "status": 404})


@contextmanager
def twilio() -> Iterator[Scripted]:
    """Put such a server in Twilio's place. What it has no answer for is 503, which makes Twilio unreachable."""
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            script.requests.append((path, self.headers.get("Authorization", "")))
            script.asked.append((self.command, path))
            script.queries.append(query)
            status, body, claimed = script.find(self.command, self.path, path) or (503, {}, None)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "audio/x-wav" if isinstance(body, bytes) else "application/json")
            self.send_header("Content-Length", str(len(content) if claimed is None else claimed))
            self.end_headers()
            self.wfile.write(content)

        do_DELETE = do_GET  # noqa: N815

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        with override_settings(TWILIO_API_BASE_URL=f"http://127.0.0.1:{server.server_port}"):
            yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
