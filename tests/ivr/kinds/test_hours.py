import pytest

from ivr.hours.opening import Opening
from ivr.script import Prompt, Wording
from telephony.twiml import Reject, Say
from tests.ivr.factories import END, Walk, make_document, make_step, option


def make_hours(opening: Opening | None) -> Walk:
    names = ("open", "closed", "holiday")
    steps = {"hours": make_step("hours", schedule="4", exits={name: name for name in names})}
    steps |= {name: make_step("reject") for name in names}
    return Walk(make_document(steps), openings={"4": opening} if opening else {})


@pytest.mark.parametrize("state", ["open", "closed", "holiday"])
def test_the_way_follows_the_hours_without_a_word_to_the_caller(state):
    walk = make_hours(Opening(state, "New Year"))

    assert walk.left_by == [state]
    assert walk.verbs == (Reject(),)


def test_hours_that_nobody_looked_up_count_as_closed():
    assert make_hours(None).left_by == ["closed"]


SAID = {
    "7": Prompt("Christmas", {"en-US": Wording("Merry Christmas."), "es-US": Wording("Feliz Navidad.", "Polly.Mia")}),
    "closure:3": Prompt("Fire", {"de-DE": Wording("Es brennt.")}),
}


@pytest.mark.parametrize(
    ("opening", "exit_", "said"),
    [
        (Opening("holiday", "Christmas", "yearly", "7"), "holiday", ["Merry Christmas."]),
        (Opening("closed", "Christmas", "yearly", "7"), "closed", ["Merry Christmas."]),
        (Opening("closed", "Fire", "emergency", "closure:3"), "closed", ["Es brennt."]),
        (Opening("holiday", "Christmas", "yearly", "8"), "holiday", []),
        (Opening("holiday", "Christmas", "yearly"), "holiday", []),
    ],
)
def test_what_is_written_for_a_day_is_heard_before_the_way_goes_on(opening, exit_, said):
    steps = {"1": make_step("hours", schedule="4", exits=dict.fromkeys(("open", "closed", "holiday"), "2")), "2": END}

    call = Walk(make_document(steps), openings={"4": opening}, announcements=SAID)

    assert (call.left_by, call.said) == ([exit_], said)


def test_a_holiday_is_told_in_the_language_of_the_caller():
    steps = {
        "1": make_step(
            "language",
            prompts={"greeting": "which"},
            options=[option("Spanish", "2", language="es-US")],
            exits={"Spanish": "2", "no_choice": "2"},
        ),
        "2": make_step("hours", schedule="4", exits=dict.fromkeys(("open", "closed", "holiday"), "3")),
        "3": END,
    }

    call = Walk(make_document(steps), openings={"4": Opening("holiday", "", "yearly", "7")}, announcements=SAID)
    call.press("2")

    assert [(verb.text, verb.voice) for verb in call.verbs if isinstance(verb, Say)] == [
        ("Feliz Navidad.", "Polly.Mia")
    ]
