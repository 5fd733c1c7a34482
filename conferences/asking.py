"""What Twilio is to be asked for: the difference between what we want and what Twilio has confirmed. No queries."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from conferences.models import Conference, Participant
from conferences.room import Phase
from conferences.states import LegState


class Ask(StrEnum):
    """One request to Twilio about one participant; each is the name of a task."""

    RING = "ring"
    MOVE = "move"
    STEER = "steer"
    LET_GO = "let_go"  # ends the call of somebody whom we rang
    TAKE_OUT = "take_out"  # leaves the call alone: it goes on where it was to go on


def ask_for(participant: Participant, conference: Conference, people: Mapping[UUID, Participant]) -> Ask | None:
    """Give what to ask for so that somebody comes to be as wanted; None where it is so, or is under way."""
    if participant.state == LegState.LEFT:
        return None
    if participant.wants_in:
        if participant.state == LegState.WANTED:
            return Ask.MOVE if participant.is_moved else Ask.RING
        return Ask.STEER if participant.state == LegState.JOINED and changes(participant, people) else None
    is_there = participant.state == LegState.JOINED
    if is_there and conference.phase == Phase.CLOSED:
        return None  # the end of the conference takes everybody out at once
    if participant.is_moved:
        return Ask.TAKE_OUT if is_there else None
    return Ask.LET_GO if participant.call_sid else None


def ends(conference: Conference, people: Mapping[UUID, Participant]) -> bool:
    """Tell whether Twilio is to be asked to end the conference."""
    if conference.phase != Phase.CLOSED or conference.ended_at is not None:
        return False
    return bool(conference.sid) or any(one.state == LegState.JOINED for one in people.values())


def changes(participant: Participant, people: Mapping[UUID, Participant]) -> dict[str, str | bool]:
    """Give the parameters of the update of a participant that is in; empty where all is as wanted.

    Customers must never hear what is meant for the coached alone. So a coach is muted until Twilio has confirmed the
    coaching, and stops coaching only when muted.
    Twilio refuses to let anybody coach somebody who is not there or on hold (16027, 16028).
    """
    coached = people.get(participant.wants_coaching_id) if participant.wants_coaching_id else None
    can_coach = coached is not None and coached.state == LegState.JOINED and not (coached.held or coached.wants_held)
    is_coach = can_coach and participant.coaching
    muted = participant.wants_muted or participant.silenced or (coached is not None and not is_coach)
    wanted: dict[str, str | bool] = {}
    if participant.wants_held != participant.held:
        wanted["hold"] = participant.wants_held
    if muted != participant.muted:
        wanted["muted"] = muted
    if coached is not None and can_coach and not participant.coaching and participant.muted:
        wanted |= {"coaching": True, "call_sid_to_coach": coached.call_sid}
    if coached is None and participant.coaching and participant.muted == muted:
        wanted["coaching"] = False
    return wanted
