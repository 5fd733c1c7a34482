"""The statuses of a call, which are Twilio's, and their order. Pure."""

from enum import StrEnum


class Status(StrEnum):
    """Call statuses of Twilio's page "Calls resource". Observed: the furthest seen is kept."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


FINAL = frozenset({Status.COMPLETED, Status.BUSY, Status.FAILED, Status.NO_ANSWER, Status.CANCELED})

_RANK = {Status.QUEUED: 1, Status.INITIATED: 2, Status.RINGING: 3, Status.IN_PROGRESS: 4} | dict.fromkeys(FINAL, 5)


def climbs(seen: str, news: str) -> bool:
    """Tell whether `news` lies further than `seen`. A final status stays; an unknown word never moves a known one."""
    return rank(news) > rank(seen)


def rank(status: str) -> int:
    """Give a status its place in the order; 0 for a word that we do not know."""
    return _RANK[Status(status)] if status in _RANK else 0
