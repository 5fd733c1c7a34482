from typing import Any

import pytest

from ivr.trial.conditions import HangUp, Press, QueueAs, StaySilent, Wait
from ivr.trial.world import QueueOf
from tests.ivr.factories import END, make_document, make_step, option
from tests.ivr.trial.tries import attempt, ways, whats

EXITS = dict.fromkeys(("answered", "timed_out", "full", "unstaffed", "Call me"), "end")
ITEMS = [
    {"kind": "pause", "prompt": "", "seconds": 10},
    {"kind": "position", "prompt": "position", "seconds": 0},
    {"kind": "estimate", "prompt": "estimate", "seconds": 0},
]
TEXTS = {
    "position": {"en-US": {"text": "Place {position}."}},
    "estimate": {"en-US": {"text": "Between {low} and {high} minutes."}},
}


def queue(*options: dict[str, Any], **settings: Any) -> dict[str, dict[str, Any]]:
    step = make_step("queue", queue="1", exits=EXITS, options=list(options), settings=settings, wait=ITEMS)
    return {"queue": step, "end": END}


CALL_ME = option("Call me", "1")


def test_a_caller_who_comes_to_a_queue_is_asked_what_to_do_and_hears_the_first_item() -> None:
    trial = attempt(queue(CALL_ME))

    assert trial.expects.may == "wait"
    assert trial.expects.keys == (("1", "Call me"),)
    assert whats(trial) == ["joined", "pause"]
    assert trial.seconds == 0
    assert trial.reached.kind == "open"


def test_who_waits_is_taken_after_the_seconds_that_are_supposed() -> None:
    talking = attempt(queue(), StaySilent(), queues={"1": QueueAs(answered_after=25)})
    over = attempt(queue(), StaySilent(), StaySilent(), queues={"1": QueueAs(answered_after=25)}, talk=30)

    assert (talking.expects.may, talking.reached.kind, talking.reached.name) == ("talk", "person", "Sales")
    assert talking.reached.second == talking.seconds == 25
    assert ways(over) == [("queue", "answered")]
    assert over.seconds == 55
    assert over.stays[0].seconds == 55


def test_who_waits_is_told_of_the_place_and_the_estimate() -> None:
    supposed = {"1": QueueAs(answered_after=None, place=3, minutes=(2, 5))}

    document = make_document(queue(), texts=TEXTS)

    trial = attempt(document, Wait(30), HangUp(), queues=supposed)

    assert trial.heard[:2] == ("Place 3.", "Between 2 and 5 minutes.")
    assert trial.ending == "caller hung up"
    assert trial.seconds == 30


def test_a_key_leads_out_of_the_wait_at_its_second() -> None:
    trial = attempt(queue(CALL_ME), Wait(5), Press("1"), queues={"1": QueueAs(answered_after=20)})

    assert ways(trial) == [("queue", "Call me")]
    assert trial.path[0].second == 5
    assert "<Leave/>" in trial.twiml[-2]


def test_a_key_that_leads_nowhere_changes_nothing() -> None:
    trial = attempt(queue(CALL_ME), Press("9"), Wait(3), HangUp())
    deaf = attempt(queue(), Press("1"), Wait(3), HangUp())

    assert trial.path == deaf.path == ()
    assert "pressed" in whats(trial)
    assert "pressed" in whats(deaf)


@pytest.mark.parametrize(
    ("settings", "supposed", "known", "way"),
    [
        ({}, QueueAs(staffed=False), QueueOf("Sales"), "unstaffed"),
        ({}, QueueAs(full=True), QueueOf("Sales"), "full"),
        ({"longest": 30}, QueueAs(answered_after=None), QueueOf("Sales"), "timed_out"),
        ({}, QueueAs(answered_after=None), QueueOf("Sales", longest=30), "timed_out"),
        ({"longest": 30}, QueueAs(answered_after=31), QueueOf("Sales"), "answered"),
    ],
)
def test_ways_out_of_a_wait(settings: dict[str, Any], supposed: QueueAs, known: QueueOf, way: str) -> None:
    trial = attempt(
        queue(**settings), StaySilent(), StaySilent(), queues={"1": supposed}, world={"queues": {"1": known}}
    )

    assert ways(trial) == [("queue", way)]


def test_a_queue_that_is_gone_is_as_good_as_not_staffed() -> None:
    assert ways(attempt(queue(), world={"queues": {}})) == [("queue", "unstaffed")]


def test_who_waits_where_nobody_comes_and_nothing_ends_it_waits_for_ever() -> None:
    trial = attempt(queue(unstaffed="never"), StaySilent(), queues={"1": QueueAs(staffed=False, answered_after=None)})

    assert (trial.reached.kind, trial.ending) == ("waiting", "")
    assert 3600 <= trial.seconds < 3700
