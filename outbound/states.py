"""The states of an order to call somebody, with their allowed moves. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """How somebody is called."""

    CLICK = "click"  # an agent is rung first, and then the number into the same conversation
    FLOW = "flow"  # whoever answers walks a flow


class OrderState(StrEnum):
    WAITING = "waiting"  # for its time, or for the next try
    DIALING = "dialing"  # somebody is to be rung, or rings
    TALKING = "talking"  # answered
    DONE = "done"
    UNREACHED = "unreached"  # nobody answered, and no try is left
    REFUSED = "refused"  # by a rule of dialing
    EXPIRED = "expired"
    CANCELED = "canceled"


class Outcome(StrEnum):
    """What came of a try."""

    NONE = ""
    ANSWERED = "answered"
    MESSAGE = "message"  # a machine was left the message
    MACHINE = "machine"  # a machine, or a fax, was hung up on
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    AGENT_UNREACHED = "agent-unreached"  # the number was never rung
    CANCELED = "canceled"
    LOST = "lost"  # nothing was ever heard of it: not tried again, or somebody might be rung twice


LIVE = frozenset({OrderState.WAITING, OrderState.DIALING, OrderState.TALKING})
MOVES: Mapping[str, frozenset[str]] = {
    OrderState.WAITING: frozenset(
        {OrderState.DIALING, OrderState.REFUSED, OrderState.EXPIRED, OrderState.CANCELED, OrderState.UNREACHED}
    ),
    OrderState.DIALING: frozenset(set(OrderState) - {OrderState.DIALING, OrderState.EXPIRED}),
    OrderState.TALKING: frozenset({OrderState.DONE, OrderState.WAITING, OrderState.UNREACHED, OrderState.CANCELED}),
}

# After these somebody is tried again, if a try is left.
TRIED_AGAIN = frozenset({Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED, Outcome.AGENT_UNREACHED, Outcome.MACHINE})
