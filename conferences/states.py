"""The states of a leg on its way into a conference, and the order in which they are seen. Pure."""

from enum import StrEnum


class LegState(StrEnum):
    """How far a participant's leg has come. It climbs: late and repeated news changes nothing."""

    WANTED = "wanted"  # our wish; nothing has been asked of Twilio yet
    ASKED = "asked"  # a task has claimed it and asks Twilio; it is asked once, whatever becomes of the answer
    RINGING = "ringing"
    ANSWERED = "answered"  # picked up; may have to press 1
    TAKEN = "taken"  # accepted; on the way into the room
    JOINED = "joined"
    LEFT = "left"


class Outcome(StrEnum):
    """Why a leg is over."""

    NONE = ""
    DECLINED = "declined"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    FAILED = "failed"
    NOT_ACCEPTED = "not-accepted"  # picked up, but nobody pressed 1: a mailbox, most likely
    WITHDRAWN = "withdrawn"  # we did not want it any more before it was in
    HUNG_UP = "hung-up"
    RELEASED = "released"  # we let it go
    LOST = "lost"  # it broke off, or nothing was ever heard of it


_RANK = {state: rank for rank, state in enumerate(LegState)}


def climbs(seen: str, news: LegState) -> bool:
    """Tell whether `news` lies further than `seen`."""
    return _RANK[news] > _RANK[LegState(seen)]
