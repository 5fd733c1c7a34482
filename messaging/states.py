"""How texts stand, what they are for, why one is not sent, and the allowed moves. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Message statuses of Twilio's page "Messages resource". Observed: the furthest seen is kept."""

    SCHEDULED = "scheduled"
    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RECEIVING = "receiving"
    RECEIVED = "received"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"
    PARTIALLY_DELIVERED = "partially_delivered"
    READ = "read"


_ARRIVED = (Status.RECEIVED, Status.DELIVERED)
_LOST = (Status.UNDELIVERED, Status.FAILED, Status.CANCELED, Status.PARTIALLY_DELIVERED)
FINAL = frozenset({*_ARRIVED, *_LOST, Status.READ})
TROUBLED = frozenset(_LOST)

_RANK: Mapping[str, int] = {
    Status.SCHEDULED: 1,
    Status.ACCEPTED: 2,
    Status.QUEUED: 3,
    Status.SENDING: 4,
    Status.SENT: 5,
    Status.RECEIVING: 5,
    **dict.fromkeys((*_ARRIVED, *_LOST), 6),
    Status.READ: 7,  # a person has seen it, so it was delivered
}


def climbs(seen: str, news: str) -> bool:
    """Tell whether `news` lies further than `seen`. Of the final ones the first stays, except that a text is read."""
    if seen in _LOST:
        return False
    return rank(news) > rank(seen)


def rank(status: str) -> int:
    """Give a status its place in the order; 0 for a word that we do not know."""
    return _RANK.get(status, 0)


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class State(StrEnum):
    """How far a text of ours has come towards Twilio. Decided; where it is then, its status tells."""

    RECEIVED = "received"  # theirs
    WANTED = "wanted"  # to be sent, at `not_before` or at once
    ASKING = "asking"  # a worker is asking Twilio for it; its answer is not noted yet
    UNCLEAR = "unclear"  # asked for, and the answer was lost: it is looked for, and never asked for again
    ASKED = "asked"  # Twilio has it
    ANSWERED = "answered"  # was given to Twilio as the answer to a text of theirs
    NOT_SENT = "not-sent"  # `rule` says why


ON_THEIR_WAY = frozenset({State.WANTED, State.ASKING, State.UNCLEAR})
MOVES: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset(),
    State.WANTED: frozenset({State.ASKING, State.NOT_SENT, State.ASKED}),
    State.ASKING: frozenset({State.WANTED, State.UNCLEAR, State.ASKED, State.NOT_SENT}),
    State.UNCLEAR: frozenset({State.ASKED, State.NOT_SENT}),
    State.ASKED: frozenset(),
    State.ANSWERED: frozenset(),
    State.NOT_SENT: frozenset({State.ASKED}),  # Twilio speaks of it all the same
}


def origins(new: State) -> list[State]:
    """Give the states from which this one may be reached."""
    return [old for old, reached in MOVES.items() if new in reached]


class Why(StrEnum):
    """What a text of ours is for."""

    AGENT = "agent"  # somebody wrote it at the desk or in the admin
    API = "api"
    FLOW = "flow"  # a step of a flow
    FALLBACK = "fallback"  # in place of a call that did not come about
    KEYWORD = "keyword"  # the answer to a word


class Rule(StrEnum):
    """Why a text is not sent."""

    NO_NUMBER = "no-number"  # withheld, or nothing that can be texted
    OUR_OWN = "our-own"
    OPTED_OUT = "opted-out"
    LANDLINE = "landline"
    NO_SENDER = "no-sender"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    HOURS = "hours"
    ALREADY = "already"  # once for a person in a period
    TALKED = "talked"  # the person has been talked to since
    NO_LOOKUP = "no-lookup"  # what kind of line it is could not be learned
    REFUSED = "refused"  # Twilio's no
    LOST = "lost"  # asked for, and Twilio knows nothing of it


class Purpose(StrEnum):
    """What a word stands for that somebody texts."""

    REPLY = "reply"
    STOP = "stop"
    START = "start"
    HELP = "help"


class MediaState(StrEnum):
    """Where a picture or file is that somebody has sent."""

    ANNOUNCED = "announced"  # lies at Twilio: to be fetched
    STORED = "stored"  # in our storage, read back and whole
    ABSENT = "absent"  # Twilio has none, or something that we do not keep


class Missed(StrEnum):
    """How a call did not come about, after which a text may be sent."""

    BUSY = "busy"
    UNANSWERED = "unanswered"
    FAILED = "failed"
    ABANDONED = "abandoned"  # an inbound call that nobody took
