"""The real Twilio library, speaking to a simulator in the same process."""

import base64
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests import ReadTimeout
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from simulator.simulator import NoAnswer, RestResponse, Simulator
from tests.simulator.world import ACCOUNT, TOKEN


def authorization(user: str = ACCOUNT, secret: str = TOKEN) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


class InProcess(HttpClient):
    """Carries the library's requests to a simulator, encoded as they would be on the wire."""

    def __init__(self, sim: Simulator) -> None:
        self.is_async = False
        self.sim = sim

    def request(
        self, method, uri, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False
    ):
        parts = urlsplit(uri)
        query = parse_qsl(parts.query, keep_blank_values=True) + pairs(params)
        try:
            answer = self.sim.rest(method.upper(), parts.path, query, pairs(data), authorization(*auth))
        except NoAnswer as error:
            raise ReadTimeout(str(error)) from error
        return Response(answer.status, answer.body.decode(), answer.headers)


def pairs(values: Any) -> list[tuple[str, str]]:
    return parse_qsl(urlencode(values or {}, doseq=True), keep_blank_values=True)


def client(sim: Simulator, user: str = ACCOUNT, secret: str = TOKEN) -> Client:
    return Client(user, secret, account_sid=ACCOUNT, http_client=InProcess(sim))


def get(sim: Simulator, path: str, *, login: str | None = None) -> RestResponse:
    parts = urlsplit(path)
    base = f"/2010-04-01/Accounts/{ACCOUNT}"
    query = parse_qsl(parts.query, keep_blank_values=True)
    return sim.rest("GET", base + parts.path, query, [], authorization() if login is None else login)
