"""A menu, by key and by word."""

import pytest

from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk
from tests.scenarios.flows import Choice

ENGLISH_MENU = "For sales, press 1. For support, press 2."


@pytest.fixture
def company(desk: Desk) -> Desk:
    steps = {
        "Main menu": flows.menu(
            ENGLISH_MENU,
            {"Sales": Choice("Sales", "1", ("sales", "buy")), "Support": Choice("Support", "2", ("support",))},
            no_input="Silent",
            wrong_input="Wrong",
            says={"no_input": "I heard nothing.", "wrong": "That is no choice.", "confirm": "Did you say {word}?"},
            max_silences=2,
            max_mistakes=3,
            threshold=0.6,
        ),
        "Sales": flows.hang_up("This is sales."),
        "Support": flows.hang_up("This is support."),
        "Silent": flows.hang_up("Nobody there? Goodbye."),
        "Wrong": flows.hang_up("Please call again."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return desk


def test_a_caller_presses_a_key(company: Desk) -> None:
    caller = company.dial().hears(ENGLISH_MENU)

    caller.press("2").hears("This is support.").is_hung_up_on()

    assert caller.story == [
        "began Main 1", "entered Main menu", "pressed 2", "left by Support", "entered Support", "ended completed"
    ]  # fmt: skip
    assert (caller.row.status, caller.visit.ending) == ("completed", "completed")
