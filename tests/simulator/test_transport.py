"""The live transport against a server on loopback."""

import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from simulator.transport import ConnectFailed, HttpRequest, ProtocolBroken, ReadTimedOut, RequestsTransport

ANSWERS = {
    "/ok": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok",
    "/moved": b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
    "/broken": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "/packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
    % (len(gzip.compress(b"packed", mtime=0)), gzip.compress(b"packed", mtime=0)),
}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.seen.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        if self.path == "/slow":
            time.sleep(0.5)
        self.wfile.write(ANSWERS.get(self.path.partition("?")[0], b""))
        self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(server, path: str, timeout: float = 5.0):
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    return RequestsTransport().send(
        HttpRequest("POST", url, {"User-Agent": "TwilioProxy/1.1", "Content-Type": "text/x"}, b"a=b"), timeout
    )


def test_a_request_goes_out_as_it_is(server):
    reply = send(server, "/ok?x=a%2Fb&y=%7E")

    path, headers, body = server.seen[0]
    assert path == "/ok?x=a%2Fb&y=%7E"
    assert body == b"a=b"
    assert (headers["User-Agent"], headers["Content-Type"]) == ("TwilioProxy/1.1", "text/x")
    assert (reply.status, reply.body) == (200, b"ok")
    assert [value for name, value in reply.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_cookies_are_not_kept_and_redirects_not_followed(server):
    transport = RequestsTransport()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    transport.send(HttpRequest("POST", f"{base}/ok", {}, b""), 5)
    reply = transport.send(HttpRequest("POST", f"{base}/moved", {}, b""), 5)

    assert "Cookie" not in server.seen[1][1]
    assert (reply.status, reply.header("location")) == (302, "/ok")


def test_a_packed_answer_comes_unpacked(server):
    reply = send(server, "/packed")

    assert reply.body == b"packed"
    assert reply.header("Content-Encoding") == ""


def test_no_server_is_a_failed_connection():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(ConnectFailed):
        RequestsTransport().send(HttpRequest("POST", f"http://127.0.0.1:{port}/", {}, b""), 5)


def test_a_slow_answer_is_a_read_time_out(server):
    with pytest.raises(ReadTimedOut):
        send(server, "/slow", timeout=0.1)


def test_an_answer_that_breaks_off_is_a_broken_protocol(server):
    with pytest.raises(ProtocolBroken):
        send(server, "/broken")
