"""People are rung: in turn with screening, all at once, and what a caller meets when nobody comes to the phone."""

from typing import Any

import pytest

from calls.models import Call
from tests.scenarios import flows
from tests.scenarios.desk import ANN, BEN, CALLER, COMPANY, Desk

WHISPER = "A call for Example Bikes. Press 1 to take it."
MAILBOX = "This is the mailbox of Ann. Please leave a message."


def company(desk: Desk, *targets: str, whisper: str = "", **settings: Any) -> Desk:
    steps = {
        "Welcome": flows.message("One moment please.", then="Sales"),
        "Sales": flows.ring(
            *(targets or (ANN, BEN)),
            answered="Thanks",
            nobody="Nobody",
            busy="Busy",
            failed="Failed",
            whisper=whisper,
            seconds=15,
            **settings,
        ),
        "Thanks": flows.hang_up("Thank you for calling."),
        "Nobody": flows.hang_up("Nobody can come to the phone."),
        "Busy": flows.hang_up("We are all busy."),
        "Failed": flows.hang_up("We cannot be reached."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return desk


def screened(desk: Desk) -> Desk:
    return company(desk, order="in_turn", screening=True, whisper=WHISPER)


def test_the_second_accepts_after_the_mailbox_of_the_first_could_not(desk: Desk) -> None:
    screened(desk).phone(ANN, "answers")  # a mailbox: it takes the call and speaks
    desk.phone(BEN)
    caller = desk.dial().hears("One moment please.")

    mailbox = desk.rings(ANN)
    mailbox.hears(WHISPER).is_hung_up_on()
    ben = desk.rings(BEN).answers().hears(WHISPER)
    assert ben.never_heard("Connected")
    ben.press("1").hears(f"Connected with {CALLER}")
    caller.hears(f"Connected with {BEN}")
    ben.says("Good morning")
    caller.hears("Good morning")
    ben.hangs_up()
    caller.hears("Thank you for calling.").is_hung_up_on()

    assert caller.story == [
        "began Main 1", "entered Welcome", "left by next", "entered Sales",
        f"rang {ANN}", "dialed completed", f"rang {BEN}", "screened", "dialed completed",
        "left by answered", "entered Thanks", "ended completed",
    ]  # fmt: skip
    legs = Call.objects.filter(parent=caller.row).order_by("started_at")
    assert [(leg.to_number, leg.status, leg.direction) for leg in legs] == [
        (ANN, "completed", "outbound-dial"), (BEN, "completed", "outbound-dial")
    ]  # fmt: skip


def test_a_mailbox_that_talks_and_talks_never_gets_the_caller(desk: Desk) -> None:
    screened(desk).phone(ANN, "answers")
    desk.phone(BEN, "ignores")
    caller = desk.dial()

    mailbox = desk.rings(ANN)
    mailbox.hears(WHISPER).says(MAILBOX).says(MAILBOX).is_hung_up_on()
    caller.hears("Nobody can come to the phone.").is_hung_up_on()

    assert "screened" not in caller.story
    assert caller.never_heard("Connected")


@pytest.mark.parametrize("key", ["2", "0", "*"])
def test_another_key_is_no_acceptance(desk: Desk, key: str) -> None:
    screened(desk).phone(ANN)
    desk.phone(BEN, "busy")
    caller = desk.dial()

    desk.rings(ANN).answers().hears(WHISPER).press(key).is_hung_up_on()
    caller.hears("Nobody can come to the phone.")

    assert "screened" not in caller.story


@pytest.mark.parametrize(
    ("first", "second", "hears", "exit_"),
    [
        ("ignores", "ignores", "Nobody can come to the phone.", "nobody"),
        ("busy", "busy", "We are all busy.", "busy"),
        ("declines", "declines", "We are all busy.", "busy"),
        ("busy", "ignores", "Nobody can come to the phone.", "nobody"),
        ("unreachable", "unreachable", "We cannot be reached.", "failed"),
    ],
)
def test_in_turn_nobody_comes(desk: Desk, first: str, second: str, hears: str, exit_: str) -> None:
    screened(desk).phone(ANN, first)
    desk.phone(BEN, second)

    caller = desk.dial().hears(hears).is_hung_up_on()

    assert [line for line in caller.story if line.startswith(("rang", "left"))] == [
        "left by next", f"rang {ANN}", f"rang {BEN}", f"left by {exit_}"
    ]  # fmt: skip


def test_all_ring_at_once_and_the_first_who_answers_has_the_caller(desk: Desk) -> None:
    company(desk).phone(ANN)
    desk.phone(BEN)
    caller = desk.dial()

    ann, ben = desk.rings(ANN), desk.rings(BEN)
    ann.answers().hears(f"Connected with {CALLER}")
    caller.hears(f"Connected with {ANN}")
    assert ben.is_hung_up_on().leg.status == "canceled"
    caller.waits(20).hangs_up()

    assert (caller.row.status, caller.visit.ending) == ("completed", "caller hung up")
    legs = {leg.to_number: leg for leg in Call.objects.filter(parent=caller.row)}
    assert (legs[ANN].status, legs[BEN].status) == ("completed", "canceled")
    assert legs[ANN].seconds is not None
    assert 20 <= legs[ANN].seconds <= 26


@pytest.mark.parametrize(
    ("first", "second", "hears"),
    [
        ("ignores", "busy", "Nobody can come to the phone."),
        ("busy", "busy", "We are all busy."),
    ],
)
def test_all_ring_at_once_and_nobody_comes(desk: Desk, first: str, second: str, hears: str) -> None:
    company(desk).phone(ANN, first)
    desk.phone(BEN, second)

    caller = desk.dial().hears(hears).is_hung_up_on()

    assert caller.row.status == "completed"


def test_the_caller_hangs_up_while_it_rings(desk: Desk) -> None:
    company(desk).phone(ANN)
    desk.phone(BEN)
    caller = desk.dial()
    ann = desk.rings(ANN)

    caller.hangs_up()

    assert ann.leg.status == "canceled"
    assert (caller.row.status, caller.visit.ending) == ("completed", "caller hung up")
    assert {leg.status for leg in Call.objects.filter(parent=caller.row)} == {"canceled"}
    assert caller.story[-1] == "ended caller hung up"


def test_the_caller_hangs_up_while_somebody_is_asked(desk: Desk) -> None:
    screened(desk).phone(ANN)
    caller = desk.dial()
    ann = desk.rings(ANN).answers().hears(WHISPER)

    caller.hangs_up()

    assert not ann.leg.live
    assert caller.visit.ending == "caller hung up"
    assert desk.never_rang(BEN)


def test_a_browser_phone_and_a_desk_phone_are_rung_with_our_number_for_a_caller_without_one(desk: Desk) -> None:
    company(desk, "client:ann", "sip:desk@pbx.example", ANN).phone("client:ann")
    desk.phone("sip:desk@pbx.example")
    desk.phone(ANN)
    caller = desk.dial(caller="client:visitor")

    rung = [desk.rings(address) for address in ("client:ann", "sip:desk@pbx.example", ANN)]
    assert {phone.leg.from_ for phone in rung} == {COMPANY}
    rung[0].answers().hears("Connected")

    caller.hangs_up()


def test_a_whisper_alone_is_heard_before_the_caller(desk: Desk) -> None:
    company(desk, ANN, whisper="A sales call.").phone(ANN)
    caller = desk.dial()

    ann = desk.rings(ANN).answers().hears("A sales call.", f"Connected with {CALLER}")

    ann.hangs_up()
    caller.hears("Thank you for calling.")
