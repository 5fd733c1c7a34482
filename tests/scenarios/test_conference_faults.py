"""Twilio is slow, refuses, loses answers and callbacks, and workers die: the rows heal, and nobody is stranded."""

import random
from typing import Any

import pytest

import conferences.tasks
from conferences import actions
from conferences.actions import Target, claiming
from conferences.models import Participant
from conferences.room import Mode, Press
from simulator.simulator import HttpRequest
from tests.scenarios.desk import Desk
from tests.scenarios.floor import Floor


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)


def whole_day(floor: Floor) -> None:
    """A call with hold, a consultation that is completed, a supervisor, and an end."""
    ann, ben, sue = floor.agent("Ann"), floor.agent("Ben"), floor.agent("Sue")
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.offer(conference, ann, ring_seconds=60)
    floor.comes_to_ring(ann).answers()
    floor.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})

    floor.press(conference, Press.HOLD, ann)
    floor.comes_to_hear(conference, customer=set(), Ann=set())
    floor.press(conference, Press.UNHOLD, ann)
    floor.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})

    floor.do(actions.consult, conference.pk, Target(agent=ben), by_agent=ann)
    floor.comes_to_ring(ben).answers()
    floor.comes_to_hear(conference, customer=set(), Ann={"Ben"}, Ben={"Ann"})
    floor.press(conference, Press.COMPLETE, ann)
    floor.comes_to_hear(conference, customer={"Ben"}, Ben={"customer"})

    floor.do(actions.supervise, conference.pk, by=sue.user, mode=Mode.COACH)
    floor.comes_to_ring(sue).answers()
    floor.comes_to_hear(conference, customer={"Ben"}, Ben={"customer", "Sue"}, Sue={"customer", "Ben"})

    floor.press(conference, Press.HANG_UP, ben)
    floor.seconds(150)
    assert floor.is_settled(conference)
    assert "Onward." in caller.leg.heard_text
    assert {floor.activity(agent) for agent in (ann, ben, sue)} == {"idle"}


REQUESTS = (
    ("/Calls.json", "POST"),  # ring
    ("/Calls/", "POST"),  # move, let go
    ("/Participants/", "POST"),  # steer
    ("/Conferences/", "POST"),  # end
    ("/Calls/", "GET"),
    ("/Participants.json", "GET"),
)
WENT_ON = 0  # the simulator's note that a document was fetched for a caller who has gone on


@pytest.mark.parametrize("fault", ["429", "500", "timeout", "lost"])
def test_each_request_fails_and_is_made_good(floor: Floor, fault: Any) -> None:
    floor.desk.expected = {WENT_ON}
    for path, method in REQUESTS:
        if path == "/Calls.json" and fault in ("500", "timeout"):
            continue  # who was perhaps rung is not rung again: the next test
        # the client itself weathers three of a storm; what may have been done it does not repeat
        floor.desk.faults.force(fault, path=path, method=method, times=5 if fault == "429" else 2)

    whole_day(floor)

    left = {(one.path, one.method) for one in floor.desk.faults.script}
    assert left <= set(REQUESTS[4:]), "some request was never made"


@pytest.mark.parametrize("fault", ["timeout", "500"])
def test_who_was_perhaps_rung_and_was_not_is_given_up(floor: Floor, fault: Any) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.desk.faults.force(fault, path="/Calls.json", method="POST")
    row = floor.offer(conference, ann)

    floor.seconds(50)

    row.refresh_from_db()
    assert (row.state, row.outcome) == ("left", "lost")
    assert floor.desk.never_rang(floor.address(ann))
    assert floor.activity(ann) == "idle"
    caller.hangs_up()


def test_a_worker_that_dies_after_the_claim_rings_nobody_twice(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    with floor.desk.workers_dead():
        row = floor.offer(conference, ann)
    assert claiming.claim_ring(row.pk, at=floor.desk.clock.now()) is not None

    conferences.tasks.ring(str(row.pk))
    floor.seconds(50)

    row.refresh_from_db()
    assert (row.state, row.outcome) == ("left", "lost")
    assert floor.desk.never_rang(floor.address(ann))
    caller.hangs_up()


def test_all_tasks_are_lost_and_the_sweep_does_their_work(floor: Floor) -> None:
    floor.desk.workers_live = False

    whole_day(floor)


@pytest.mark.parametrize("lost", ["/webhooks/conference", "/webhooks/participants/", "/webhooks/"])
def test_news_that_never_comes_is_asked_for(floor: Floor, lost: str) -> None:
    floor.desk.keeps = lambda request: lost in request.url

    whole_day(floor)


@pytest.mark.parametrize("seed", range(2))
def test_news_comes_twice_late_and_in_any_order(floor: Floor, seed: int) -> None:
    floor.desk.faults.duplicate = floor.desk.faults.reorder = 0.3
    floor.desk.faults.delay, floor.desk.faults.delay_seconds, floor.desk.faults.drop = 0.3, 8.0, 0.1
    floor.desk.twilio._board.callbacks._dice = random.Random(seed)

    whole_day(floor)


def test_every_request_comes_as_two(floor: Floor) -> None:
    floor.desk.doubles = True

    whole_day(floor)


def test_a_caller_who_hangs_up_while_being_moved_is_gone_at_once(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.desk.keeps = lambda request: "/webhooks/voice/status" in request.url
    floor.offer(conference, ann)
    phone = floor.rings(ann)
    with floor.desk.workers_dead():
        phone.answers()
        floor.desk.wait(1)
    caller.hangs_up()  # of which nobody tells

    floor.seconds(20)

    assert floor.is_settled(conference)
    assert conference.fate == "gone"
    assert floor.activity(ann) == "idle"


def test_a_move_that_twilio_did_not_carry_out_is_made_again(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    floor.offer(conference, ann)
    floor.desk.faults.force("timeout", path="/Calls/", method="POST")
    floor.rings(ann).answers()

    floor.seconds(40)

    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    caller.hangs_up()


def test_an_answer_document_that_fails_lets_the_agent_go_and_the_caller_waits(floor: Floor) -> None:
    ann = floor.agent("Ann")
    caller = floor.caller()
    conference = floor.opened(caller)
    row = floor.offer(conference, ann)
    floor.desk.expected = {11205}

    def lost(request: HttpRequest) -> bool:
        return f"/voice/participants/{row.pk}" in request.url

    floor.desk.lost = lost
    floor.rings(ann).answers()
    floor.seconds(20)

    assert floor.phase(conference) == "opening"
    assert floor.activity(ann) == "idle"
    assert Participant.objects.get(pk=row.pk).outcome == "hung-up"
    caller.hangs_up()
