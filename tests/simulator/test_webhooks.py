"""How requests are sent: headers, signature, retries, redirects, overrides."""

import gzip
import uuid
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from simulator.overrides import Overrides, split
from simulator.simulator import ConnectFailed, HttpReply, ReadTimedOut
from simulator.transport import ProtocolBroken
from tests.simulator.world import BASE, COMPANY, TOKEN, world, xml

HELLO = "<Response><Say>Hello</Say></Response>"


def call(voice_url: str, page, path: str = "/voice"):
    w = world()
    w.sim.add_number(COMPANY, voice_url=voice_url)
    w.app.pages[path] = page
    leg = w.call()
    w.sim.run_until_idle()
    return w, leg


def test_the_headers_are_twilios():
    w, _ = call(f"{BASE}/voice", HELLO)

    headers = w.app.requests[0].headers
    assert headers["User-Agent"] == "TwilioProxy/1.1"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert headers["Cache-Control"] == "max-age=259200"
    assert uuid.UUID(headers["I-Twilio-Idempotency-Token"])


@pytest.mark.parametrize(
    ("url", "method"),
    [
        (f"{BASE}/voice?flow=7", "POST"),
        (f"{BASE}/voice?flow=7", "GET"),
        ("https://app.example.com:8443/voice", "POST"),
        ("http://127.0.0.1:8000/voice", "POST"),
    ],
)
def test_twilios_own_validator_accepts_the_signature(url, method):
    w = world()
    w.sim.add_number(COMPANY, voice_url=url)
    next(iter(w.sim._board.numbers.values())).settings["VoiceMethod"] = method
    w.page("/voice", "<Say>Grüße</Say>")
    w.call()

    request = w.app.requests[0]
    fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    assert RequestValidator(TOKEN).validate(request.url, fields, request.headers["X-Twilio-Signature"])
    assert not RequestValidator("other").validate(request.url, fields, request.headers["X-Twilio-Signature"])


def test_credentials_in_the_url_become_a_header_and_are_not_signed():
    w, _ = call("https://user:pa%20ss@app.example.com/voice", HELLO)

    request = w.app.requests[0]
    assert request.url == f"{BASE}/voice"
    assert request.headers["Authorization"] == "Basic dXNlcjpwYSBzcw=="


def test_by_default_only_a_failed_connection_is_tried_again_with_the_same_token():
    w, leg = call(f"{BASE}/voice", [ConnectFailed(), HELLO])

    assert leg.heard_text == "Hello"
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request in w.app.requests[:2]}) == 1


@pytest.mark.parametrize(
    ("fragment", "trouble", "requests"),
    [
        ("", ConnectFailed(), 2),
        ("", xml("", 500), 1),
        ("", ReadTimedOut(), 1),
        ("#rc=0", ConnectFailed(), 1),
        ("#rc=3&rp=5xx", xml("", 503), 4),
        ("#rc=3&rp=4xx", xml("", 503), 1),
        ("#rc=2&rp=4xx,5xx", xml("", 404), 3),
        ("#rc=5&rp=all", ReadTimedOut(), 1),
        ("#rc=5&rp=rt&rt=3000", ReadTimedOut(), 5),
        ("#rc=2&rp=all", ProtocolBroken(), 3),
    ],
)
def test_the_fragment_says_what_is_tried_again(fragment, trouble, requests):
    w, leg = call(f"{BASE}/voice{fragment}", trouble)

    assert w.app.paths().count("/voice") == requests
    assert all("#" not in request.url for request in w.app.requests)
    assert "application error" in leg.heard_text


@pytest.mark.parametrize(
    ("fragment", "expected", "code"),
    [
        ("rc=2&rp=5xx,ct", Overrides(retries=2, retry_on=frozenset({"5xx", "ct"})), None),
        ("ct=2000&rt=4000&tt=9000", Overrides(connect=2, read=4, total=9), None),
        ("e=dublin,ashburn-ix&sni=n", Overrides(), None),
        ("rc=6", Overrides(), 11240),
        ("rt=20000", Overrides(), 11240),
        ("rp=never", Overrides(), 11243),
        ("e=atlantis", Overrides(), 11240),
        ("colour=red", Overrides(), 11240),
    ],
)
def test_overrides_are_read_from_the_fragment(fragment, expected, code):
    bare, overrides, found = split(f"{BASE}/x?a=1#{fragment}")

    assert bare == f"{BASE}/x?a=1"
    assert overrides == expected
    assert [entry.code for entry in found] == ([code] if code else [])


def test_the_time_to_connect_is_the_fragments():
    w, _ = call(f"{BASE}/voice#ct=700", HELLO)

    assert w.app.requests[0].connect_timeout == 0.7


def redirect(location: str, status: int = 302) -> HttpReply:
    return HttpReply(status, (("Location", location),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_with_get_and_loses_the_fields(status):
    w = world()
    w.app.pages["/voice"] = redirect("/voice/", status)
    w.page("/voice/", "<Redirect>next</Redirect>")
    w.page("/voice/next", "<Say>Hello</Say>")
    leg = w.call()
    w.sim.run_until_idle()

    second = w.app.requests[1]
    assert (second.method, second.url, second.body) == ("GET", f"{BASE}/voice/", b"")
    assert leg.heard_text == "Hello"
    assert "without the call's parameters" in w.sim.violations[0].text


def test_more_than_ten_redirects_are_an_error():
    w, leg = call(f"{BASE}/voice", redirect("/voice"))

    assert w.app.paths().count("/voice") == 11
    assert 11215 in w.codes()
    assert "application error" in leg.heard_text


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://my_app.example.com/voice", 11210),
        ("ftp://app.example.com/voice", 11100),
        ("/voice", 11100),
        ("https://", 11100),
        ("https://app.example.com:port/voice", 11100),
    ],
)
def test_a_url_that_is_none_is_never_asked(url, code):
    w, leg = call(url, HELLO)

    assert w.app.requests == []
    assert w.codes() == [code]
    assert "application error" in leg.heard_text


def test_a_packed_answer_is_unpacked():
    headers = (("Content-Type", "text/xml"), ("Content-Encoding", "gzip"))
    _, leg = call(f"{BASE}/voice", HttpReply(200, headers, gzip.compress(HELLO.encode())))

    assert leg.heard_text == "Hello"


def test_an_answer_that_breaks_off_is_a_protocol_error():
    w, _ = call(f"{BASE}/voice", ProtocolBroken())

    assert w.codes() == [11206]


def test_every_exchange_is_on_record():
    w, leg = call(f"{BASE}/voice", HELLO)

    exchange = next(iter(w.sim.exchanges)).as_json()
    assert exchange["kind"] == "request to app"
    assert exchange["call_sid"] == leg.sid
    assert exchange["fields"]["CallStatus"] == "ringing"
    assert exchange["status"] == 200
    assert exchange["body"] == HELLO


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        (HttpReply(204), []),
        (xml("<Response/>"), []),
        (HttpReply(200), []),
        (xml("", 500), [15003]),
        (ConnectFailed(), [15003]),
        (HttpReply(200, (("Content-Type", "text/plain"),), b"ok"), [15003]),
    ],
)
def test_a_status_callback_may_fail_without_harm(reply, codes):
    w = world()
    w.app.pages["/status"] = reply
    leg = w.call("<Say>Hello</Say>")
    w.sim.run_until_idle()

    assert leg.status == "completed"
    assert w.codes() == codes


def test_a_request_that_nobody_waits_for_any_more_is_on_record_too():
    w = world()
    w.app.pages["/voice"] = ReadTimedOut()
    leg = w.call()
    w.sim.advance(3)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    first = next(iter(w.sim.exchanges))
    assert (first.url, first.status) == (f"{BASE}/voice", 0)
    assert "before the answer came" in first.violations[0].text
