"""What came of a step's requests, as it goes into the answer. Pure."""

from dataclasses import replace
from typing import NamedTuple

from ivr.engine import Outcome, Position
from ivr.kinds.requests import EnterRoom
from telephony.twiml import Redirect, Verb


class Carried(NamedTuple):
    """What came of requests: verbs that belong at the end of the answer, and what the next request must know."""

    verbs: tuple[Verb, ...] = ()
    noted: str = ""


def room_full(request: EnterRoom) -> Carried:
    return Carried((Redirect(request.onward),), "full")


def concluded(outcome: Outcome, carried: Carried) -> tuple[tuple[Verb, ...], Position]:
    """Give the verbs of the whole answer, and the position that knows what was noted."""
    position = outcome.position
    if carried.noted:
        position = replace(position, progress=replace(position.progress, noted=carried.noted))
    return outcome.verbs + carried.verbs, position
