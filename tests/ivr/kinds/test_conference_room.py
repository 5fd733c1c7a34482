from typing import Any

import pytest

from ivr.kinds.base import Dialed, Keys
from ivr.kinds.requests import EnterRoom
from tests.ivr.factories import END, URLS, Walk, make_document, make_step


def walk(**settings: Any) -> Walk:
    exits = {"left": "bye", "ended": "over", "wrong_pin": "no", "full": "full"}
    prompts = {"pin": "PIN", "wrong": "Wrong"}
    step = make_step("conference_room", exits=exits, prompts=prompts, room="4", settings=settings)
    return Walk(make_document({"room": step, **dict.fromkeys(("bye", "over", "no", "full"), END)}))


def inside() -> Walk:
    return walk().hear(Keys("4711"), admitted="host")


@pytest.mark.parametrize("who", ["host", "guest"])
def test_the_pin_tells_as_what_somebody_enters(who):
    entered = walk().hear(Keys("4711"), admitted=who)

    assert entered.outcome.requests == (EnterRoom("4", who == "host", URLS.resume),)
    assert entered.verbs == ()
    assert entered.step == "room"


def test_a_wrong_pin_is_told_and_asked_for_again_then_the_caller_goes_on():
    asked = walk(max_tries=3)
    assert asked.said == ["PIN in English."]

    assert asked.press("1234").said == ["Wrong in English.", "PIN in English."]
    assert asked.be_silent().said == ["PIN in English."]
    assert asked.press("1234").left_by == ["wrong_pin"]


def test_the_pin_is_kept_nowhere():
    entered = inside()

    assert "4711" not in str(entered.outcome)
    assert [data["digits"] for data in entered.events("pressed")] == ["•••"]


@pytest.mark.parametrize(("meeting", "way"), [(True, "left"), (False, "ended")])
def test_after_the_room_the_way_tells_whether_it_goes_on_without_the_caller(meeting, way):
    entered = inside()

    assert entered.hear(Dialed("answered"), meeting=meeting).left_by == [way]


def test_a_room_that_became_full_at_that_moment_is_full():
    entered = inside()
    progress = entered.position.to_json()["progress"] | {"noted": "full"}
    entered.position = entered.position.from_json(entered.position.to_json() | {"progress": progress})

    assert entered.be_silent().left_by == ["full"]
