from datetime import UTC, datetime

import pytest

from ivr.kinds.known import KnownCaller
from ivr.kinds.settings import Broken
from ivr.trial.conditions import (
    Conditions,
    HangUp,
    Press,
    QueueAs,
    RoomAs,
    Say,
    Speak,
    StaySilent,
    Wait,
    inputs_from_json,
    inputs_to_json,
)

AT = datetime(2026, 3, 1, 19, tzinfo=UTC)
WHOLE = Conditions(
    AT,
    number="+15005550100",
    caller="+14155550123",
    zone="America/New_York",
    known=KnownCaller("7", "Carla", is_vip=True, attributes={"plan": "gold"}),
    queues={"1": QueueAs(staffed=False, answered_after=None, place=3, minutes=(2, 5))},
    looked_up={"4": {"name": "Carla"}, "5": None},
    rung={"9": "busy answered"},
    openings={"2": "holiday"},
    drawn={"8": "b"},
    away={"6": "refused"},
    rooms={"3": RoomAs(full=True)},
    consent="ask",
    recorded=True,
    call_backs="present",
    texts="refused",
    talk=5,
)


@pytest.mark.parametrize("conditions", [WHOLE, Conditions(AT)])
def test_conditions_are_read_as_they_were_written(conditions: Conditions) -> None:
    assert Conditions.from_json(conditions.to_json()) == conditions


def test_what_an_older_program_did_not_write_is_as_it_begins() -> None:
    assert Conditions.from_json({"at": AT.isoformat(), "gone": 1}) == Conditions(AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "soon"},
        {"at": "2026-03-01T19:00:00"},
        {"zone": "Nowhere/Town"},
        {"rung": {"9": "asleep"}},
        {"openings": {"2": "ajar"}},
        {"queues": {"1": {"full": True, "color": "red"}}},
        {"queues": 1},
        {"consent": "perhaps"},
        {"known": {"name": "Carla"}},
    ],
)
def test_conditions_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Broken):
        Conditions.from_json(WHOLE.to_json() | wrong)


def test_inputs_are_read_as_they_were_written() -> None:
    inputs = (Press("12#"), Say("sales", 0.4), Say("yes"), StaySilent(), Wait(30), Speak(9, hangs_up=True), HangUp())

    assert inputs_from_json(inputs_to_json(inputs)) == inputs


@pytest.mark.parametrize(
    "wrong",
    [None, {}, ["press"], [{"do": "press", "keys": "a"}], [{"do": "press"}], [{"do": "shout"}], [{"do": "wait"}]],
)
def test_what_no_caller_can_do_is_refused(wrong: object) -> None:
    with pytest.raises(Broken):
        inputs_from_json(wrong)
