"""How requests leave the simulator: a protocol, and the live implementation over HTTP."""

from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Protocol

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict


class ConnectFailed(Exception):
    """Raise when no connection could be made: nothing was sent."""


class ReadTimedOut(Exception):
    """Raise when the request was sent and no answer came in time."""


class ProtocolBroken(Exception):
    """Raise when what came back is no HTTP, or broke off."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to the application, complete with signature and body."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""
    connect_timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What the application answered; a header may repeat (Set-Cookie), so headers are pairs."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the first value of a header, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Transport(Protocol):
    """Whatever carries a request to the application: HTTP for people, Django's test client in tests."""

    def send(self, request: HttpRequest, timeout: float) -> HttpReply:
        """Send once, without following redirects; raise `ConnectFailed`, `ReadTimedOut` or `ProtocolBroken`."""
        ...


class RequestsTransport:
    """Send over real HTTP."""

    CONNECTIONS = 32

    def __init__(self) -> None:
        self._session = requests.Session()
        # Cookies belong to calls, not to this connection pool, and proxies of the environment are not Twilio's.
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers = CaseInsensitiveDict()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=self.CONNECTIONS))

    def send(self, request: HttpRequest, timeout: float) -> HttpReply:
        """Send one request without redirects, cookies or content of our own."""
        prepared = requests.Request(request.method, request.url, headers=request.headers, data=request.body).prepare()
        # requests re-quotes URLs; the signature covers ours to the letter.
        prepared.url = request.url
        try:
            answer = self._session.send(
                prepared, timeout=(min(timeout, request.connect_timeout), timeout), allow_redirects=False
            )
        except requests.ReadTimeout as error:
            raise ReadTimedOut(str(error)) from error
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
            raise ProtocolBroken(str(error)) from error
        except requests.RequestException as error:
            raise ConnectFailed(str(error)) from error
        # The body comes unpacked, so the header that said it was packed would mislead.
        headers = tuple((k, v) for k, v in answer.raw.headers.items() if k.lower() != "content-encoding")
        return HttpReply(status=answer.status_code, headers=headers, body=answer.content)
