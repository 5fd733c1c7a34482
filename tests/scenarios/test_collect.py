"""Digits are asked for; where they are secret they are kept nowhere."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.core import serializers

from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk

QUESTION = "Please enter your number."
PIN = "907316482"


def company(desk: Desk, **settings: object) -> Desk:
    steps = {
        "Number": flows.collect(
            QUESTION,
            collected="Thanks",
            no_input="Silent",
            wrong_input="Wrong",
            says={"no_input": "I heard nothing.", "wrong": "That is not a number of ours."},
            **{"min_length": 9, "max_length": 9, "max_silences": 2, "max_mistakes": 2, "variable": "pin"} | settings,
        ),
        "Thanks": flows.hang_up("Thank you, that is right."),
        "Silent": flows.hang_up("You pressed nothing."),
        "Wrong": flows.hang_up("We could not read that."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return desk


def every_row() -> Iterator[tuple[str, str]]:
    """Give all rows of all our tables as text."""
    for model in apps.get_models():
        for row in model._base_manager.all():
            yield model._meta.label, serializers.serialize("json", [row])


def test_digits_are_kept_under_their_name(desk: Desk) -> None:
    company(desk)
    caller = desk.dial().hears(QUESTION)

    caller.press("123456789").hears("Thank you, that is right.").is_hung_up_on()

    assert caller.visit.position["variables"] == {"pin": "123456789"}
    assert "pressed 123456789" in caller.story


def test_too_few_digits_and_the_key_that_ends_them(desk: Desk) -> None:
    company(desk)
    caller = desk.dial().hears(QUESTION)

    caller.press("12#").hears("That is not a number of ours.", QUESTION)
    caller.press("34#").hears("We could not read that.").is_hung_up_on()

    assert caller.visit.position["variables"] == {}


def test_silence_to_its_end(desk: Desk) -> None:
    company(desk)

    desk.dial().hears(QUESTION, "I heard nothing.", QUESTION, "You pressed nothing.").is_hung_up_on()


@pytest.mark.parametrize("keys", [PIN, f"{PIN[:8]}#"], ids=["taken", "too short"])
def test_secret_digits_appear_in_no_row_log_or_answer(desk: Desk, keys: str, log: StringIO) -> None:
    company(desk, secret=True)
    desk.faults.repeat = 1.0
    caller = desk.dial().hears(QUESTION)

    caller.press(keys).waits(1).hangs_up()
    desk.minutes(5)

    rows = list(every_row())
    assert {"telephony.Delivery", "ivr.Visit", "calls.CallEvent"} <= {label for label, _row in rows}
    digits = keys.strip("#")
    assert [label for label, row in rows if digits in row] == []
    assert caller.sid in log.getvalue()
    assert digits not in log.getvalue()
    assert not any(digits in exchange.body for exchange in desk.twilio.exchanges)
    assert caller.story[2:3] == ["pressed •••"]


def test_a_secret_that_makes_the_page_fail_is_not_in_the_evidence(desk: Desk, log: StringIO) -> None:
    company(desk, secret=True)
    desk.failures_expected, desk.expected = True, {11200}
    caller = desk.dial().hears(QUESTION)
    visit = caller.visit
    visit.position |= {"steps": "nonsense"}
    visit.save(update_fields=["position"])

    caller.press(PIN).hears(flows.SORRY).is_hung_up_on()

    assert [label for label, row in every_row() if PIN in row] == []
    assert "failed at /voice/visits/" in log.getvalue()
    assert PIN not in log.getvalue()
    assert "failed: The caller heard the emergency text" in caller.story
