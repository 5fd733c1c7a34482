"""From rows to the room of the rules, and to who hears whom now. No queries."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from conferences.models import Conference, Participant
from conferences.room import Fate, Leg, Mode, Person, Phase, Role, Room
from conferences.states import LegState
from conferences.wishes import Presence, hears


def room_of(conference: Conference, participants: Iterable[Participant]) -> Room:
    """Read a conference and its participants, whose ids in the room are their labels."""
    return Room(
        phase=Phase(conference.phase),
        people=tuple(person_of(one) for one in participants),
        held=conference.held,
        swapped=conference.swapped,
        returns=conference.returns,
        fate=Fate(conference.fate),
    )


def person_of(participant: Participant) -> Person:
    return Person(
        id=participant.label,
        role=Role(participant.role),
        leg=leg_of(participant),
        breaks=participant.breaks,
        moved=participant.is_moved,
        mode=Mode(participant.mode),
    )


def leg_of(participant: Participant) -> Leg:
    """Say how far the leg is, as the rules see it: on its way from the wish on, unless it waits to be moved."""
    match LegState(participant.state):
        case LegState.WANTED if participant.is_moved:
            return Leg.AWAY
        case LegState.TAKEN:
            return Leg.TAKEN
        case LegState.JOINED:
            return Leg.IN
        case LegState.LEFT:
            return Leg.GONE
        case _:
            return Leg.COMING


def who(participant: Participant) -> str:
    """Name somebody for people: an agent's name, or what was typed for the others."""
    if participant.agent is not None:
        return participant.agent.name
    return participant.name or str(participant.role)


def audible(participants: Iterable[Participant]) -> Mapping[str, frozenset[str]]:
    """Tell by their labels who is in the conference and whom they hear, as Twilio has confirmed it."""
    there = [one for one in participants if one.state == LegState.JOINED]
    labels: dict[UUID | None, str] = {one.pk: one.label for one in there}
    return hears(
        tuple(
            Presence(
                one.label,
                held=one.held,
                muted=one.muted,
                coaches=labels.get(one.wants_coaching_id, "somebody") if one.coaching else "",
            )
            for one in there
        )
    )
