from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import Agent
from ivr import webhooks
from ivr.kinds.base import Dialed, Heard, Keys, Queued, Recorded, Silence, Speech
from ivr.kinds.sent import Referred
from ivr.models import Source, Visit
from recordings.models import Mailbox
from rest import outgoing
from telephony import payloads
from tests.agents.factories import ready_agent
from tests.contacts.factories import contact
from tests.ivr.rows import AT
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.desk import story
from tests.scenarios.flows import Choice
from tests.scenarios.outage import database_at, nobody_listens
from tests.telephony.schema import violations
from tests.telephony.signing import post, sid

LINE, ANN = "+15005550100", "+14155550111"


def fields(call_sid: str = "", **more: str) -> dict[str, str]:
    return {
        "CallSid": call_sid or sid(),
        "From": "+14155550123",
        "To": LINE,
        "Direction": "inbound",
        "CallStatus": "in-progress",
    } | more


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ({"Digits": "12", "FinishedOnKey": "#"}, Keys("12", "#")),
        ({"QueueResult": "leave", "QueueTime": "9"}, Queued("leave")),
        (
            {"ReferCallStatus": "busy", "ReferSipResponseCode": "202", "NotifySipResponseCode": "486"},
            Referred("busy", "202", "486"),
        ),
        ({"ReferSipResponseCode": "202"}, Referred("", "202", "")),
        ({"SpeechResult": "sales", "Confidence": "0.9"}, Speech("sales", 0.9)),
        ({"SpeechResult": "sales"}, Speech("sales", None)),
        ({"SpeechResult": "sales", "Digits": "1"}, Speech("sales", None)),
        ({"Digits": ""}, Silence()),
        ({}, Silence()),
        (
            {"DialCallStatus": "completed", "DialBridged": "true", "DialCallSid": "CA2", "DialCallDuration": "7"},
            Dialed("completed", True, "CA2", 7),
        ),
        ({"DialCallStatus": "busy"}, Dialed("busy", None)),
        ({"RecordingSid": "RE1", "RecordingDuration": "9", "Digits": "#"}, Recorded("RE1", 9)),
        ({"RecordingSid": "RE1", "RecordingDuration": "9", "Digits": "hangup"}, Recorded("RE1", 9, hung_up=True)),
        ({"RecordingUrl": "https://api.twilio.com/nothing"}, Recorded("", 0)),
    ],
)
def test_what_twilio_tells_becomes_what_was_heard(told: dict[str, str], heard: Heard) -> None:
    assert webhooks._heard(payloads.action_result(fields(**told))) == heard


# ---- whole requests


class Twilio:
    """One call, as its requests."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.call_sid = sid()

    def ask(self, path: str, **more: str) -> HttpResponse:
        response = post(self.client, path, fields(self.call_sid, **more))
        assert response.status_code == 200
        assert violations(response.content.decode()) == []
        return response

    @property
    def visit(self) -> Visit:
        return Visit.objects.get(call__sid=self.call_sid)

    def here(self, part: str = "") -> str:
        return f"/voice/visits/{self.visit.pk}/{self.visit.turn}{part}"


@pytest.fixture
def twilio(db: None) -> Twilio:
    mailbox = Mailbox.objects.create(name="Front desk")
    choices = {"Desk": Choice("Desk", "1"), "Box": Choice("Box", "2"), "Other": Choice("Other", "3")}
    steps = {
        "Menu": flows.menu("Press 1, 2 or 3.", choices, no_input="Bye", wrong_input="Bye", max_silences=9),
        "Desk": flows.ring(ANN, answered="Bye", nobody="Box", screening=True, whisper="Press 1 to take it."),
        "Box": flows.voicemail("Please speak.", mailbox, recorded="Bye", empty="Bye"),
        "Other": flows.menu("Press 1.", {"Hours": Choice("Hours", "1")}, no_input="Bye", wrong_input="Bye"),
        "Hours": flows.hours(flows.office_hours(), opened="Bye", closed="Bye", holiday="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(LINE, flows.publish("Main", steps, at=AT))
    return Twilio()


def test_a_call_request_by_request(twilio: Twilio) -> None:
    assert b"Press 1, 2 or 3." in twilio.ask("/voice/inbound", CallStatus="ringing").content
    rang = twilio.ask(twilio.here(), Digits="1").content
    assert ANN.encode() in rang
    assert b"/screen#" in rang
    asked = twilio.ask(twilio.here("/screen")).content
    assert b"Press 1 to take it." in asked
    assert twilio.ask(twilio.here("/screen"), Digits="2").content.endswith(b"<Response><Hangup/></Response>")
    assert b"<Record" in twilio.ask(twilio.here(), DialCallStatus="completed", DialBridged="false").content
    last = twilio.ask(twilio.here(), RecordingSid=sid("RE"), RecordingDuration="9", Digits="#")

    assert b"Goodbye." in last.content
    assert story(twilio.visit.call)[-1] == "voicemail Front desk"


def test_a_request_for_a_visit_that_does_not_exist_is_answered(twilio: Twilio) -> None:
    response = twilio.ask("/voice/visits/00000000-0000-0000-0000-000000000000/1", Digits="1")

    assert flows.SORRY in response.content.decode()


def test_the_fallback_answers_with_the_lines_words(twilio: Twilio) -> None:
    assert flows.SORRY in twilio.ask("/voice/fallback", ErrorCode="11200").content.decode()


@pytest.mark.parametrize("path", ["/voice/inbound", "/voice/fallback"])
def test_an_offline_answer_needs_the_form_alone(path: str, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path

    answer = webhooks.offline(fields(To="client:desk"))

    assert [type(verb).__name__ for verb in answer] == ["Say", "Hangup"]


# ---- queries: each is a round trip while a caller waits


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Leave out the savepoints, which stand for the test's own transaction."""
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_an_inbound_call_takes_eight_statements(twilio: Twilio) -> None:
    Twilio().ask("/voice/inbound", CallStatus="ringing")  # the document is read once per process

    with CaptureQueriesContext(connection) as captured:
        twilio.ask("/voice/inbound", CallStatus="ringing")

    # delivery in, call, line, visit, history, delivery out
    assert len(statements(captured)) == 8, statements(captured)


@pytest.mark.parametrize("digits", ["9", "1", "2", "3"], ids=["asked again", "to ringing", "to the mailbox", "on"])
def test_a_pressed_key_takes_five_statements(twilio: Twilio, digits: str) -> None:
    twilio.ask("/voice/inbound", CallStatus="ringing")
    twilio.ask(twilio.here(), Digits="8")  # after which the call counts as answered
    here = twilio.here()

    with CaptureQueriesContext(connection) as captured:
        twilio.ask(here, Digits=digits)

    # delivery in, call and visit with their locks, visit, history, delivery out
    assert len(statements(captured)) == 5, statements(captured)


def test_opening_hours_ahead_add_one_statement(twilio: Twilio) -> None:
    twilio.ask("/voice/inbound", CallStatus="ringing")
    twilio.ask(twilio.here(), Digits="3")
    here = twilio.here()

    with CaptureQueriesContext(connection) as captured:
        assert b"Goodbye." in twilio.ask(here, Digits="1").content

    assert len(statements(captured)) == 6, statements(captured)


def test_who_calls_is_one_statement_more_than_an_inbound_call_takes(db: None) -> None:
    contact("Caller 1", "+14155550123", is_vip=True)
    steps = {
        "Who?": flows.caller(known="Bye", unknown="Bye", vip="Dear"),
        "Dear": flows.message("Hello {caller_name}.", then="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    counts = []
    for first in ("Dear", "Who?"):
        flow = flows.publish(f"From {first}", {first: steps[first], **steps}, at=AT)
        flows.line(LINE, flow)
        Twilio().ask("/voice/inbound", CallStatus="ringing")  # the document is read once per process
        with CaptureQueriesContext(connection) as captured:
            answer = Twilio().ask("/voice/inbound", CallStatus="ringing").content
        counts.append(len(statements(captured)))

    assert b"Hello Caller 1." in answer
    assert counts[1] == counts[0] + 1


def test_a_look_while_somebody_is_asked_takes_six_statements_and_asks_nobody(db: None) -> None:
    source = Source.objects.create(name="CRM", address="https://crm.example.com/", secret=outgoing.new_secret())
    steps = {
        "Ask": flows.look_up(source, found="Bye", default="Bye", keep=["name"]),
        "Bye": flows.hang_up("Goodbye {name}."),
    }
    flows.line(LINE, flows.publish("Main", steps, at=AT))
    Twilio().ask("/voice/inbound", CallStatus="ringing")
    twilio = Twilio()
    with CaptureQueriesContext(connection) as captured:
        assert b"One moment." in twilio.ask("/voice/inbound", CallStatus="ringing").content
    # beside those of an inbound call: the source is there, the question, and the history before and after it
    assert len(statements(captured)) == 11, statements(captured)
    twilio.ask(twilio.here())  # after which the call counts as answered
    here = twilio.here()

    with CaptureQueriesContext(connection) as captured:
        assert b"<Pause" in twilio.ask(here).content

    # beside those of a pressed key: what has been answered
    assert len(statements(captured)) == 6, statements(captured)


def test_a_repeat_takes_one_statement(twilio: Twilio) -> None:
    twilio.ask("/voice/inbound", CallStatus="ringing")
    here = twilio.here()
    first = twilio.ask(here, Digits="1")

    with CaptureQueriesContext(connection) as captured:
        again = twilio.ask(here, Digits="1")

    assert again.content == first.content
    assert len(statements(captured)) == 1


def test_a_status_callback_takes_few_statements(twilio: Twilio) -> None:
    twilio.ask("/voice/inbound", CallStatus="ringing")
    told = {"CallStatus": "completed", "CallDuration": "9", "Timestamp": "Mon, 02 Mar 2026 15:00:00 +0000"}

    with CaptureQueriesContext(connection) as captured:
        response = post(twilio.client, "/webhooks/voice/status", fields(twilio.call_sid, **told))

    assert response.status_code == 204
    # of these, two ask whether the caller waits or talks, and three tell that the call was answered and is over
    assert len(statements(captured)) <= 14, statements(captured)


@pytest.fixture
def waiting(db: None) -> Twilio:
    """A call that comes to a queue with somebody at a desk."""
    mailbox = Mailbox.objects.create(name="Front desk")
    agent = ready_agent("Ann", at=timezone.now())
    Agent.objects.filter(pk=agent.pk).update(activity="talking")
    queue = make_queue(members=[agent])
    items = (("message", "You wait."), ("position", "You are number {position}."))
    ways = {"answered": "Bye", "timed_out": "Box", "choices": {"Box": Choice("Box", "1")}}
    steps = {
        "Menu": flows.menu("Press 1.", {"Line": Choice("Line", "1")}, no_input="Bye", wrong_input="Bye"),
        "Line": flows.queue(queue, *items, **ways),
        "Box": flows.voicemail("Please speak.", mailbox, recorded="Bye", empty="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(LINE, flows.publish("Main", steps, at=AT))
    twilio = Twilio()
    twilio.ask("/voice/inbound", CallStatus="ringing")
    return twilio


def test_joining_a_queue_takes_few_statements(waiting: Twilio) -> None:
    here = waiting.here()

    with CaptureQueriesContext(connection) as captured:
        assert b"<Enqueue" in waiting.ask(here, Digits="1").content

    assert len(statements(captured)) <= 23, statements(captured)


@pytest.mark.parametrize(("loop", "most"), [(0, 8), (1, 15)], ids=["a message", "the place in line"])
def test_each_item_of_a_wait_takes_few_statements(waiting: Twilio, loop: int, most: int) -> None:
    waiting.ask(waiting.here(), Digits="1")
    here = waiting.here(f"/wait/{loop}")

    with CaptureQueriesContext(connection) as captured:
        assert b"<Redirect>" in waiting.ask(here).content

    assert len(statements(captured)) <= most, statements(captured)


@pytest.mark.parametrize("path", ["/0/wait/0", "/99/wait/0"])
def test_who_waits_by_the_address_of_another_turn_is_led_back_to_the_step(waiting: Twilio, path: str) -> None:
    waiting.ask(waiting.here(), Digits="1")

    assert b"<Leave/>" in waiting.ask(f"/voice/visits/{waiting.visit.pk}{path}").content


def test_who_waits_for_a_visit_that_does_not_exist_is_led_out(waiting: Twilio) -> None:
    assert b"<Leave/>" in waiting.ask(f"/voice/visits/{uuid4()}/1/wait/0").content


@pytest.mark.parametrize("result", ["redirected", "bridged", "redirected-from-bridged", "bridging-in-process"])
def test_news_of_a_call_that_was_moved_leaves_the_visit_where_it_is(waiting: Twilio, result: str) -> None:
    present = waiting.ask(waiting.here(), Digits="1").content
    turn = waiting.visit.turn

    assert waiting.ask(waiting.here(), QueueResult=result, QueueTime="9").content == present
    assert waiting.visit.turn == turn


def test_without_a_database_who_waits_waits_on() -> None:
    assert [type(verb).__name__ for verb in webhooks.hold_on({})] == ["Pause"]


@pytest.mark.django_db
def test_without_a_database_whoever_was_rung_is_let_go_and_the_caller_hears_the_emergency_text() -> None:
    twilio, page = Client(raise_request_exception=False), f"/voice/visits/{uuid4()}/1"
    fields = {"CallSid": sid(), "From": "+14155550123", "To": "+15005550100"}

    with nobody_listens() as port, database_at(port):
        rung = post(twilio, f"{page}/screen", fields).content
        caller = post(twilio, page, fields | {"DialCallStatus": "completed", "DialBridged": "false"}).content

    assert rung.endswith(b"<Response><Hangup/></Response>")
    assert b"<Say" in caller
