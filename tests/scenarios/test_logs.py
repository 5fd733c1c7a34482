"""What is logged during whole calls: the calls by name, and nothing that should stay private."""

from io import StringIO
from typing import Any

import pytest

from tests.scenarios import every_kind
from tests.scenarios.desk import ANN, BEN, CALLER, COMPANY, Desk
from tests.scenarios.every_kind import WHISPER

DIGITS = "730951846"


def test_the_logs_of_calls_hold_no_number_no_digits_and_no_token(desk: Desk, log: StringIO, settings: Any) -> None:
    every_kind.publish(desk, "one")
    desk.phone(ANN, "answers")
    desk.phone(BEN)
    desk.faults.repeat = desk.faults.duplicate = 1.0
    first = every_kind.to_menu(desk.dial(), "one").says("digits", confidence=0.9).hears("Digits one.")
    first.press("98#").hears("Digits one.")
    first.press(DIGITS).hears("Bye one.").is_hung_up_on()
    second = every_kind.to_menu(desk.dial(caller="+14155550124"), "one").press("2")
    desk.rings(ANN).hears(WHISPER)
    desk.rings(BEN, within=60).answers().hears(WHISPER).press("1").hears("Connected").hangs_up()
    second.is_hung_up_on()
    desk.faults.force("500", path="/Recordings/", times=4)
    third = every_kind.to_menu(desk.dial(caller="+442071838750"), "one").press("4").hears_the_beep()
    third.says(every_kind.MESSAGE).waits(5).hangs_up()
    desk.minutes(6)

    written = log.getvalue()
    assert written.count(first.sid) > 2
    assert '"call_sid"' in written
    for number in (CALLER, COMPANY, ANN, BEN, "+14155550124", "+442071838750"):
        assert number not in written
        assert number.removeprefix("+") not in written
    assert DIGITS not in written
    for secret in (settings.TWILIO_AUTH_TOKEN, settings.SECRET_KEY):
        assert secret not in written
    assert "my bicycle" not in written


@pytest.mark.parametrize("trouble", ["a failing page", "a refused signature"])
def test_the_logs_of_trouble_hold_them_neither(desk: Desk, log: StringIO, settings: Any, trouble: str) -> None:
    every_kind.publish(desk, "one")
    desk.expected, desk.failures_expected = {11200, 15003}, True
    caller = every_kind.to_menu(desk.dial(), "one").press("1").hears("Digits one.")
    if trouble == "a failing page":
        visit = caller.visit
        visit.position |= {"steps": CALLER}
        visit.save(update_fields=["position"])
    else:
        settings.TWILIO_AUTH_TOKEN = "another-token-altogether"
        desk.expects_application_error = True

    caller.press(DIGITS)
    caller.is_hung_up_on()

    written = log.getvalue()
    assert ("refused a request" if trouble == "a refused signature" else "failed at /voice/visits/") in written
    assert CALLER not in written
    assert COMPANY not in written
    assert DIGITS not in written
    assert "another-token-altogether" not in written
