"""In a standing room people come and go, and nobody is steered."""

from conferences.room import Fate, Joined, Left, Leg, Person, Phase, Removed, Role, Room, Took, TookOver
from conferences.rules import close
from conferences.standing import step_alone, wanted_alone

ROOM = Room(
    phase=Phase.TALKING, people=(Person("host", Role.OWNER), Person("second", Role.OWNER), Person("guest", Role.GUEST))
)


def after(*events: object) -> Room:
    room = ROOM
    for event in events:
        room = step_alone(room, event)  # type: ignore[arg-type]
    return room


def test_legs_move_and_who_is_gone_stays_gone() -> None:
    room = after(Took("host"), Joined("host"), Joined("guest"), Left("guest"), Joined("guest"))

    assert [person.leg for person in room.people] == [Leg.IN, Leg.COMING, Leg.GONE]
    assert room.phase is Phase.TALKING


def test_two_hosts_are_wanted_side_by_side() -> None:
    wishes = wanted_alone(after(Joined("host"), Joined("second"), Joined("guest")))

    assert {label: wish.there for label, wish in wishes.items()} == {"host": True, "second": True, "guest": True}


def test_who_is_sent_out_is_not_wanted_and_of_a_closed_room_nobody_is() -> None:
    room = after(Joined("host"), Joined("guest"), Removed("guest"))

    assert not wanted_alone(room)["guest"].there
    assert not any(wish.there for wish in wanted_alone(close(room, Fate.SERVED)).values())


def test_other_events_mean_nothing_there() -> None:
    assert after(TookOver("guest")) == ROOM
