"""A flow is published while calls stand in every kind of step: none of them notices."""

import pytest

from ivr.models import Version
from tests.scenarios import every_kind, flows
from tests.scenarios.desk import ANN, BEN, Desk, Phone
from tests.scenarios.every_kind import WHISPER


def _finish(desk: Desk, caller: Phone, place: str, edition: str) -> None:
    """Go on from where the caller stands to the end of the call."""
    match place:
        case "message" | "language":
            every_kind.to_menu(caller, edition).press("1").hears(f"Digits {edition}.").press("123#")
        case "menu":
            caller.press("1").hears(f"Digits {edition}.").press("12#").hears(f"Digits {edition}.").press("123#")
        case "menu, confirming":
            caller.press("1").hears(f"Digits {edition}.").press("123#")
        case "collect":
            caller.press("23#")
        case "ring, ringing":
            desk.rings(ANN).declines()
            desk.rings(BEN).answers().hears(WHISPER).press("1").hears("Connected").hangs_up()
        case "ring, screening":
            desk.rings(BEN, within=60).declines()
            caller.hears(f"Box {edition}.").hears_the_beep().says(every_kind.MESSAGE).waits(8)
        case "ring, all at once":
            desk.rings(ANN).declines()
            desk.rings(BEN).declines()
            caller.hears(f"Box {edition}.").hears_the_beep().says(every_kind.MESSAGE).waits(8)
        case "ring, talking":
            next(phone for phone in _talking_to(desk, ANN)).hangs_up()
        case "voicemail, greeting":
            caller.hears_the_beep().says(every_kind.MESSAGE).waits(8)
        case "voicemail, recording":
            caller.press("#")
        case "raw TwiML":
            caller.press("1")
        case "go to":
            caller.press("1").hears(f"Other end {edition}.")
            return
    if place != "hang up":
        caller.hears(f"Bye {edition}.")


def _talking_to(desk: Desk, address: str) -> list[Phone]:
    return [Phone(desk, leg.sid) for leg in desk.twilio.legs(address) if leg.live]


@pytest.mark.parametrize("place", every_kind.PLACES)
def test_a_call_keeps_the_version_that_it_began_with(desk: Desk, place: str) -> None:
    every_kind.publish(desk, "one")
    desk.phone(ANN)
    desk.phone(BEN)
    caller = desk.dial()
    every_kind.PLACES[place](desk, caller, "one")

    every_kind.publish(desk, "two")
    flows.publish("Other", {"Nothing": flows.reject()}, at=desk.clock.now())
    flows.publish("Main", {"Nothing": flows.reject()}, at=desk.clock.now())
    _finish(desk, caller, place, "one")
    caller.is_hung_up_on()

    assert caller.never_heard("two")
    assert caller.visit.ending == "completed"
    assert caller.visit.version.number == 1
    assert not [line for line in caller.story if line.startswith("failed")]


def test_the_next_call_meets_the_new_version(desk: Desk) -> None:
    every_kind.publish(desk, "one")
    first = desk.dial().hears("Welcome one.")

    every_kind.publish(desk, "two")
    second = desk.dial(caller="+14155550124").hears("Welcome two.")

    assert (first.visit.version.number, second.visit.version.number) == (1, 2)
    first.hangs_up()
    second.hangs_up()


def test_an_old_version_is_restored_as_a_new_one(desk: Desk) -> None:
    from ivr import actions

    every_kind.publish(desk, "one")
    every_kind.publish(desk, "two")

    old = Version.objects.get(flow__name="Main", number=1)
    actions.restore(old, by=None, note="", at=desk.clock.now())

    assert desk.dial().hears("Welcome one.").visit.version.number == 3
