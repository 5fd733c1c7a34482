"""An agent's leg breaks off: the caller hears one moment, the agent is offered to come back, and nobody is stranded."""

from typing import Any

import pytest

from conferences import actions
from conferences.actions import Place
from conferences.room import Press
from tests.scenarios.desk import ANN, Desk
from tests.scenarios.floor import Floor

MOMENT = "One moment please. We are connecting you again."


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)


def test_the_agent_comes_back_by_the_browser(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, phone = floor.talk(ann)

    phone.hangs_up()  # a browser that is closed: nobody has pressed anything
    caller.hears(MOMENT, "(play)")
    assert (floor.phase(conference), floor.activity(ann)) == ("recovering", "talking")

    floor.do(actions.rejoin, conference.pk, agent=ann, endpoint=None)
    again = floor.rings(ann).answers()
    floor.desk.wait(1)
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    again.says("Here I am")
    caller.hears("Here I am")
    assert "turned lost" in floor.told(conference)

    floor.press(conference, Press.HANG_UP, ann)
    caller.hears("Onward.")
    assert floor.activity(ann) == "idle"
    assert floor.is_settled(conference)


def test_the_agent_comes_back_by_telephone(floor: Floor) -> None:
    ann = floor.agent("Ann")
    floor.desk.phone(ANN)
    conference, caller, phone = floor.talk(ann)
    phone.hangs_up()

    floor.do(actions.rejoin, conference.pk, agent=ann, endpoint=Place("number", ANN))
    floor.desk.rings(ANN).answers().press("1")
    floor.desk.wait(1)

    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    caller.hangs_up()


@pytest.mark.parametrize("by", ["the sweep", "the button"])
def test_an_agent_who_does_not_come_back_gives_the_caller_to_the_queue(floor: Floor, by: str) -> None:
    ann = floor.agent("Ann")
    conference, caller, phone = floor.talk(ann)
    phone.hangs_up()

    if by == "the sweep":
        floor.seconds(40)
    else:
        floor.press(conference, Press.GIVE_BACK, ann)
    caller.hears("Onward.")

    assert floor.is_settled(conference)
    assert conference.fate == "requeued"
    assert floor.activity(ann) == "idle"


def test_a_rejoin_that_is_not_answered_ends_at_the_queue(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, phone = floor.talk(ann)
    phone.hangs_up()
    floor.do(actions.rejoin, conference.pk, agent=ann, endpoint=None)
    floor.rings(ann).declines()

    floor.seconds(40)

    assert floor.is_settled(conference)
    assert conference.fate == "requeued"
    assert "Onward." in caller.leg.heard_text
    assert floor.activity(ann) == "idle"


def test_the_caller_hangs_up_while_waiting_for_the_agent(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, phone = floor.talk(ann)
    phone.hangs_up()

    caller.hangs_up()

    assert floor.is_settled(conference)
    assert conference.fate == "gone"
    assert floor.activity(ann) == "idle"


def test_an_owner_who_is_lost_in_a_consultation_is_followed_by_the_colleague(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, phone = floor.talk(ann)
    floor.do(actions.consult, conference.pk, actions.Target(agent=ben), by_agent=ann)
    floor.rings(ben).answers()
    floor.desk.wait(1)

    phone.hangs_up()

    assert floor.hears(conference) == {"customer": {"Ben"}, "Ben": {"customer"}}
    assert floor.owner(conference) == "Ben"
    caller.hangs_up()


def test_a_caller_on_hold_hears_one_moment_too(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, phone = floor.talk(ann)
    floor.press(conference, Press.HOLD, ann)
    caller.hears("(play)")

    phone.hangs_up()

    caller.hears(MOMENT)
    caller.hangs_up()
    assert floor.is_settled(conference)


def test_warnings_of_the_phone_are_kept_with_their_times(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, _phone = floor.talk(ann)
    row = conference.participants.get(agent=ann)

    for warnings in (["high-rtt"], ["high-rtt", "low-mos"], []):
        floor.do(actions.note_quality, row.pk, warnings)
        floor.desk.wait(5)

    row.refresh_from_db()
    kept: list[dict[str, Any]] = row.quality
    assert [one["name"] for one in kept] == ["high-rtt", "low-mos"]
    assert all(one["since"] < one["until"] for one in kept)
    caller.hangs_up()
