"""A provider on loopback that answers as it is told, over real sockets."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    status: int = 200
    body: object = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    breaks: bool = False  # closes the connection in the middle of the answer

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Asked:
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def field(self, name: str) -> list[str]:
        """Give the values of a field of a multipart form."""
        marker = f'name="{name}"'.encode()
        parts = self.body.split(b"--" + self.headers["Content-Type"].partition("boundary=")[2].encode())
        return [part.partition(b"\r\n\r\n")[2][:-2].decode("latin-1") for part in parts if marker in part]


@dataclass
class Server:
    url: str
    answers: list[Answer]
    asked: list[Asked] = field(default_factory=list)

    def answer(self, *answers: Answer) -> None:
        """Answer so from now on; the last again and again."""
        self.answers[:] = answers


@contextmanager
def server() -> Iterator[Server]:
    """Serve on loopback until left."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.asked.append(Asked(parts.path, parse_qs(parts.query), dict(self.headers), body))
            answer = made.answers.pop(0) if len(made.answers) > 1 else made.answers[0]
            time.sleep(answer.delay)
            content = answer.content()
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content) + (100 if answer.breaks else 0)))
                self.end_headers()
                self.wfile.write(content)
            except BrokenPipeError:
                pass  # who asked did not wait

        def log_message(self, *_arguments):
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Server(f"http://127.0.0.1:{listener.server_port}", [Answer()])
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
