"""What is asked of Twilio is the difference between what is wanted and what is so."""

from typing import Any
from uuid import UUID

import pytest

from conferences.asking import Ask, ask_for, changes, ends
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState

OPEN, CLOSED = Conference(phase=Phase.TALKING), Conference(phase=Phase.CLOSED)


def row(state: LegState = LegState.JOINED, **columns: Any) -> Participant:
    return Participant(**{"state": state, "role": Role.OWNER, "wants_in": True, "call_sid": "CA1"} | columns)


def by_id(*rows: Participant) -> dict[UUID, Participant]:
    return {one.pk: one for one in rows}


@pytest.mark.parametrize(
    ("participant", "conference", "ask"),
    [
        (row(LegState.WANTED), OPEN, Ask.RING),
        (row(LegState.WANTED, is_moved=True), OPEN, Ask.MOVE),
        (row(LegState.ASKED), OPEN, None),
        (row(LegState.RINGING), OPEN, None),
        (row(), OPEN, None),
        (row(wants_held=True), OPEN, Ask.STEER),
        (row(LegState.TAKEN, wants_held=True), OPEN, None),
        (row(wants_in=False), OPEN, Ask.LET_GO),
        (row(LegState.RINGING, wants_in=False), OPEN, Ask.LET_GO),
        (row(LegState.RINGING, wants_in=False), CLOSED, Ask.LET_GO),
        (row(LegState.ASKED, wants_in=False, call_sid=""), OPEN, None),
        (row(wants_in=False), CLOSED, None),
        (row(wants_in=False, is_moved=True), OPEN, Ask.TAKE_OUT),
        (row(LegState.WANTED, wants_in=False, is_moved=True), OPEN, None),
        (row(LegState.LEFT, wants_in=False), OPEN, None),
    ],
)
def test_one_request_at_a_time_for_each(participant: Participant, conference: Conference, ask: Ask | None) -> None:
    assert ask_for(participant, conference, by_id(participant)) == ask


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({}, {}),
        ({"wants_held": True}, {"hold": True}),
        ({"held": True}, {"hold": False}),
        ({"wants_muted": True}, {"muted": True}),
        ({"silenced": True}, {"muted": True}),
        ({"silenced": True, "muted": True}, {}),
        ({"muted": True}, {"muted": False}),
    ],
)
def test_only_what_differs_is_changed(columns: dict[str, Any], wanted: dict[str, Any]) -> None:
    participant = row(**columns)

    assert changes(participant, by_id(participant)) == wanted


COACHING = {"coaching": True, "call_sid_to_coach": "CA9"}


@pytest.mark.parametrize(
    ("coach", "coached", "wanted"),
    [
        # muted first, then coaching, and only then heard
        ({}, {}, {"muted": True}),
        ({"muted": True}, {}, COACHING),
        ({"muted": True, "coaching": True}, {}, {"muted": False}),
        ({"coaching": True}, {}, {}),
        # nobody can coach somebody on hold, or who is not there
        ({"muted": True}, {"held": True}, {}),
        ({"muted": True}, {"state": LegState.LEFT}, {}),
        ({"coaching": True}, {"state": LegState.LEFT}, {"muted": True}),
    ],
)
def test_a_coach_is_never_heard_by_the_customer(
    coach: dict[str, Any], coached: dict[str, Any], wanted: dict[str, Any]
) -> None:
    ann = row(call_sid="CA9", **coached)
    sue = row(role=Role.SUPERVISOR, wants_coaching_id=ann.pk, **coach)

    assert changes(sue, by_id(ann, sue)) == wanted


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"wants_muted": True}, {"muted": True}),  # first silent,
        ({"wants_muted": True, "muted": True}, {"coaching": False}),  # then no coach any more
        ({}, {"coaching": False}),
    ],
)
def test_who_stops_coaching_is_not_heard_on_the_way(columns: dict[str, Any], wanted: dict[str, Any]) -> None:
    sue = row(role=Role.SUPERVISOR, coaching=True, **columns)

    assert changes(sue, by_id(sue)) == wanted


def test_a_conference_is_ended_when_it_is_closed_and_exists() -> None:
    closed = Conference(phase=Phase.CLOSED)
    there, gone = row(), row(LegState.LEFT)

    assert ends(closed, by_id(there))
    assert not ends(closed, by_id(gone))
    assert ends(Conference(phase=Phase.CLOSED, sid="CF1"), by_id(gone))
    assert not ends(Conference(phase=Phase.TALKING, sid="CF1"), by_id(there))
