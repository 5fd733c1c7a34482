"""Signed requests to the application, the way Twilio sends them.

One call of `Webhooks.deliver` is one webhook: its retries share an idempotency token, and HTTP redirects are followed
with GET and without the call's parameters, as Twilio does.
"""

import base64
import gzip
import random
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote, urlencode, urljoin, urlsplit, urlunsplit

from simulator.clock import Clock
from simulator.exchanges import Exchange, Exchanges, Kind, violation
from simulator.overrides import Overrides, split
from simulator.process import Interruption, Outside, Steps, Wait
from simulator.signature import signature
from simulator.transport import (
    ConnectFailed,
    HttpReply,
    HttpRequest,
    ProtocolBroken,
    ReadTimedOut,
    Transport,
)

MAX_REDIRECTS = 10
MAX_KEPT_BODY = 65_536

HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]")

Result = HttpReply | ConnectFailed | ReadTimedOut | ProtocolBroken


class WebhookFailed(Exception):
    """Raise when a webhook brought no usable answer; `code` is Twilio's error."""

    def __init__(self, code: int, url: str, detail: str = "", exchange: Exchange | None = None) -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.url = url
        self.detail = detail
        self.exchange = exchange


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a webhook, and the URL it came from in the end."""

    url: str
    reply: HttpReply
    exchange: Exchange


class Cookies:
    """The cookies of one call, by host."""

    def __init__(self) -> None:
        self._jars: dict[str, dict[str, str]] = {}

    def header(self, url: str) -> str:
        """Return the Cookie header for a URL, or an empty string."""
        return "; ".join(f"{name}={value}" for name, value in self._jars.get(urlsplit(url).netloc, {}).items())

    def store(self, url: str, reply: HttpReply) -> None:
        """Keep what the reply sets."""
        jar = self._jars.setdefault(urlsplit(url).netloc, {})
        for name, value in reply.headers:
            if name.lower() == "set-cookie":
                self._store_one(jar, value)

    @staticmethod
    def _store_one(jar: dict[str, str], header: str) -> None:
        try:
            morsels = SimpleCookie(header)
        except CookieError:
            return
        for key, morsel in morsels.items():
            if morsel["max-age"] == "0":
                jar.pop(key, None)
            else:
                jar[key] = morsel.coded_value


@dataclass(slots=True)
class Webhook:
    """One webhook on its way."""

    kind: Kind
    method: str
    url: str
    fields: dict[str, str]
    call_sid: str
    cookies: Cookies
    repeatable: bool
    token: str
    keeps_port: bool


class Webhooks:
    """The account's way to the application."""

    def __init__(
        self,
        *,
        auth_token: str,
        transport: Transport,
        clock: Clock,
        exchanges: Exchanges,
        dice: random.Random,
    ) -> None:
        self._auth_token = auth_token
        self._transport = transport
        self._clock = clock
        self._exchanges = exchanges
        self._dice = dice

    def deliver(
        self,
        url: str,
        *,
        kind: Kind,
        method: str = "POST",
        fields: Mapping[str, str] | None = None,
        call_sid: str = "",
        cookies: Cookies | None = None,
        repeat: bool = False,
        token: str = "",
        keeps_port: bool = False,
    ) -> Steps[Answer]:
        """Send a webhook and return its answer (2xx only); raise `WebhookFailed` otherwise.

        `keeps_port`: it is about a text, where the port of an HTTPS address is signed.
        With `repeat` the first answer counts as lost, and the same request goes out again under the same token.
        """
        bare, overrides, found = split(url)
        webhook = Webhook(
            kind=kind,
            method=method,
            url=bare,
            fields=dict(fields or {}),
            call_sid=call_sid,
            cookies=cookies or Cookies(),
            repeatable=repeat,
            token=token or self.new_token(),
            keeps_port=keeps_port,
        )
        self._refuse_bad_url(webhook)
        for hop in range(MAX_REDIRECTS + 1):
            reply, exchange = yield from self._tries(webhook, overrides)
            if hop == 0:
                exchange.violations += found
            location = reply.header("Location")
            if not (300 <= reply.status < 400 and location):
                return self._accepted(webhook, reply, exchange)
            if webhook.fields:
                exchange.violations.append(
                    violation(0, "warning", "This redirect is followed with GET and without the call's parameters")
                )
            webhook.method, webhook.url, webhook.fields = "GET", urljoin(webhook.url, location), {}
            self._refuse_bad_url(webhook)
        raise self._failed(webhook, exchange, 11215, f"more than {MAX_REDIRECTS}")

    def new_token(self) -> str:
        """Return an idempotency token, from the simulator's own dice: a seed repeats a whole run."""
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))

    def _refuse_bad_url(self, webhook: Webhook) -> None:
        try:
            parts = urlsplit(webhook.url)
            host = parts.hostname or ""
            _ = parts.port
        except ValueError:
            raise self._not_sent(webhook, 11100, "this is no URL") from None
        if parts.scheme not in ("http", "https") or not host:
            raise self._not_sent(webhook, 11100, "it must be absolute, with http or https")
        if not HOST.fullmatch(parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")):
            raise self._not_sent(webhook, 11210, "letters, digits, hyphens and dots only")

    def _not_sent(self, webhook: Webhook, code: int, detail: str) -> WebhookFailed:
        exchange = self._record(webhook, status=0, body="", began=self._clock.now())
        return self._failed(webhook, exchange, code, detail)

    @staticmethod
    def _failed(webhook: Webhook, exchange: Exchange, code: int, detail: str) -> WebhookFailed:
        if webhook.kind != "status callback":
            exchange.violations.append(violation(code, "error", detail))
        return WebhookFailed(code, webhook.url, detail, exchange)

    def _accepted(self, webhook: Webhook, reply: HttpReply, exchange: Exchange) -> Answer:
        if not 200 <= reply.status < 300:
            raise self._failed(webhook, exchange, 11200, f"HTTP {reply.status}")
        return Answer(url=webhook.url, reply=reply, exchange=exchange)

    def _tries(self, webhook: Webhook, overrides: Overrides) -> Steps[tuple[HttpReply, Exchange]]:
        began = self._clock.now()
        for left in range(overrides.retries, -1, -1):
            spent = (self._clock.now() - began).total_seconds()
            left_to_read = max(0.1, min(overrides.read, overrides.total - spent))
            result, exchange = yield from self._once(webhook, overrides.connect, left_to_read)
            if webhook.repeatable and isinstance(result, HttpReply):
                webhook.repeatable = False
                exchange.violations.append(
                    violation(0, "warning", "Fault: this answer is lost, the request is repeated")
                )
                result, exchange = yield from self._once(webhook, overrides.connect, overrides.read)
            trouble = self._trouble(result)
            in_time = (self._clock.now() - began).total_seconds() < overrides.total
            if not (trouble and left and in_time and overrides.retries_after(trouble)):
                break
        if isinstance(result, HttpReply):
            return result, exchange
        match result:
            case ConnectFailed():
                raise self._failed(webhook, exchange, 11205, "no connection")
            case ReadTimedOut():
                raise self._failed(webhook, exchange, 11200, "no answer in time")
            case ProtocolBroken():
                raise self._failed(webhook, exchange, 11206, "the answer is no HTTP or broke off")

    @staticmethod
    def _trouble(result: Result) -> str:
        match result:
            case ConnectFailed():
                return "ct"
            case HttpReply(status=status):
                return f"{status // 100}xx" if status >= 400 else ""
            case _:
                return "rt"

    def _once(self, webhook: Webhook, connect: float, timeout: float) -> Steps[tuple[Result, Exchange]]:
        request = self._request(webhook, connect)
        began = self._clock.now()
        try:
            result: Result = yield Outside(lambda: self._send(request, timeout))
            if isinstance(result, ReadTimedOut) and self._clock.inline:
                yield Wait(timeout)
        except Interruption:
            exchange = self._record(webhook, status=0, body="", began=began)
            exchange.violations.append(violation(0, "warning", "The call went on before the answer came"))
            raise
        if isinstance(result, HttpReply):
            result = _unpacked(result)
            webhook.cookies.store(webhook.url, result)
            body = result.body[:MAX_KEPT_BODY].decode("utf-8", "replace") if _is_text(result) else ""
            return result, self._record(webhook, status=result.status, body=body, began=began)
        return result, self._record(webhook, status=0, body="", began=began)

    def _record(self, webhook: Webhook, *, status: int, body: str, began: datetime) -> Exchange:
        return self._exchanges.record(
            webhook.kind,
            call_sid=webhook.call_sid,
            method=webhook.method,
            url=webhook.url,
            fields=webhook.fields,
            status=status,
            body=body,
            began=began,
        )

    def _send(self, request: HttpRequest, timeout: float) -> Result:
        try:
            return self._transport.send(request, timeout)
        except (ConnectFailed, ReadTimedOut, ProtocolBroken) as error:
            return error

    def _request(self, webhook: Webhook, connect: float) -> HttpRequest:
        url, authorization = _without_user(webhook.url)
        headers = {
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Cache-Control": "max-age=259200",
            "I-Twilio-Idempotency-Token": webhook.token,
            "User-Agent": "TwilioProxy/1.1",
            "X-Home-Region": "us1",
        }
        body = b""
        fields = list(webhook.fields.items())
        if webhook.method == "GET":
            if fields:
                url += ("&" if urlsplit(url).query else "?") + urlencode(fields)
            headers["X-Twilio-Signature"] = signature(self._auth_token, url, keeps_port=webhook.keeps_port)
        else:
            body = urlencode(fields).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            headers["X-Twilio-Signature"] = signature(self._auth_token, url, fields, keeps_port=webhook.keeps_port)
        if authorization:
            headers["Authorization"] = authorization
        if cookie := webhook.cookies.header(url):
            headers["Cookie"] = cookie
        return HttpRequest(method=webhook.method, url=url, headers=headers, body=body, connect_timeout=connect)


def _without_user(url: str) -> tuple[str, str]:
    """Return the URL without user-info, and that as a Basic Authorization header."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ""
    credentials = base64.b64encode(unquote(user).encode()).decode()
    return urlunsplit((parts.scheme, host, parts.path, parts.query, "")), f"Basic {credentials}"


def _unpacked(reply: HttpReply) -> HttpReply:
    if reply.header("Content-Encoding").lower() != "gzip":
        return reply
    headers = tuple(pair for pair in reply.headers if pair[0].lower() != "content-encoding")
    return HttpReply(status=reply.status, headers=headers, body=gzip.decompress(reply.body))


def _is_text(reply: HttpReply) -> bool:
    kind = reply.header("Content-Type").lower()
    return not kind or kind.startswith("text/") or "xml" in kind or "json" in kind
