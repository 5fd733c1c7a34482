"""What a room knows of its people."""

from dataclasses import replace

from conferences.room import Leg, Role
from tests.conferences.rooms import ANN, BEN, CUSTOMER, consulting, offered, talking


def test_the_owner_is_who_is_there_before_who_is_on_the_way():
    room = talking()
    coming = replace(room.people[1], id=BEN, leg=Leg.TAKEN)

    assert replace(room, people=(coming, *room.people)).owner.id == ANN


def test_who_is_only_rung_owns_nothing():
    assert offered(ANN).owner is None


def test_who_has_gone_is_neither_customer_nor_target():
    room = consulting()
    gone = replace(room, people=tuple(replace(one, leg=Leg.GONE) for one in room.people))

    assert (gone.customer, gone.target, gone.owner) == (None, None, None)
    assert [one.id for one in gone.of(Role.CUSTOMER, Leg.GONE)] == [CUSTOMER]
    assert gone.person(BEN).leg is Leg.GONE
    assert gone.person("nobody") is None
