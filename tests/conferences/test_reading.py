"""Rows become the room of the rules, and tell who hears whom."""

import pytest

from agents.models import Agent
from conferences.models import Conference, Participant
from conferences.reading import audible, leg_of, room_of, who
from conferences.room import Leg, Mode, Person, Phase, Role, Room
from conferences.states import LegState


def row(role: Role = Role.OWNER, state: LegState = LegState.JOINED, **columns: object) -> Participant:
    return Participant(role=role, state=state, endpoint="browser", **columns)


@pytest.mark.parametrize(
    ("state", "rung", "moved"),
    [
        (LegState.WANTED, Leg.COMING, Leg.AWAY),
        (LegState.ASKED, Leg.COMING, Leg.COMING),
        (LegState.RINGING, Leg.COMING, Leg.COMING),
        (LegState.ANSWERED, Leg.COMING, Leg.COMING),
        (LegState.TAKEN, Leg.TAKEN, Leg.TAKEN),
        (LegState.JOINED, Leg.IN, Leg.IN),
        (LegState.LEFT, Leg.GONE, Leg.GONE),
    ],
)
def test_how_far_a_leg_is(state: LegState, rung: Leg, moved: Leg) -> None:
    assert leg_of(row(state=state)) is rung
    assert leg_of(row(state=state, is_moved=True)) is moved


def test_a_conference_is_read_as_a_room() -> None:
    ann, caller = row(), row(Role.CUSTOMER, is_moved=True)
    caller.endpoint = "number"
    conference = Conference(phase=Phase.TALKING, held=True)

    assert room_of(conference, [ann, caller]) == Room(
        phase=Phase.TALKING,
        people=(
            Person(ann.label, Role.OWNER, Leg.IN, breaks=True),
            Person(caller.label, Role.CUSTOMER, Leg.IN, moved=True),
        ),
        held=True,
    )


def test_who_somebody_is() -> None:
    assert who(row(agent=Agent(name="Ann"))) == "Ann"
    assert who(row(name="Expert")) == "Expert"
    assert who(row(Role.CUSTOMER)) == "customer"


def test_only_what_is_confirmed_counts_for_who_hears_whom() -> None:
    ann, caller = row(), row(Role.CUSTOMER, wants_held=True)
    coach = row(Role.SUPERVISOR, mode=Mode.COACH, wants_coaching_id=ann.pk, coaching=True)
    coming = row(Role.TARGET, LegState.TAKEN)

    heard = audible([ann, caller, coach, coming])

    assert heard == {
        ann.label: {caller.label, coach.label},
        caller.label: {ann.label},
        coach.label: {ann.label, caller.label},
    }


def test_of_a_coach_of_whom_it_is_not_known_who_is_coached_nobody_is_said_to_hear() -> None:
    ann, coach = row(), row(Role.SUPERVISOR, coaching=True)

    assert audible([ann, coach])[ann.label] == frozenset()
