"""How people are wanted, and who hears whom."""

import pytest

from conferences.room import Mode, Person, Phase, Role
from conferences.wishes import OUT, Presence, hears, responsible, wanted
from tests.conferences.rooms import ANN, CUSTOMER, after, offered, talking, waiting


def test_all_who_are_neither_held_nor_muted_hear_each_other():
    assert hears((Presence("a"), Presence("b"), Presence("c")))["a"] == {"b", "c"}


def test_who_is_on_hold_neither_hears_nor_is_heard():
    heard = hears((Presence("a", held=True), Presence("b"), Presence("c")))

    assert heard == {"a": frozenset(), "b": {"c"}, "c": {"b"}}


def test_who_is_muted_hears_but_is_not_heard():
    heard = hears((Presence("a", muted=True), Presence("b")))

    assert heard == {"a": {"b"}, "b": frozenset()}


def test_a_coach_is_heard_by_the_coached_alone():
    heard = hears((Presence("coach", coaches="agent"), Presence("agent"), Presence("customer")))

    assert heard == {"coach": {"agent", "customer"}, "agent": {"coach", "customer"}, "customer": {"agent"}}


def test_one_who_is_muted_and_coaches_is_heard_by_nobody():
    assert hears((Presence("coach", muted=True, coaches="agent"), Presence("agent")))["agent"] == frozenset()


@pytest.mark.parametrize(("room", "who"), [(waiting(), "queue"), (offered(ANN), "queue"), (talking(), ANN)])
def test_somebody_is_always_responsible(room, who):
    assert responsible(room) == who


def test_in_a_closed_room_nobody_is_wanted():
    room = talking()
    closed = type(room)(Phase.CLOSED, room.people)

    assert set(wanted(closed).values()) == {OUT}


def test_a_supervisor_who_coaches_while_no_owner_is_there_is_muted():
    room = type(waiting())(
        Phase.RECOVERING, (Person(CUSTOMER, Role.CUSTOMER), Person("sue", Role.SUPERVISOR, mode=Mode.COACH))
    )

    assert wanted(after(room))["sue"].muted
