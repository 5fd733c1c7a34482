"""Standing rooms: nobody steers who is in them, so events move legs and nothing else. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from conferences.room import Event, Joined, Left, Leg, Phase, Removed, Role, Room, Took
from conferences.wishes import OUT, Wish


def step_alone(room: Room, event: Event) -> Room:
    """Take into a standing room who comes, goes, and is sent out."""
    match event:
        case Took(id):
            return _leg(room, id, Leg.TAKEN)
        case Joined(id):
            return _leg(room, id, Leg.IN)
        case Left(id):
            return _leg(room, id, Leg.GONE)
        case Removed(id):
            people = (replace(one, role=Role.FORMER) if one.id == id else one for one in room.people)
            return replace(room, people=tuple(people))
    return room


def wanted_alone(room: Room) -> Mapping[str, Wish]:
    """Give how everybody is wanted: there, until they are sent out or the room is closed."""
    return {
        one.id: OUT if room.phase is Phase.CLOSED or one.role is Role.FORMER else Wish(there=True)
        for one in room.people
        if one.leg is not Leg.GONE
    }


def _leg(room: Room, id: str, leg: Leg) -> Room:  # noqa: A002
    people = (replace(one, leg=leg) if one.id == id and one.leg is not Leg.GONE else one for one in room.people)
    return replace(room, people=tuple(people))
