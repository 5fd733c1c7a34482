"""A menu, by key and by word, and what becomes of callers who say nothing, or what is no choice."""

import pytest

from calls.models import EventKind
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk
from tests.scenarios.flows import Choice

MENU = "For sales, press 1. For support, press 2."


@pytest.fixture
def company(desk: Desk) -> Desk:
    steps = {
        "Main menu": flows.menu(
            MENU,
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
    caller = company.dial().hears(MENU)

    caller.press("2").hears("This is support.").is_hung_up_on()

    assert caller.story == [
        "began Main 1", "entered Main menu", "pressed 2", "left by Support", "entered Support", "ended completed"
    ]  # fmt: skip
    assert (caller.row.status, caller.visit.ending) == ("completed", "completed")


def test_a_caller_says_a_word(company: Desk) -> None:
    caller = company.dial().hears(MENU)

    caller.says("I would like to buy a bicycle", confidence=0.9).hears("This is sales.").is_hung_up_on()

    spoken = caller.row.events.get(kind=EventKind.SPOKE)
    assert (spoken.data["text"], spoken.data["confidence"]) == ("I would like to buy a bicycle", 0.9)
    assert "left by Sales" in caller.story


def test_a_caller_who_was_hardly_understood_is_asked_and_confirms(company: Desk) -> None:
    caller = company.dial().hears(MENU)

    caller.says("support", confidence=0.3).hears("Did you say support?")
    caller.press("1").hears("This is support.")

    assert "left by Support" in caller.story


def test_a_caller_who_was_misunderstood_says_so_and_chooses_again(company: Desk) -> None:
    caller = company.dial().hears(MENU)

    caller.says("sales", confidence=0.3).hears("Did you say sales?")
    caller.says("no").hears("That is no choice.", MENU)
    caller.press("2").hears("This is support.")

    assert "left by Sales" not in caller.story


def test_silence_to_its_end(company: Desk) -> None:
    caller = company.dial()

    caller.hears(MENU, "I heard nothing.", MENU, "Nobody there? Goodbye.").is_hung_up_on()

    assert caller.story == [
        "began Main 1", "entered Main menu", "silent", "silent", "left by no_input", "entered Silent", "ended completed"
    ]  # fmt: skip


def test_wrong_keys_and_words_to_their_end(company: Desk) -> None:
    caller = company.dial().hears(MENU)

    caller.press("9").hears("That is no choice.", MENU)
    caller.says("giraffe").hears("That is no choice.", MENU)
    caller.press("*").hears("Please call again.").is_hung_up_on()

    assert [line for line in caller.story if line.startswith(("pressed", "said", "left"))] == [
        "pressed 9", "said giraffe", "pressed *", "left by wrong_input"
    ]  # fmt: skip


def test_silences_and_mistakes_are_counted_apart(company: Desk) -> None:
    caller = company.dial().hears(MENU)

    caller.press("9").hears("That is no choice.", MENU)
    caller.hears("I heard nothing.", MENU)
    caller.press("8").hears("That is no choice.", MENU)
    caller.press("1").hears("This is sales.").is_hung_up_on()

    assert caller.visit.ending == "completed"


def test_a_key_interrupts_the_greeting(company: Desk) -> None:
    caller = company.dial().hears(MENU)

    caller.press("1").hears("This is sales.", within=0.5)

    assert next(heard for heard in caller.leg.heard if heard.text == MENU).cut
