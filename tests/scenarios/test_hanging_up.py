"""The caller hangs up, wherever the call stands."""

import pytest

from calls.models import Call
from recordings.models import Voicemail
from tests.scenarios import every_kind, flows
from tests.scenarios.desk import ANN, BEN, COMPANY, Desk


@pytest.mark.parametrize("place", every_kind.PLACES)
def test_the_caller_hangs_up(desk: Desk, place: str) -> None:
    every_kind.publish(desk, "one")
    desk.phone(ANN)
    desk.phone(BEN)
    caller = desk.dial()
    every_kind.PLACES[place](desk, caller, "one")
    turn = caller.visit.turn

    caller.hangs_up().waits(600)
    desk.beat()

    assert caller.row.status == "completed"
    assert caller.row.seconds == caller.leg.duration
    assert caller.visit.ending == ("completed" if place == "hang up" else "caller hung up")
    assert caller.visit.ended_at is not None
    assert [line for line in caller.story if line.startswith("ended")] == [f"ended {caller.visit.ending}"]
    assert caller.visit.turn == turn + (place == "voicemail, recording")  # a message is news even then
    assert Voicemail.objects.count() == (place == "voicemail, recording")
    assert not Call.objects.live().exists()


def test_the_caller_hangs_up_before_the_call_is_answered(desk: Desk) -> None:
    steps = {"Desk": flows.ring(ANN, answered="Bye", nobody="Bye"), "Bye": flows.hang_up("Goodbye.")}
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    desk.phone(ANN)
    caller = desk.dial()
    desk.rings(ANN)

    caller.hangs_up()

    assert (caller.row.status, caller.row.answered_at, caller.visit.ending) == ("no-answer", None, "caller hung up")
    assert {leg.status for leg in Call.objects.filter(parent=caller.row)} == {"canceled"}
