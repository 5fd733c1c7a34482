"""The seam between our REST client and the simulator: an adapter of `requests` that leads into the simulator."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import requests
from django.conf import settings
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.structures import CaseInsensitiveDict

from telephony.transport import session


class RestAnswer(Protocol):
    status: int
    headers: dict[str, str]
    body: bytes


class Rest(Protocol):
    """What of a `simulator.Simulator` is used here."""

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> RestAnswer: ...


class RestAdapter(BaseAdapter):
    """Hands each request to `twilio.rest` and gives its answer. What is named in `silences` becomes a read time-out."""

    def __init__(self, twilio: Rest, silences: tuple[type[Exception], ...]) -> None:
        super().__init__()
        self.twilio, self.silences = twilio, silences

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        try:
            answer = self.twilio.rest(
                request.method or "",
                url.path,
                parse_qsl(url.query, keep_blank_values=True),
                parse_qsl(body, keep_blank_values=True),
                request.headers.get("Authorization", ""),
            )
        except self.silences as silence:
            raise requests.ReadTimeout(request=request) from silence
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.raw = BytesIO(answer.body)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        pass


@contextmanager
def reached(twilio: Rest, *silences: type[Exception]) -> Iterator[None]:
    """Let our client reach this simulator (`settings.TWILIO_API_BASE_URL`) in place of the network."""
    address = settings.TWILIO_API_BASE_URL
    session().mount(address, RestAdapter(twilio, silences))
    try:
        yield
    finally:
        session().mount(address, HTTPAdapter())
