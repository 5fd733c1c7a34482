"""Calls that a flow sends away: to another program, with a way back where that fails, and to another phone by SIP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest
from django.conf import settings as configured

from ivr.models import Visit
from simulator.simulator import Habit, HttpRequest
from simulator.transport import RequestsTransport
from tests.scenarios import flows
from tests.scenarios.desk import CALLER, COMPANY, Desk
from tests.scenarios.flows import Wanted

STUDIO = "https://studio.example/flow"
PHONE, OTHER = "sip:caller@pbx.example", "sip:desk@pbx.example"


def publish(desk: Desk, address: str, to: str = "document") -> None:
    steps = {
        "Away": Wanted(
            "send_away",
            {"message": "One moment."},
            {"failed": "Sorry", "refused": "Refused"},
            settings={"to": to, "address": address},
        ),
        "Sorry": flows.message("They cannot be reached.", then="Bye"),
        "Refused": flows.message("That is not possible.", then="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))


def goes_elsewhere(request: HttpRequest) -> bool:
    return not request.url.startswith(configured.PUBLIC_BASE_URL)


@contextmanager
def another_program(*answers: tuple[int, str]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve these answers over HTTP, one after the other; give the address, and what it is asked."""
    asked: list[dict[str, str]] = []
    left = list(answers)

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(dict(parse_qsl(body, keep_blank_values=True)))
            status, text = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_parts: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/voice", asked
    finally:
        server.shutdown()
        server.server_close()
        worker.join()


def carry_to_the_world(desk: Desk) -> None:
    """Let what the simulator sends to others than us go over the network."""
    ours, outside = desk.carry, RequestsTransport()
    desk.carry = lambda request: outside.send(request, 5) if goes_elsewhere(request) else ours(request)  # type: ignore[method-assign]


def test_another_program_takes_the_call_over(desk: Desk, settings) -> None:
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    theirs = "<Response><Say>Hello from the studio.</Say><Hangup/></Response>"
    with another_program((200, theirs)) as (address, asked):
        publish(desk, address)
        carry_to_the_world(desk)

        caller = desk.dial()
        caller.hears("One moment.").hears("Hello from the studio.")
        desk.until(lambda: not desk.twilio.leg(caller.sid).live, 20, "the call goes on")

    assert [fields["From"] for fields in asked] == [CALLER]
    visit = Visit.objects.get()
    assert (visit.ending, visit.ended_at is not None) == ("sent away", True)


def test_when_the_other_program_fails_the_caller_goes_on_here_and_hears_no_emergency_text(desk: Desk, settings) -> None:
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    desk.expected = {11200}
    with another_program((500, "")) as (address, _asked):
        publish(desk, address)
        carry_to_the_world(desk)

        caller = desk.dial()
        caller.hears("They cannot be reached.").hears("Goodbye.")

    heard = desk.twilio.leg(caller.sid).heard_text
    assert flows.SORRY not in heard
    assert heard.count("They cannot be reached.") == 1
    assert Visit.objects.get().ending == "completed"


def test_a_program_that_fails_later_still_gives_the_call_back(desk: Desk) -> None:
    desk.expected = {12100}
    publish(desk, STUDIO)
    desk.documents = {
        "/flow": "<Response><Say>Welcome.</Say><Redirect>/more</Redirect></Response>",
        "/more": "no TwiML",
    }

    desk.dial().hears("Welcome.").hears("They cannot be reached.")


def test_what_fails_after_the_call_came_back_is_answered_by_the_emergency_text(desk: Desk) -> None:
    desk.expected = {11205}
    publish(desk, STUDIO)
    lost = {"studio": True, "ours": False}
    desk.lost = lambda request: goes_elsewhere(request) or (lost["ours"] and "/visits/" in request.url)

    caller = desk.dial()
    caller.hears("They cannot be reached.")
    visit = Visit.objects.get()

    assert visit.position["progress"]["phase"] == ""
    assert visit.ending == "completed"


@pytest.mark.parametrize(
    ("answers", "refers", "hears", "ending"),
    [
        ("answers", True, "Connected with", "sent away"),
        ("busy", True, "They cannot be reached.", "completed"),
        (None, True, "They cannot be reached.", "completed"),
        ("answers", False, "That is not possible.", "completed"),
    ],
)
def test_a_phone_by_sip_is_referred(desk: Desk, answers, refers: bool, hears: str, ending: str) -> None:
    publish(desk, OTHER, "sip")
    desk.twilio.add_phone(PHONE, habit=Habit("asks", refers=refers))
    if answers:
        desk.twilio.add_phone(OTHER, habit=Habit(answers))

    caller = desk.dial(caller=PHONE)
    caller.hears(hears)
    desk.until(lambda: Visit.objects.get().ended_at is not None, 30, "the visit goes on")

    assert Visit.objects.get().ending == ending


def test_a_phone_that_is_no_sip_hears_at_once_that_it_is_not_possible(desk: Desk) -> None:
    publish(desk, OTHER, "sip")

    desk.dial().hears("That is not possible.")


def test_a_caller_who_hangs_up_while_being_referred_was_on_the_way_elsewhere(desk: Desk) -> None:
    publish(desk, OTHER, "sip")
    desk.twilio.add_phone(PHONE)
    desk.twilio.add_phone(OTHER, habit=Habit("answers", 20.0))

    caller = desk.dial(caller=PHONE)
    caller.hears("One moment.")
    desk.wait(3)
    desk.twilio.hang_up(caller.sid)
    desk.wait(3)

    assert Visit.objects.get().ended_at is not None
