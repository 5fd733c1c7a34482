"""Consultations, transfers with and without a word, conferences of all, and what becomes of the caller if it fails."""

import pytest

from agents.states import EndpointKind
from conferences import actions
from conferences.actions import NotNow, Place, Target
from conferences.room import Press
from tests.scenarios.desk import ANN, BEN, Desk
from tests.scenarios.floor import Floor


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)


@pytest.mark.parametrize("what", [Press.COMPLETE, Press.CANCEL, Press.MERGE])
def test_a_consultation_ends_in_each_way(floor: Floor, what: Press) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, first = floor.talk(ann)

    floor.do(actions.consult, conference.pk, Target(agent=ben), by_agent=ann)
    caller.hears("(play)")
    second = floor.rings(ben).answers()
    floor.desk.wait(1)
    assert floor.hears(conference) == {"customer": set(), "Ann": {"Ben"}, "Ben": {"Ann"}}

    floor.press(conference, Press.SWAP, ann)
    floor.desk.wait(1)
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}, "Ben": set()}

    floor.press(conference, what, ann)
    floor.desk.wait(2)
    pairs = {
        Press.COMPLETE: {"customer": {"Ben"}, "Ben": {"customer"}},
        Press.CANCEL: {"customer": {"Ann"}, "Ann": {"customer"}},
        Press.MERGE: {"customer": {"Ann", "Ben"}, "Ann": {"customer", "Ben"}, "Ben": {"customer", "Ann"}},
    }
    assert floor.hears(conference) == pairs[what]
    assert floor.owner(conference) == ("Ben" if what is Press.COMPLETE else "Ann")
    assert first.leg.live == (what is not Press.COMPLETE)
    assert second.leg.live == (what is not Press.CANCEL)
    assert (floor.activity(ann), floor.activity(ben)) == (
        "idle" if what is Press.COMPLETE else "talking",
        "idle" if what is Press.CANCEL else "talking",
    )

    caller.hangs_up()
    if what is Press.MERGE:  # two colleagues may go on talking
        first.hangs_up()
    floor.desk.wait(5)
    assert floor.is_settled(conference)


def test_the_target_of_a_transfer_takes_the_caller(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, first = floor.talk(ann)

    floor.do(actions.hand_over, conference.pk, Target(agent=ben), by_agent=ann)
    first.is_hung_up_on()
    caller.hears("(play)")
    assert floor.activity(ann) == "idle"
    floor.rings(ben).answers()
    floor.desk.wait(1)

    assert floor.hears(conference) == {"customer": {"Ben"}, "Ben": {"customer"}}
    assert floor.owner(conference) == "Ben"
    caller.hangs_up()
    assert floor.is_settled(conference)


@pytest.mark.parametrize("habit", ["declines", "ignores", "mailbox"])
def test_a_target_who_does_not_take_it_gives_the_caller_back_to_the_sender(floor: Floor, habit: str) -> None:
    ann = floor.agent("Ann")
    floor.desk.phone(BEN, "answers" if habit == "mailbox" else habit)
    conference, caller, _first = floor.talk(ann)

    floor.do(actions.hand_over, conference.pk, Target(place=Place(EndpointKind.NUMBER, BEN)), by_agent=ann)
    floor.until(lambda: floor.phase(conference) == "returning", within=60)
    again = floor.rings(ann).answers()
    floor.desk.wait(1)

    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    assert floor.owner(conference) == "Ann"
    again.says("I am back")
    caller.hears("I am back")
    caller.hangs_up()
    assert floor.is_settled(conference)


def test_a_sender_who_is_busy_is_not_rung_and_the_caller_goes_to_the_queue(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, first = floor.talk(ann)
    floor.do(actions.hand_over, conference.pk, Target(agent=ben), by_agent=ann)
    first.is_hung_up_on()
    floor.talk(ann, floor.caller("+14155550124"))

    floor.rings(ben).declines()
    caller.hears("Onward.")

    assert floor.is_settled(conference)
    assert conference.fate == "requeued"


def test_a_sender_who_does_not_take_the_caller_back_loses_the_caller_to_the_queue(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, first = floor.talk(ann)
    floor.do(actions.hand_over, conference.pk, Target(agent=ben), by_agent=ann)
    first.is_hung_up_on()

    floor.rings(ben).declines()
    floor.rings(ann)
    floor.seconds(40)

    assert conference.pk
    assert floor.is_settled(conference)
    assert conference.fate == "requeued"
    assert "Onward." in caller.leg.heard_text
    assert floor.activity(ann) == "idle"


def test_the_owner_hangs_up_while_the_colleague_is_still_rung(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, first = floor.talk(ann)
    floor.do(actions.consult, conference.pk, Target(agent=ben), by_agent=ann)
    floor.press(conference, Press.HANG_UP, ann)
    first.is_hung_up_on()

    floor.rings(ben).answers()
    floor.desk.wait(1)

    assert floor.hears(conference) == {"customer": {"Ben"}, "Ben": {"customer"}}
    caller.hangs_up()
    assert floor.is_settled(conference)


def test_the_caller_hangs_up_in_a_consultation_and_the_colleagues_go_on(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    conference, caller, first = floor.talk(ann)
    floor.do(actions.consult, conference.pk, Target(agent=ben), by_agent=ann)
    floor.rings(ben).answers()
    floor.desk.wait(1)

    caller.hangs_up()
    assert floor.hears(conference) == {"Ann": {"Ben"}, "Ben": {"Ann"}}

    floor.press(conference, Press.HANG_UP, ann)
    first.is_hung_up_on()
    assert floor.is_settled(conference)


def test_somebody_is_added_and_sent_out_again(floor: Floor) -> None:
    ann = floor.agent("Ann")
    floor.desk.phone(BEN)
    conference, caller, _first = floor.talk(ann)

    guest = floor.do(
        actions.add, conference.pk, Target(place=Place(EndpointKind.NUMBER, BEN), name="Expert"), by_agent=ann
    )
    expert = floor.desk.rings(BEN).answers().press("1")
    floor.desk.wait(1)
    assert floor.hears(conference)["customer"] == {"Ann", "guest"}

    floor.do(actions.remove, conference.pk, guest.pk, by_agent=ann)
    expert.is_hung_up_on()
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    assert "turned Ann remove Expert" in floor.told(conference)
    caller.hangs_up()


def test_the_caller_is_sent_to_a_queue(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, first = floor.talk(ann)

    floor.do(actions.send_away, conference.pk, "queue:7", by_agent=ann)
    caller.hears("Onward.")

    first.is_hung_up_on()
    assert floor.is_settled(conference)
    assert (conference.fate, conference.destination) == ("elsewhere", "queue:7")


def test_only_what_is_legal_can_be_pressed(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben", endpoints=[(EndpointKind.NUMBER, ANN)])
    conference, caller, _first = floor.talk(ann)

    for what in (Press.COMPLETE, Press.UNHOLD, Press.GIVE_BACK):
        with pytest.raises(NotNow):
            floor.press(conference, what, ann)
    with pytest.raises(NotNow):
        floor.press(conference, Press.HANG_UP, ben)
    assert floor.phase(conference) == "talking"
    caller.hangs_up()
