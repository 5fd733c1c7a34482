"""What lies under the Twilio library: pooled connections, time-outs, and an address that need not be Twilio's."""

import logging
import os
from functools import lru_cache
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.05
READ_SECONDS = 15.0


def timeout() -> tuple[float, float]:
    """Give the seconds to connect and to wait for each piece of an answer. The library itself would wait for ever."""
    return CONNECT_SECONDS, READ_SECONDS


@lru_cache(maxsize=1)
def session() -> requests.Session:
    """Give this process's connections. Tests mount an adapter here that leads to a simulator."""
    made = requests.Session()
    made.mount("https://", HTTPAdapter(pool_maxsize=settings.TWILIO_CONCURRENCY))
    made.mount("http://", HTTPAdapter(pool_maxsize=settings.TWILIO_CONCURRENCY))
    return made


# Two processes must not speak on one connection: a forked worker opens its own.
os.register_at_fork(after_in_child=session.cache_clear)


class Failed(Exception):
    """An answer of 400 and above: Twilio's own code and words where it gives them."""

    def __init__(self, reply: requests.Response) -> None:
        try:
            body = reply.json()
        except ValueError:
            body = None
        told = body if isinstance(body, dict) else {}
        code, words = told.get("code"), told.get("message") or told.get("detail") or told.get("title") or reply.reason
        self.status = reply.status_code
        self.code = code if isinstance(code, int) else reply.status_code
        self.message = str(words or "no reason given")
        super().__init__(self.status, self.code, self.message)


class Transport(HttpClient):
    """Sends the library's requests through our session; logs none, because they hold numbers.

    Raises `Failed` itself, since the library tells a failure in three unrelated ways, depending on what was asked.
    """

    def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: Any = None,
        allow_redirects: bool = False,
    ) -> Response:
        reply = session().request(
            method.upper(),
            url,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=timeout or (CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=allow_redirects,
        )
        if reply.status_code >= 400:
            raise Failed(reply)
        return Response(reply.status_code, reply.text, reply.headers)


@lru_cache(maxsize=4)
def client_for(account_sid: str, username: str, password: str, base_url: str, edge: str, region: str) -> Client:
    """Make the library's client. It would read the process's environment unless given another that is not empty."""
    made = Client(
        username,
        password,
        account_sid,
        # edge and region are written into the host name, which is not Twilio's when a base URL is set
        region=None if base_url else region or None,
        edge=None if base_url else edge or None,
        environment={"": ""},
        http_client=Transport(logger, is_async=False),
    )
    if base_url:
        for product in (made.api, made.lookups, made.pricing):
            product.base_url = base_url
    return made


def never_connected(error: requests.ConnectionError) -> bool:
    """Tell whether a failure came before anything was sent."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
