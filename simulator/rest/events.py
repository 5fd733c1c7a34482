"""Events of a call: every request that its application got for it, and how it answered."""

import re
from dataclasses import dataclass

from simulator.exchanges import Exchange
from simulator.legs import rfc2822
from simulator.rest.paging import page
from simulator.rest.request import RestRequest, RestResponse, answer

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Event:
    """An exchange that can be listed."""

    sid: str
    exchange: Exchange


def list_(request: RestRequest, call_sid: str) -> RestResponse:
    """Return a page of them, oldest first; Twilio itself shows them some minutes after the call."""
    if call_sid not in request.board.legs:
        raise request.not_found()
    found = [
        _Event(str(each.id), each)
        for each in request.board.exchanges
        if each.call_sid == call_sid and each.kind in ("request to app", "status callback")
    ]
    return answer(200, page(request, "events", found[::-1], _shape, lambda _: True))


def _shape(event: _Event) -> dict[str, object]:
    exchange = event.exchange
    return {
        "request": {
            "url": exchange.url,
            "method": exchange.method,
            "parameters": {_WORD.sub("_", name).lower(): value for name, value in exchange.fields.items()},
        },
        "response": {
            "response_code": exchange.status,
            "response_body": exchange.body,
            "content_type": None,
            "request_duration": exchange.took_ms,
            "date_created": rfc2822(exchange.at),
        },
    }
