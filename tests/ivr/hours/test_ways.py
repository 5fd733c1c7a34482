"""Where the first keys lead."""

from datetime import UTC, datetime

from ivr.hours.ways import Way, ways
from ivr.trial.world import World
from tests.ivr.factories import END, URLS, make_document, make_step, option

AT = datetime(2026, 10, 5, 12, tzinfo=UTC)
MENU = make_step(
    "menu",
    prompts={"greeting": "menu"},
    options=[option("Sales", "1"), option("Again", "2"), option("By word", "", "word")],
    exits={"Sales": "Sorry", "Again": "Other", "By word": "Bye", "no_choice": "Bye"},
)
OTHER = make_step(
    "menu", prompts={"greeting": "other"}, options=[option("End", "1")], exits={"End": "Bye", "no_choice": "Bye"}
)
SORRY = make_step("message", prompts={"message": "sorry"}, exits={"next": "Bye"})


def found(first):
    steps = {"Menu": MENU, "Other": OTHER, "Sorry": SORRY, "Bye": END}
    world = World(make_document({first: steps[first], **steps}))
    return ways(world, number="+15005550100", at=AT, zone="UTC", urls=lambda _turn, _loop: URLS)


def test_each_key_is_told_up_to_where_somebody_decides():
    told = found("Menu")

    assert told.step == "Menu"
    assert told.ways == (
        Way("1", "Sales", "message “Sorry”, then hang up “Bye”"),
        Way("2", "Again", "menu “Other”"),
    )


def test_where_nobody_chooses_there_is_nothing_to_tell():
    assert found("Sorry") is None
