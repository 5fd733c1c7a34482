"""Events of a call by REST: Twilio's page "Events subresource"."""

import pytest
from twilio.base.exceptions import TwilioException

from tests.simulator.rest.sdk import client
from tests.simulator.world import BASE, CALLER, world


def test_a_calls_requests_are_told_with_their_answers_in_order():
    w = world()
    leg = w.call("<Say>Hello</Say>")
    w.sim.run_until_idle()
    w.call("<Say>Another call</Say>")

    first, last = client(w.sim).calls(leg.sid).events.list()

    assert (first.request["url"], first.request["method"]) == (f"{BASE}/voice", "POST")
    assert first.request["parameters"]["call_status"] == "ringing"
    assert first.request["parameters"]["caller"] == CALLER
    assert first.response["response_code"] == 200
    assert first.response["response_body"] == "<Response><Say>Hello</Say></Response>"
    assert first.response["date_created"] == "Mon, 05 Jan 2026 15:00:00 +0000"
    assert last.request["url"] == f"{BASE}/status"
    assert last.request["parameters"]["call_duration"] == "0"


def test_they_come_in_pages():
    w = world()
    leg = w.call("<Say>Hello</Say>")
    w.sim.run_until_idle()

    pages = list(client(w.sim).calls(leg.sid).events.stream(page_size=1))

    assert len(pages) == 2


def test_of_no_call_there_are_none():
    with pytest.raises(TwilioException, match="20404"):
        client(world().sim).calls("CA" + "0" * 32).events.list()
