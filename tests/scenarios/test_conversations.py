"""A caller who waits and an agent who is rung meet in a conference, and everybody is let go in the end."""

from typing import Any

import pytest
from django.utils import timezone

from agents.actions import Busy
from agents.states import EndpointKind
from conferences import actions
from conferences.actions import Place, Target
from conferences.models import Participant
from conferences.room import Fate, Press
from tests.dialing.factories import attempt
from tests.scenarios.desk import ANN, Desk
from tests.scenarios.floor import Floor


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)


def outcomes(conference: Any) -> dict[str, str]:
    rows = Participant.objects.filter(conference=conference).select_related("agent")
    return {one.agent.name if one.agent else str(one.role): one.outcome for one in rows}


def test_an_agent_takes_a_caller_they_talk_and_the_caller_goes_on(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.offer(conference, ann)

    assert floor.activity(ann) == "ringing"
    phone = floor.rings(ann).answers()
    floor.until(lambda: floor.phase(conference) == "talking")
    phone.says("Good morning")
    caller.hears("Good morning")
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    assert floor.activity(ann) == "talking"

    floor.press(conference, Press.HANG_UP, ann)
    caller.hears("Onward.")
    phone.is_hung_up_on()
    assert floor.is_settled(conference)
    assert conference.fate == "served"
    assert floor.activity(ann) == "idle"
    told = floor.told(conference)
    assert told[:3] == ["joined Ann owner", "joined customer customer", "turned Ann hang-up"]
    assert sorted(told[3:]) == ["departed Ann former released", "departed customer customer released"]
    caller.hangs_up()


def test_on_hold_the_caller_hears_music_again_and_again_and_comes_back(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, _phone = floor.talk(ann)

    floor.press(conference, Press.HOLD, ann)
    caller.hears("(play)", "(play)")
    assert floor.hears(conference) == {"customer": set(), "Ann": set()}

    floor.press(conference, Press.UNHOLD, ann)
    floor.desk.wait(1)
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    caller.hangs_up()


@pytest.mark.parametrize("when", ["ringing", "screening", "talking", "on hold"])
def test_the_caller_hangs_up(floor: Floor, when: str) -> None:
    ann = floor.agent("Ann", endpoints=[(EndpointKind.NUMBER, ANN)])
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.offer(conference, ann, screening="A call. Press 1.")
    phone = floor.desk.rings(ANN)
    if when != "ringing":
        phone.answers().hears("A call. Press 1.")
    if when in ("talking", "on hold"):
        phone.press("1")
        floor.until(lambda: floor.phase(conference) == "talking")
    if when == "on hold":
        floor.press(conference, Press.HOLD, ann)
        caller.hears("(play)")

    caller.hangs_up()

    phone.is_hung_up_on()
    assert floor.is_settled(conference)
    assert conference.fate == "gone"
    assert floor.activity(ann) == "idle"


@pytest.mark.parametrize(
    ("habit", "kind", "outcome"),
    [
        ("ignores", EndpointKind.BROWSER, "no-answer"),
        ("declines", EndpointKind.BROWSER, "declined"),
        ("busy", EndpointKind.NUMBER, "busy"),
        ("unreachable", EndpointKind.NUMBER, "failed"),
        ("answers", EndpointKind.NUMBER, "not-accepted"),  # a mailbox
    ],
)
def test_an_agent_who_does_not_take_it_leaves_the_caller_waiting(
    floor: Floor, habit: str, kind: str, outcome: str
) -> None:
    ann = floor.agent("Ann", habit, endpoints=[(kind, "" if kind == EndpointKind.BROWSER else ANN)])
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.offer(conference, ann, screening="Press 1." if kind == EndpointKind.NUMBER else "")

    floor.seconds(40)

    assert outcomes(conference) == {"customer": "", "Ann": outcome}
    assert floor.phase(conference) == "opening"
    assert floor.activity(ann) == "idle"
    assert caller.never_heard("Onward.")
    floor.do(actions.close, conference.pk, Fate.GONE)
    assert floor.is_settled(conference)
    caller.hangs_up()


def test_of_two_who_answer_one_has_the_caller_and_the_other_is_let_go(floor: Floor) -> None:
    ann, ben = floor.agent("Ann"), floor.agent("Ben")
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.offer(conference, ann)
    floor.offer(conference, ben)
    first, second = floor.rings(ann), floor.rings(ben)

    with floor.desk.workers_dead():  # so that the second can still pick up
        second.answers()
        first.answers()
        floor.desk.wait(1)
    floor.seconds(20)

    assert floor.owner(conference) == "Ben"
    assert not first.leg.live
    assert (floor.activity(ann), floor.activity(ben)) == ("idle", "talking")
    assert floor.hears(conference) == {"customer": {"Ben"}, "Ben": {"customer"}}
    caller.hangs_up()
    assert floor.is_settled(conference)


def test_an_agent_declines_at_the_desk(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    row = floor.offer(conference, ann)
    phone = floor.rings(ann)

    floor.do(actions.decline, row.pk, by_agent=ann)

    assert floor.activity(ann) == "idle"
    phone.is_hung_up_on()
    assert outcomes(conference)["Ann"] == "declined"
    caller.hangs_up()


def test_who_is_withdrawn_stops_ringing(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    row = floor.offer(conference, ann)
    phone = floor.rings(ann)

    floor.do(actions.withdraw, row.pk)

    phone.is_hung_up_on()
    assert outcomes(conference)["Ann"] == "withdrawn"
    assert floor.activity(ann) == "idle"
    caller.hangs_up()


def test_somebody_who_was_never_rung_is_withdrawn_at_once(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    with floor.desk.workers_dead():
        row = floor.offer(conference, ann)
    floor.do(actions.withdraw, row.pk)
    floor.seconds(30)

    assert floor.desk.never_rang(floor.address(ann))
    assert floor.activity(ann) == "idle"
    caller.hangs_up()


def test_a_customer_who_is_rung_presses_1_and_is_connected(floor: Floor) -> None:
    ann = floor.agent("Ann")
    floor.desk.phone("+14155550199")
    conference = floor.do(
        actions.open_conversation, customer=None, onward="", address="", subject="Sales", caller_id="+15005550199"
    )
    floor.offer(conference, ann)
    phone = floor.rings(ann).answers()
    phone.hears("One moment please.")

    floor.do(
        actions.invite_customer,
        conference.pk,
        number="+14155550199",
        screening="You asked for a call. Press 1.",
        caller_id="+15005550199",
        ring_seconds=20,
        attempt=attempt("+14155550199", at=timezone.now()),
    )
    customer = floor.desk.rings("+14155550199").answers().hears("You asked for a call. Press 1.").press("1")
    floor.until(lambda: floor.phase(conference) == "talking")

    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    assert conference.customer.sid == customer.sid
    floor.press(conference, Press.HANG_UP, ann)
    customer.is_hung_up_on()
    assert floor.is_settled(conference)


def test_a_customer_who_is_rung_and_does_not_take_it_is_unreached(floor: Floor) -> None:
    ann = floor.agent("Ann")
    floor.desk.phone("+14155550199", "ignores")
    conference = floor.do(
        actions.open_conversation, customer=None, onward="", address="", subject="Sales", caller_id="+15005550199"
    )
    floor.offer(conference, ann)
    phone = floor.rings(ann).answers()
    floor.desk.wait(2)
    floor.do(
        actions.invite_customer,
        conference.pk,
        number="+14155550199",
        screening="Press 1.",
        caller_id="+15005550199",
        ring_seconds=20,
        attempt=attempt("+14155550199", at=timezone.now()),
    )

    phone.is_hung_up_on()

    assert floor.is_settled(conference)
    assert conference.fate == "unreached"
    assert outcomes(conference) == {"Ann": "released", "customer": "no-answer"}


def test_keys_for_a_machine_are_heard_by_it_and_kept_nowhere(floor: Floor, log: Any) -> None:
    ann = floor.agent("Ann")
    conference, caller, _phone = floor.talk(ann)
    row = conference.participants.get(role="customer")

    played = floor.do(actions.send_digits, conference.pk, row.pk, "41993", by_agent=ann)
    caller.hears("Key tones")
    floor.seconds(70)

    played.refresh_from_db()
    assert played.digits == ""
    assert "41993" not in log.getvalue()
    caller.hangs_up()


def test_an_announcement_is_heard_by_all(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, phone = floor.talk(ann)

    floor.do(actions.announce, conference.pk, "We close in ten minutes.", by_user=ann.user)

    caller.hears("We close in ten minutes.")
    phone.hears("We close in ten minutes.")
    caller.hangs_up()


def test_somebody_is_muted_and_heard_again(floor: Floor) -> None:
    ann = floor.agent("Ann")
    conference, caller, _phone = floor.talk(ann)
    row = conference.participants.get(agent=ann)

    floor.do(actions.mute, conference.pk, row.pk, True, by_agent=ann)
    floor.desk.wait(1)
    assert floor.hears(conference) == {"customer": set(), "Ann": {"customer"}}

    floor.do(actions.mute, conference.pk, row.pk, False, by_agent=ann)
    floor.desk.wait(1)
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    caller.hangs_up()


def test_a_second_invitation_of_an_agent_who_is_rung_is_refused(floor: Floor) -> None:
    ann = floor.agent("Ann")
    first, second = floor.opened(floor.caller()), floor.opened(floor.caller("+14155550124"))
    floor.offer(first, ann)

    with pytest.raises(Busy):
        floor.offer(second, ann)
    with pytest.raises(actions.NotNow):
        floor.do(actions.consult, first.pk, Target(place=Place("number", ANN)), by_agent=ann)
