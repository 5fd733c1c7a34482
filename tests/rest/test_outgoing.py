"""Requests of ours: to whom they may go, how long they take, and by what a receiver knows them."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from rest import outgoing
from rest.outgoing import NoAnswer, NotAllowed
from tests.patience import PATIENCE

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        match self.path:
            case "/redirect":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
            case "/large":
                self._say(b"x" * (outgoing.MOST_ANSWER + 10))
            case "/drip":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                for _ in range(1000):
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.02)
            case "/nonsense":
                self.wfile.write(b"good day\r\n\r\n")
            case path:
                self._say(json.dumps({"path": path, "body": body.decode(), "type": self.headers["X-Type"]}).encode())

    def _say(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        pass  # who is cut off in the middle complains


@pytest.fixture(scope="module")
def receiver() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def at_home(settings: Any) -> None:
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]


def test_what_is_sent_and_answered(receiver: str, at_home: None) -> None:
    answer = outgoing.post(f"{receiver}/calls?a=1", b"hello", {"X-Type": "news"}, seconds=PATIENCE)

    assert (answer.status, answer.is_cut) == (200, False)
    assert json.loads(answer.body) == {"path": "/calls?a=1", "body": "hello", "type": "news"}
    assert answer.headers["content-length"] == str(len(answer.body))


def test_a_redirect_is_not_followed(receiver: str, at_home: None) -> None:
    assert outgoing.post(f"{receiver}/redirect", b"", {}, seconds=PATIENCE).status == 302


def test_of_a_large_answer_the_beginning_is_kept(receiver: str, at_home: None) -> None:
    answer = outgoing.post(f"{receiver}/large", b"", {}, seconds=PATIENCE)

    assert (len(answer.body), answer.is_cut) == (outgoing.MOST_ANSWER, True)


def test_who_sends_a_byte_at_a_time_is_cut_off_when_the_time_is_over(receiver: str, at_home: None) -> None:
    with pytest.raises(NoAnswer, match=r"No answer within 0.3 seconds"):
        outgoing.post(f"{receiver}/drip", b"", {}, seconds=0.3)


def test_who_says_nothing_is_waited_for_no_longer(at_home: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswer, match="No answer within"):
        outgoing.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"", {}, seconds=0.2)


def test_whoever_speaks_no_http_or_is_not_there(receiver: str, at_home: None) -> None:
    with pytest.raises(NoAnswer, match="not HTTP"):
        outgoing.post(f"{receiver}/nonsense", b"", {}, seconds=PATIENCE)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NoAnswer, match="refuses"):
        outgoing.post(f"http://127.0.0.1:{port}/", b"", {}, seconds=PATIENCE)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[ff02::1]"),
        *("[64:ff9b::a00:1]", "[2002:a00:1::]"),
    ],
)
def test_a_private_address_is_refused_before_and_when_it_is_asked(host: str) -> None:
    url = f"https://{host}/hook"

    assert outgoing.problem(url) == "The address lies in a private network."
    with pytest.raises(NotAllowed):
        outgoing.post(url, b"", {}, seconds=1)


def test_a_name_for_a_private_address_is_refused_when_it_is_asked() -> None:
    assert outgoing.problem("https://localhost/hook") == ""
    with pytest.raises(NotAllowed, match="private network"):
        outgoing.post("https://localhost/hook", b"", {}, seconds=1)


def test_a_network_that_is_allowed_does_not_open_the_others(settings: Any) -> None:
    settings.OUTGOING_PRIVATE_NETWORKS = ["10.0.0.0/8"]

    assert outgoing.problem("http://10.1.2.3/hook") == ""
    assert outgoing.problem("http://192.168.0.1/hook") != ""


def test_without_encryption_only_our_own_networks_are_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "https://" in outgoing.problem("http://crm.example.com/hook")
    settings.OUTGOING_PRIVATE_NETWORKS = ["10.0.0.0/8"]
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: public)

    with pytest.raises(NotAllowed, match="https://"):
        outgoing.post("http://crm.example.com/hook", b"", {}, seconds=1)


def test_a_public_address_without_encryption_is_refused_before_it_is_asked(settings: Any) -> None:
    settings.OUTGOING_PRIVATE_NETWORKS = ["10.0.0.0/8"]

    assert "https://" in outgoing.problem("http://8.8.8.8/hook")
    assert outgoing.problem("https://8.8.8.8/hook") == ""
    assert outgoing.problem("http://10.1.2.3/hook") == ""


def test_one_private_address_among_those_of_a_host_is_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.215.14", "192.168.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(NotAllowed):
        outgoing.post("https://crm.example.com/hook", b"", {}, seconds=1)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "crm.example.com",
            "ftp://crm.example.com/",
            "https://",
            "https://a:b@crm.example.com/",
            "https://x:99999/",
        ),
        *("https://crm.example.com/\r\nX: y", "file:///etc/passwd", "https://[::1", "https://crm.example.com:0/"),
    ],
)
def test_what_is_no_address_of_the_web(url: str) -> None:
    assert outgoing.problem(url)
    with pytest.raises(NotAllowed):
        outgoing.post(url, b"", {}, seconds=1)


def test_the_signature_is_one_that_others_verify() -> None:
    at, body = datetime.now(UTC), b'{"a": 1}'
    old, new, other = outgoing.new_secret(), outgoing.new_secret(), outgoing.new_secret()
    headers = outgoing.signed([new, old], message="msg_1", at=at, body=body)

    assert Webhook(old).verify(body, headers) == {"a": 1}
    assert Webhook(new).verify(body, headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", headers)


@pytest.mark.parametrize(
    ("secret", "good"),
    [
        ("whsec_L55LiNz80zjM6B7Qhyvr+tPKEKwrJpvMka39iuXc4LY=", True),
        ("", False),
        ("whsec_", False),
        ("whsec_c2hvcnQ=", False),
        ("whsec_%%%", False),
    ],
)
def test_what_a_secret_looks_like(secret: str, *, good: bool) -> None:
    assert (outgoing.secret_problem(secret) == "") == good
