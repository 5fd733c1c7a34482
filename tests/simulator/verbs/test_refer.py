"""Refer, as Twilio documents its four outcomes."""

from typing import Any

import pytest

from simulator.simulator import Habit
from tests.simulator.world import ANN, World, pick, world

CALLER, DESK = "sip:caller@pbx.example", "sip:desk@pbx.example"
REFER = f"<Refer action='/done'><Sip>{DESK}?X-Account=7</Sip></Refer><Say>Never</Say>"
TOLD = ("ReferCallStatus", "ReferSipResponseCode", "NotifySipResponseCode")


def made(answers: Any = None, *, refers: bool = True) -> World:
    w = world()
    w.sim.add_phone(CALLER, habit=Habit("asks", refers=refers))
    if answers:
        w.sim.add_phone(DESK, habit=Habit(answers))
    w.page("/done", "<Say>Back with us</Say>")
    return w


@pytest.mark.parametrize(
    ("answers", "refers", "told"),
    [
        ("answers", True, ("in-progress", "202", "200")),
        ("busy", True, ("busy", "202", "486")),
        ("declines", True, ("busy", "202", "603")),
        ("ignores", True, ("no-answer", "202", "487")),
        (None, True, ("failed", "202", "404")),
        ("answers", False, ("failed", "405")),
    ],
)
def test_the_action_is_told_what_became_of_it(answers, refers, told):
    w = made(answers, refers=refers)

    w.call(REFER, caller=CALLER)
    w.sim.run_until_idle()

    (asked,) = w.app.asked("/done")
    assert pick(asked, *TOLD) == dict(zip(TOLD, told, strict=False))
    assert asked["CallStatus"] == "in-progress"
    assert w.codes() == []


def test_a_phone_that_talks_to_somebody_else_hangs_up_on_us():
    w = made("answers")
    w.page("/done", "<Pause length='60'/>")

    leg = w.call(REFER, caller=CALLER)
    w.sim.run_until_idle()

    assert leg.status == "completed"
    assert f"Connected with {DESK}" in leg.heard_text
    assert w.elapsed() < 10


def test_without_an_action_the_next_verb_runs():
    w = made()

    leg = w.call(f"<Refer><Sip>{DESK}</Sip></Refer><Say>Next</Say>", caller=CALLER)
    w.sim.run_until_idle()

    assert leg.heard_text == "Next"


def test_a_caller_who_hangs_up_meanwhile_is_told_as_canceled():
    w = made("answers")

    leg = w.call(REFER, caller=CALLER)
    w.clock.advance(0.6)
    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    (asked,) = w.app.asked("/done")
    assert pick(asked, *TOLD, "CallStatus") == {
        "ReferCallStatus": "canceled",
        "ReferSipResponseCode": "202",
        "NotifySipResponseCode": "180",
        "CallStatus": "completed",
    }


def test_a_leg_that_is_no_sip_fails_the_document():
    w = made("answers")

    leg = w.call(REFER, caller=ANN)
    w.sim.run_until_idle()

    assert w.codes() == [13801]
    assert w.app.asked("/done") == []
    assert "application error" in leg.heard_text


def test_a_target_that_is_none_fails_the_document():
    w = made()

    w.call("<Refer action='/done'><Sip>desk</Sip></Refer>", caller=CALLER)
    w.sim.run_until_idle()

    assert w.codes() == [12200]
