"""Supervisors listen, coach, barge in, take over, and come when they are called."""

import pytest

from agents.models import Agent
from conferences import actions
from conferences.actions import NotNow
from conferences.models import Supervision
from conferences.room import Mode
from tests.scenarios.desk import Desk, Phone
from tests.scenarios.floor import Floor


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)


def join(floor: Floor, conference: object, sue: Agent, mode: Mode) -> Phone:
    floor.do(actions.supervise, conference.pk, by=sue.user, mode=mode)  # type: ignore[attr-defined]
    phone = floor.rings(sue).answers()
    floor.desk.wait(2)
    return phone


HEARD = {
    Mode.LISTEN: {"customer": {"Ann"}, "Ann": {"customer"}, "Sue": {"customer", "Ann"}},
    Mode.COACH: {"customer": {"Ann"}, "Ann": {"customer", "Sue"}, "Sue": {"customer", "Ann"}},
    Mode.BARGE: {"customer": {"Ann", "Sue"}, "Ann": {"customer", "Sue"}, "Sue": {"customer", "Ann"}},
}


def test_a_supervisor_listens_coaches_barges_in_and_leaves(floor: Floor) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue")
    conference, caller, _phone = floor.talk(ann)
    phone = join(floor, conference, sue, Mode.LISTEN)

    for mode in (Mode.LISTEN, Mode.COACH, Mode.BARGE, Mode.COACH, Mode.LISTEN):
        floor.do(actions.change_mode, conference.pk, by=sue.user, mode=mode)
        floor.desk.wait(1)
        assert floor.hears(conference) == HEARD[mode]

    floor.do(actions.stop_supervising, conference.pk, by=sue.user)
    phone.is_hung_up_on()
    assert floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    modes = Supervision.objects.order_by("at", "pk").values_list("mode", flat=True)
    assert list(modes) == ["listen", "coach", "barge", "coach", "listen"]
    assert not Supervision.objects.filter(until=None).exists()
    assert [line for line in floor.told(conference) if "supervised" in line] == [
        f"supervised Sue {mode}" for mode in modes
    ]
    assert floor.activity(sue) == "idle"
    caller.hangs_up()


@pytest.mark.parametrize("mode", list(Mode))
def test_nobody_but_the_coached_ever_hears_a_coach_from_the_first_moment_on(floor: Floor, mode: Mode) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue")
    conference, caller, _phone = floor.talk(ann)

    join(floor, conference, sue, mode)

    assert floor.hears(conference) == HEARD[mode]
    caller.hangs_up()


def test_while_the_coached_one_is_away_the_coach_is_silent(floor: Floor) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue")
    conference, caller, phone = floor.talk(ann)
    join(floor, conference, sue, Mode.COACH)

    phone.hangs_up()
    assert floor.hears(conference)["customer"] == set()
    floor.do(actions.rejoin, conference.pk, agent=ann, endpoint=None)
    floor.rings(ann).answers()
    floor.desk.wait(2)

    assert floor.hears(conference) == HEARD[Mode.COACH]
    caller.hangs_up()


def test_a_supervisor_takes_over(floor: Floor) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue")
    conference, caller, phone = floor.talk(ann)
    join(floor, conference, sue, Mode.LISTEN)

    floor.do(actions.take_over, conference.pk, by=sue.user)
    phone.is_hung_up_on()

    assert floor.hears(conference) == {"customer": {"Sue"}, "Sue": {"customer"}}
    assert (floor.owner(conference), floor.activity(ann)) == ("Sue", "idle")
    assert "turned Sue take-over" in floor.told(conference)
    assert not Supervision.objects.filter(until=None).exists()
    caller.hangs_up()
    assert floor.is_settled(conference)


def test_a_call_for_help_is_answered_by_coming(floor: Floor) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue")
    conference, caller, _phone = floor.talk(ann)

    floor.do(actions.ask_help, conference.pk, agent=ann)
    conference.refresh_from_db()
    assert conference.help_asked_at is not None

    join(floor, conference, sue, Mode.COACH)
    conference.refresh_from_db()
    assert conference.help_asked_at is None
    caller.hangs_up()
    assert floor.is_settled(conference)


def test_a_supervisor_without_a_phone_cannot_listen(floor: Floor) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue", endpoints=[])
    conference, caller, _phone = floor.talk(ann)

    with pytest.raises(NotNow, match="no phone"):
        floor.do(actions.supervise, conference.pk, by=sue.user, mode=Mode.LISTEN)
    with pytest.raises(NotNow):
        floor.do(actions.take_over, conference.pk, by=sue.user)
    caller.hangs_up()


def test_a_room_of_supervisors_alone_does_not_stay(floor: Floor) -> None:
    ann, sue = floor.agent("Ann"), floor.agent("Sue")
    conference, caller, _phone = floor.talk(ann)
    phone = join(floor, conference, sue, Mode.LISTEN)

    caller.hangs_up()

    phone.is_hung_up_on()
    assert floor.is_settled(conference)
    assert floor.activity(sue) == "idle"
