"""A caller is looked up at a computer of the owner: whatever that does, the caller goes on in time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from standardwebhooks import Webhook

from calls.models import CallEvent
from ivr import tasks
from ivr.models import LookUp, Source, Visit
from rest import outgoing
from tests.scenarios import flows
from tests.scenarios.answering import Computer, answering
from tests.scenarios.desk import CALLER, COMPANY, Desk, Phone, committing
from tests.scenarios.flows import Choice

SECRET = outgoing.new_secret()


@pytest.fixture
def computer() -> Iterator[Computer]:
    with answering() as computer:
        yield computer


@pytest.fixture
def caller(desk: Desk, computer: Computer) -> Phone:
    """Somebody who is about to press the number of an account."""
    source = Source.objects.create(name="CRM", address=computer.address, secret=SECRET)
    steps = {
        "Account": flows.collect(
            "Your account?", collected="Ask", no_input="Bye", wrong_input="Bye", variable="account"
        ),
        "Ask": flows.look_up(
            source,
            found="Hello",
            default="Unknown",
            choices={"Gold": Choice("Gold", words=("gold",))},
            keep=["name"],
            decide="tier",
            send=["account"],
            seconds=1,
        ),
        "Hello": flows.message("Hello {name}.", then="Bye"),
        "Gold": flows.message("Dear {name}.", then="Bye"),
        "Unknown": flows.message("We go on without.", then="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=timezone.now()))
    return desk.dial().hears("Your account?")


def end(look_up: LookUp) -> dict[str, Any]:
    return CallEvent.objects.get(call=look_up.call, kind="looked-up").data


def test_an_answer_is_said_and_chooses_the_way(computer: Computer, caller: Phone) -> None:
    computer.reply = {"name": "Ms Adams", "tier": "Gold", "other": ["not", "ours"]}

    caller.press("4711#").hears("One moment.", "Dear Ms Adams.", "Goodbye.").is_hung_up_on()

    look_up = LookUp.objects.get()
    assert (look_up.state, look_up.answer) == ("answered", {"name": "Ms Adams", "tier": "Gold"})
    assert end(look_up)["outcome"] == "answered"
    assert "Adams" not in json.dumps(end(look_up))
    assert Visit.objects.get().position["variables"] == {"account": "4711", "name": "Ms Adams", "tier": "Gold"}


def test_what_is_asked_is_signed_and_says_who_calls(computer: Computer, caller: Phone) -> None:
    caller.press("4711#").hears("Hello .")

    (question,) = computer.heard
    row = caller.row
    assert question | {"id": "", "at": ""} == {
        "type": "look_up",
        "id": "",
        "at": "",
        "step": "Ask",
        "call": str(row.pk),
        "conversation": str(row.conversation),
        "caller": CALLER,
        "called": COMPANY,
        "language": "en-US",
        "contact": None,
        "variables": {"account": "4711"},
    }
    headers = computer.headers[0]
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signed = Webhook(SECRET).sign(question["id"], sent_at, computer.bodies[0].decode())
    assert (headers["webhook-id"], headers["webhook-signature"]) == (question["id"], signed)


@pytest.mark.parametrize(
    ("status", "reply", "trouble"),
    [
        (500, {}, "The status is 500."),
        (302, {}, "The status is 302."),
        (200, "hello", "The answer is not JSON."),
        (200, ["a"], "The answer is not an object."),
        (200, {"name": 5}, "“name” is not a text."),
        (200, {"name": "a" * 201}, "“name” is not a text of at most 200 letters."),
        (200, "x" * 9000, "The answer has more than 8192 bytes."),
    ],
)
def test_a_wrong_answer_is_none(computer: Computer, caller: Phone, status: int, reply: Any, trouble: str) -> None:
    computer.status, computer.reply = status, reply

    caller.press("4711#").hears("One moment.", "We go on without.", within=8)

    look_up = LookUp.objects.get()
    assert (look_up.state, look_up.trouble, look_up.answer) == ("failed", trouble, None)
    assert end(look_up)["trouble"] == trouble


def test_an_address_that_hangs_costs_the_caller_the_seconds_of_the_step(computer: Computer, caller: Phone) -> None:
    computer.hangs = True

    caller.press("4711#").hears("One moment.", "We go on without.", within=8)

    assert LookUp.objects.get().trouble == "No answer within 1 seconds."


def test_a_worker_that_never_comes_leaves_the_caller_the_default_way(desk: Desk, caller: Phone) -> None:
    with desk.workers_dead():
        caller.press("4711#").hears("One moment.", "We go on without.", within=8)
    look_up = LookUp.objects.get()
    assert (look_up.state, end(look_up)["outcome"]) == ("given-up", "given-up")

    with committing():
        tasks.ask_source(str(look_up.pk))  # comes back from the broker, too late

    look_up.refresh_from_db()
    assert look_up.state == "given-up"


def test_a_worker_killed_in_the_middle_asks_nobody_twice(
    desk: Desk, computer: Computer, caller: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with desk.workers_dead():
        caller.press("4711#")
    look_up = LookUp.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(outgoing, "post", die)
        with pytest.raises(Killed):
            tasks.ask_source(str(look_up.pk))
    look_up.refresh_from_db()
    assert look_up.state == "asking"

    tasks.ask_source(str(look_up.pk))

    assert computer.heard == []
    caller.hears("One moment.", "We go on without.", within=8)
    look_up.refresh_from_db()
    assert look_up.state == "given-up"


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/"])
def test_a_private_address_is_not_asked(address: str, computer: Computer, caller: Phone) -> None:
    Source.objects.update(address=address)

    with override_settings(OUTGOING_PRIVATE_NETWORKS=[]):
        caller.press("4711#").hears("We go on without.", within=8)

    assert computer.heard == []
    assert LookUp.objects.get().state == "failed"
