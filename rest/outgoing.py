"""Requests of ours to addresses that people have named: signed, bounded in time and size, never into private networks.

Nothing is followed and nothing is repeated here: a redirect is an answer like any other, and who wants another try
asks again. Signatures are those of the Standard Webhooks convention (https://www.standardwebhooks.com).
"""

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import secrets
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

import certifi
from django.conf import settings

PREFIX = "whsec_"
ONLY_HTTPS = "Only addresses that begin with https:// are asked."
MOST_ANSWER = 64 * 1024
#: IPv6 that only wraps an IPv4 address, and would be a way around what is refused
_WRAPPED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """The address may not be asked from here. The message is a sentence for a person."""


class NoAnswer(Exception):
    """Nobody answered, in time and in full. The message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address said; of a body only the first `MOST_ANSWER` bytes, and then `is_cut`."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: int
    is_cut: bool = False


def new_secret() -> str:
    """Make a secret by which a receiver knows our requests."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def secret_problem(secret: str) -> str:
    """Tell what is wrong with a secret that somebody has typed; "" if nothing."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        return f"A secret is {PREFIX} and 24 to 64 bytes as base64."
    return ""


def signed(keys: Sequence[str], *, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """Give the headers that sign `body` under the id `message`, once for each secret: two while one is replaced."""
    stamp = str(int(at.timestamp()))
    told = b".".join((message.encode(), stamp.encode(), body))
    signatures = []
    for secret in keys:
        digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), told, hashlib.sha256).digest()
        signatures.append(f"v1,{base64.b64encode(digest).decode()}")
    return {"webhook-id": message, "webhook-timestamp": stamp, "webhook-signature": " ".join(signatures)}


def problem(url: str) -> str:
    """Tell why `url` may not be asked, as far as can be seen without looking its host up; "" if it may."""
    try:
        address = _split(url)
        literal = _literal(address.hostname or "")
        if literal is not None and not _check(literal) and address.scheme == "http":
            raise NotAllowed(ONLY_HTTPS)
    except NotAllowed as refused:
        return str(refused)
    return ""


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
    """Send `body`, and give what is answered within `seconds`, whatever the status. Raises NotAllowed and NoAnswer.

    Each address that the host has must be allowed, and the one that was looked at is the one that is asked: nobody
    can answer differently to a second look-up.
    """
    address = _split(url)
    began = time.monotonic()
    connection = _connection(address, seconds)
    # a timeout counts anew with each byte; this ends whoever sends one a second
    guard = Timer(seconds, _end, [connection])
    guard.daemon = True
    guard.start()
    try:
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        connection.request("POST", path, body, {"User-Agent": "contactcenter", **headers})
        response = connection.getresponse()
        content = response.read(MOST_ANSWER + 1)
        took = time.monotonic() - began
        if took >= seconds:  # the guard has cut it off: what looks like an end may be the middle
            raise NoAnswer(f"No answer within {seconds:g} seconds.")
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, content[:MOST_ANSWER], round(took * 1000), len(content) > MOST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() - began >= seconds or isinstance(error, TimeoutError):
            raise NoAnswer(f"No answer within {seconds:g} seconds.") from error
        raise NoAnswer(_why(error)) from error
    finally:
        guard.cancel()
        connection.close()


def _split(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        port, host = address.port, address.hostname
    except ValueError as error:
        raise NotAllowed("This is no address of the web.") from error
    if not host or address.scheme not in ("https", "http") or port == 0 or not url.isascii() or not url.isprintable():
        raise NotAllowed("This is no address of the web.")
    if address.username is not None or address.password is not None:
        raise NotAllowed("An address must hold no user and no password: our signature is what proves who asks.")
    if address.scheme == "http" and not settings.OUTGOING_PRIVATE_NETWORKS:
        raise NotAllowed(ONLY_HTTPS)
    return address


def _connection(address: SplitResult, seconds: float) -> "_Plain | _Encrypted":
    kind = _Encrypted if address.scheme == "https" else _Plain
    return kind(address.hostname or "", address.port or kind.default_port, timeout=seconds)


class _Plain(http.client.HTTPConnection):
    """Plain text, which only allowed networks of our own are asked in. `opened` stays known while an answer is read."""

    opened: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self.opened = _connect(self.host, self.port, self.timeout or 0, is_plain=True)


class _Encrypted(http.client.HTTPSConnection):
    opened: socket.socket | None = None

    def connect(self) -> None:
        context = ssl.create_default_context(cafile=certifi.where())
        self.opened = _connect(self.host, self.port, self.timeout or 0)
        self.sock = self.opened = context.wrap_socket(self.opened, server_hostname=self.host)


def _connect(host: str, port: int, seconds: float, *, is_plain: bool = False) -> socket.socket:
    literal = _literal(host)
    if literal is None:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    else:
        addresses = [literal]
    for address in addresses:
        if not _check(address) and is_plain:
            raise NotAllowed(ONLY_HTTPS)
    return socket.create_connection((str(addresses[0]), port), seconds)


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _check(address: IpAddress) -> bool:
    """Tell whether an address lies in a network of ours that is allowed. Raises NotAllowed where it must not be asked.

    Besides those, only public addresses are asked: not the machine itself, its network, or its provider's own services.
    """
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in ipaddress.ip_network(network) for network in settings.OUTGOING_PRIVATE_NETWORKS):
        return True
    wrapped = any(address in network for network in _WRAPPED)
    if wrapped or not address.is_global or address.is_multicast or address.is_reserved:
        raise NotAllowed("The address lies in a private network.")
    return False


def _end(connection: _Plain | _Encrypted) -> None:
    try:
        if connection.opened is not None:
            connection.opened.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended by itself


def _why(error: Exception) -> str:
    match error:
        case socket.gaierror():
            return "The host cannot be found."
        case ConnectionRefusedError():
            return "The host refuses the connection."
        case ssl.SSLCertVerificationError():
            return f"The certificate is not valid: {error.verify_message}."
        case ssl.SSLError():
            return "No encrypted connection could be made."
        case http.client.HTTPException() | ValueError():
            return "The answer is not HTTP."
        case _:
            return "The connection broke off."
