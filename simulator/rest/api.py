"""The doors of the REST API: authentication, routes, faults, and the record of each exchange."""

import base64
import binascii
import hmac
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from simulator.exchanges import violation
from simulator.faults import Faults
from simulator.rest import (
    applications,
    calls,
    conferences,
    events,
    lookups,
    messages,
    numbers,
    participants,
    queues,
    recordings,
    shapes,
)
from simulator.rest.request import NoAnswer, RestError, RestRequest, RestResponse, answer
from simulator.switchboard import Switchboard

Endpoint = Callable[..., RestResponse]


def _account(request: RestRequest) -> RestResponse:
    board = request.board
    return answer(
        200,
        {
            "sid": board.account_sid,
            "friendly_name": "Simulator",
            "status": "active",
            "type": "Full",
            "owner_account_sid": board.account_sid,
            "uri": f"{shapes.account_uri(board)}.json",
        },
    )


# Tried in order; groups of the pattern become arguments.
ROUTES: tuple[tuple[str, dict[str, Endpoint]], ...] = (
    (r"\.json", {"GET": _account}),
    (r"/Calls\.json", {"GET": calls.list_, "POST": calls.create}),
    (r"/Calls/(?P<sid>CA\w+)\.json", {"GET": calls.fetch, "POST": calls.update, "DELETE": calls.delete}),
    (r"/Calls/(?P<call_sid>CA\w+)/Events\.json", {"GET": events.list_}),
    (r"/Calls/(?P<call_sid>CA\w+)/Recordings\.json", {"GET": recordings.list_, "POST": recordings.create}),
    (
        r"/Calls/(?P<call_sid>CA\w+)/Recordings/(?P<sid>RE\w+|Twilio\.CURRENT)\.json",
        {"GET": recordings.fetch, "POST": recordings.update, "DELETE": recordings.delete},
    ),
    (r"/Calls/(?P<call_sid>CA\w+)/Recordings/(?P<sid>RE\w+)(?P<extension>|\.wav|\.mp3)", {"GET": recordings.media}),
    (r"/Recordings\.json", {"GET": recordings.list_}),
    (r"/Recordings/(?P<sid>RE\w+)\.json", {"GET": recordings.fetch, "DELETE": recordings.delete}),
    (r"/Recordings/(?P<sid>RE\w+)(?P<extension>|\.wav|\.mp3)", {"GET": recordings.media}),
    (r"/IncomingPhoneNumbers\.json", {"GET": numbers.list_, "POST": numbers.create}),
    (
        r"/IncomingPhoneNumbers/(?P<sid>PN\w+)\.json",
        {"GET": numbers.fetch, "POST": numbers.update, "DELETE": numbers.delete},
    ),
    (r"/Applications\.json", {"GET": applications.list_, "POST": applications.create}),
    (
        r"/Applications/(?P<sid>AP\w+)\.json",
        {"GET": applications.fetch, "POST": applications.update, "DELETE": applications.delete},
    ),
    (r"/Conferences\.json", {"GET": conferences.list_}),
    (r"/Conferences/(?P<sid>CF\w+)\.json", {"GET": conferences.fetch, "POST": conferences.update}),
    (r"/Conferences/(?P<room>[^/]+)/Participants\.json", {"GET": participants.list_, "POST": participants.create}),
    (
        r"/Conferences/(?P<room>[^/]+)/Participants/(?P<key>[^/]+)\.json",
        {"GET": participants.fetch, "POST": participants.update, "DELETE": participants.delete},
    ),
    (r"/Conferences/(?P<conference_sid>CF\w+)/Recordings\.json", {"GET": recordings.list_}),
    (
        r"/Conferences/(?P<conference_sid>CF\w+)/Recordings/(?P<sid>RE\w+|Twilio\.CURRENT)\.json",
        {"GET": recordings.fetch, "POST": recordings.update, "DELETE": recordings.delete},
    ),
    (r"/Queues\.json", {"GET": queues.list_, "POST": queues.create}),
    (r"/Queues/(?P<sid>QU\w+)\.json", {"GET": queues.fetch, "POST": queues.update, "DELETE": queues.delete}),
    (r"/Queues/(?P<sid>QU\w+)/Members\.json", {"GET": queues.list_members}),
    (
        r"/Queues/(?P<sid>QU\w+)/Members/(?P<key>Front|CA\w+)\.json",
        {"GET": queues.fetch_member, "POST": queues.dequeue},
    ),
    (r"/Messages\.json", {"GET": messages.list_, "POST": messages.create}),
    (
        r"/Messages/(?P<sid>(?:SM|MM)\w+)\.json",
        {"GET": messages.fetch, "POST": messages.update, "DELETE": messages.delete},
    ),
    (r"/Messages/(?P<sid>(?:SM|MM)\w+)/Media\.json", {"GET": messages.list_media}),
    (
        r"/Messages/(?P<sid>(?:SM|MM)\w+)/Media/(?P<media_sid>ME\w+)\.json",
        {"GET": messages.fetch_medium, "DELETE": messages.delete_medium},
    ),
    (r"/Messages/(?P<sid>(?:SM|MM)\w+)/Media/(?P<media_sid>ME\w+)", {"GET": messages.show}),
)
# Products at addresses of their own, which all lead here.
PRODUCTS: tuple[tuple[str, dict[str, Endpoint]], ...] = (
    (r"/v2/PhoneNumbers/(?P<number>[^/]+)", {"GET": lookups.phone_number}),
    (r"/v2/Voice/Numbers/(?P<number>[^/]+)", {"GET": lookups.voice_price}),
    (r"/v1/Messaging/Countries/(?P<land>[A-Z]{2})", {"GET": lookups.text_prices}),
)
MEDIA = re.compile(r".*/Recordings/RE\w+(\.wav|\.mp3)?")
ABOUT = re.compile(r"/(?:Calls|Messages)/((?:CA|SM|MM)\w+)")


class Api:
    """REST for one account."""

    def __init__(
        self,
        board: Switchboard,
        *,
        auth_token: str,
        api_keys: Mapping[str, str],
        faults: Faults,
        dice: random.Random,
    ) -> None:
        self._board = board
        self._secrets = {board.account_sid: auth_token, **api_keys}
        self._faults = faults
        self._dice = dice

    def handle(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> RestResponse:
        """Answer one request, unless a fault decides otherwise."""
        fault = self._faults.for_rest(method, path, self._dice)
        request = RestRequest(board=self._board, method=method, path=path, query=query, form=form)
        if fault is not None:
            request.found.append(violation(0, "warning", f"Fault: {fault}"))
        match fault:
            case "timeout":
                self._record(request, None)
                raise NoAnswer("the request is lost")
            case "429":
                response = self._error(RestError(429, 20429))
            case "500":
                response = self._error(RestError(500, 20500, "Internal Server Error"))
            case _:
                response = self._respond(request, authorization)
        if fault == "lost":
            self._record(request, None)
            raise NoAnswer("the answer is lost")
        self._record(request, response)
        return response

    def _respond(self, request: RestRequest, authorization: str) -> RestResponse:
        try:
            self._authenticate(request, authorization)
            return self._dressed(self._route(request))
        except RestError as error:
            return self._error(error)

    def _authenticate(self, request: RestRequest, authorization: str) -> None:
        # Recordings' audio is public as long as nobody shows wrong credentials.
        if not authorization and request.method == "GET" and MEDIA.fullmatch(request.path):
            return
        scheme, _, encoded = authorization.partition(" ")
        try:
            user, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user, secret = "", ""
        expected = self._secrets.get(user)
        if scheme.lower() != "basic" or expected is None or not hmac.compare_digest(expected.encode(), secret.encode()):
            raise RestError(401, 20003, "Authenticate")

    def _route(self, request: RestRequest) -> RestResponse:
        base = shapes.account_uri(self._board)
        routes = ROUTES if request.path.startswith(base) else PRODUCTS
        for pattern, endpoints in routes:
            found = re.fullmatch(pattern, request.path.removeprefix(base))
            if found is None:
                continue
            endpoint = endpoints.get(request.method)
            if endpoint is None:
                request.not_executed(f"{request.method} here")
                raise RestError(405, 20004)
            return endpoint(request, **found.groupdict())
        raise request.not_found()

    def _error(self, error: RestError) -> RestResponse:
        return self._dressed(answer(error.status, error.body()))

    def _dressed(self, response: RestResponse) -> RestResponse:
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
            "Access-Control-Allow-Credentials": "true",
            "Twilio-Concurrent-Requests": "1",
            "Twilio-Request-Duration": "0.010",
            "Twilio-Request-Id": self._board.new_sid("RQ"),
            "X-API-Domain": "api.twilio.com",
            "X-Home-Region": "us1",
        }
        return replace(response, headers=headers | response.headers)

    def _record(self, request: RestRequest, response: RestResponse | None) -> None:
        about = ABOUT.search(request.path)
        is_text = response is not None and "json" in response.headers.get("Content-Type", "")
        self._board.exchanges.record(
            "REST from app",
            call_sid=about.group(1) if about else "",
            method=request.method,
            url=request.path,
            fields=dict([*request.query, *request.form]),
            status=response.status if response else 0,
            body=response.body.decode() if response and is_text else "",
            violations=request.found,
        )
