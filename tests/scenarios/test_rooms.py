"""Standing rooms, as whole calls: PINs, guests who wait for a host, and the end with the host."""

from typing import Any

import pytest
from django.utils import timezone

from conferences.models import Conference, Room
from telephony.models import Delivery
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk, Phone

HOST, GUEST, OTHER = "+14155550123", "+14155550198", "+14155550199"


def hall(desk: Desk, **fields: Any) -> Room:
    """A company whose callers come into one room by a PIN."""
    room = Room.objects.create(**({"name": "Monday", "host_pin": "4711", "guest_pin": "1234"} | fields))
    steps = {
        "Room": flows.conference_room(room, left="Left", ended="Ended", wrong_pin="Wrong", full="Full"),
        "Left": flows.hang_up("You have left."),
        "Ended": flows.hang_up("It is over."),
        "Wrong": flows.hang_up("No room for you."),
        "Full": flows.hang_up("The room is full."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=timezone.now()))
    return room


def comes(desk: Desk, number: str, pin: str) -> Phone:
    caller = desk.dial(COMPANY, number).hears("Your PIN").press(f"{pin}#")
    desk.wait(3)
    return caller


def test_a_guest_hears_music_until_the_host_comes_and_then_they_talk(desk: Desk) -> None:
    hall(desk)
    guest = comes(desk, GUEST, "1234").hears("(play)")

    host = comes(desk, HOST, "4711")
    host.says("Good morning everybody")

    guest.hears("Good morning everybody")
    other = comes(desk, OTHER, "1234")
    other.says("Sorry, I am late")
    guest.hears("Sorry, I am late")
    for one in (guest, other, host):
        one.hangs_up()
    assert Conference.objects.get().ended_at is not None


def test_when_the_host_leaves_the_room_ends_and_guests_go_on(desk: Desk) -> None:
    hall(desk)
    guest, host = comes(desk, GUEST, "1234"), comes(desk, HOST, "4711")

    host.hangs_up()

    guest.hears("It is over.").is_hung_up_on()
    conference = Conference.objects.get()
    assert (conference.phase, conference.ended_because) == ("closed", "conference-ended-via-api")


def test_a_room_may_go_on_without_its_host(desk: Desk) -> None:
    hall(desk, ends_with_host=False)
    guest, other, host = comes(desk, GUEST, "1234"), comes(desk, OTHER, "1234"), comes(desk, HOST, "4711")

    host.hangs_up()

    guest.says("Are you still there?")
    other.hears("Are you still there?")
    guest.hangs_up()
    other.hangs_up()
    assert Conference.objects.get().phase == "closed"


def test_a_wrong_pin_opens_nothing_and_no_pin_is_kept(desk: Desk) -> None:
    hall(desk)
    caller = desk.dial(COMPANY, GUEST)

    for _try in range(3):
        caller.hears("Your PIN").press("9876#")

    caller.hears("No room for you.").is_hung_up_on()
    assert not Conference.objects.exists()
    assert not any("9876" in str(delivery.form) + delivery.answer for delivery in Delivery.objects.all())


def test_a_full_room_takes_nobody_more(desk: Desk) -> None:
    hall(desk, most=2)
    host, guest = comes(desk, HOST, "4711"), comes(desk, GUEST, "1234")

    desk.dial(COMPANY, OTHER).hears("Your PIN").press("1234#").hears("The room is full.").is_hung_up_on()

    guest.hangs_up()
    late = comes(desk, OTHER, "1234")
    late.says("Now I am in")
    host.hears("Now I am in")
    late.hangs_up()
    host.hangs_up()


@pytest.mark.parametrize("doubles", [False, True], ids=["each request once", "each request twice"])
def test_two_meetings_one_after_the_other_are_two_conferences(desk: Desk, doubles: bool) -> None:
    desk.doubles = doubles
    hall(desk)
    for _meeting in range(2):
        guest, host = comes(desk, GUEST, "1234"), comes(desk, HOST, "4711")
        host.says("Hello")
        guest.hears("Hello")
        host.hangs_up()
        guest.is_hung_up_on()

    assert Conference.objects.filter(phase="closed").count() == 2
