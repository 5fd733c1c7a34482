"""How each person is wanted in a room, who is responsible for the customer, and who hears whom. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from conferences.room import Fate, Leg, Mode, Person, Phase, Role, Room


class Wish(NamedTuple):
    """How somebody is wanted: in the room or not, on hold, muted, coaching whom ("" for nobody)."""

    there: bool
    held: bool = False
    muted: bool = False
    coaches: str = ""


OUT = Wish(there=False)


def wanted(room: Room) -> Mapping[str, Wish]:
    """Give for everybody who is not gone how the rules want them."""
    return {person.id: _wish(room, person) for person in room.people if person.leg is not Leg.GONE}


def _wish(room: Room, person: Person) -> Wish:
    if room.phase is Phase.CLOSED or person.role is Role.FORMER:
        return OUT
    owner = room.owner
    match person.role:
        case Role.CUSTOMER:
            ready = room.phase is not Phase.OPENING or (owner is not None and owner.is_there)
            return Wish(there=ready or person.leg is not Leg.AWAY, held=_customer_is_held(room))
        case Role.TARGET:
            return Wish(there=True, held=room.phase is Phase.CONSULTING and room.swapped)
        case Role.OWNER:
            return Wish(there=True) if owner is None or owner.id == person.id else OUT
        case Role.SUPERVISOR if person.mode is Mode.COACH and owner is not None and owner.is_there:
            return Wish(there=True, coaches=owner.id)
        case Role.SUPERVISOR:
            return Wish(there=True, muted=person.mode is not Mode.BARGE)
        case _:
            return Wish(there=True)


def _customer_is_held(room: Room) -> bool:
    match room.phase:
        case Phase.TALKING:
            return room.held
        case Phase.CONSULTING:
            return not room.swapped
        case Phase.HANDING_OVER | Phase.RETURNING | Phase.RECOVERING:
            return True
        case _:
            return False


def responsible(room: Room) -> str:
    """Say who the one owner is: a person's id, `queue` before and after, or `server` while it looks for somebody."""
    if room.phase is Phase.CLOSED:
        return "queue" if room.fate in (Fate.REQUEUED, Fate.ELSEWHERE) else "nobody"
    if room.owner is not None:
        return room.owner.id
    if room.phase is Phase.OPENING:
        return "queue"
    return room.target.id if room.phase is Phase.HANDING_OVER and room.target else "server"


class Presence(NamedTuple):
    """How somebody in a conference is, as Twilio confirms it."""

    id: str
    held: bool = False
    muted: bool = False
    coaches: str = ""


def hears(people: tuple[Presence, ...]) -> Mapping[str, frozenset[str]]:
    """Give for each who is in a conference whom they hear (Twilio's page "Conferences Participants subresource").

    Who is on hold hears nobody and is heard by nobody; who is muted is not heard; a coach is heard by the coached only.
    """
    return {
        one.id: frozenset(
            other.id
            for other in people
            if other.id != one.id
            and not (one.held or other.held or other.muted)
            and (not other.coaches or other.coaches == one.id)
        )
        for one in people
    }
