"""The states of who waits, of an offer to an agent, and of a wish to be called back, with their allowed moves. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class EntryState(StrEnum):
    """Where somebody who came to a queue is. Exactly one of these at any time."""

    WAITING = "waiting"
    OFFERED = "offered"  # agents are being rung for them
    TALKING = "talking"  # an agent has accepted
    ANSWERED = "answered"  # was talked to, and it is over
    ABANDONED = "abandoned"  # hung up while waiting or while agents were rung
    TIMED_OUT = "timed-out"
    LEFT = "left"  # by a key of the wait document, or sent elsewhere
    FAILED = "failed"  # a callback that could not be made


class OfferState(StrEnum):
    RINGING = "ringing"
    ACCEPTED = "accepted"
    MISSED = "missed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # the caller is gone, or somebody else was faster
    FAILED = "failed"  # the agent's phone could not be rung
    RETURNED = "returned"  # was accepted, but the caller came back to the line and was accepted by somebody else


class CallbackState(StrEnum):
    WAITING = "waiting"  # keeps its place in line
    DIALING = "dialing"  # an agent has it, the customer is being rung
    DONE = "done"
    CANCELED = "canceled"
    EXPIRED = "expired"  # somebody has to look at it


class ImpossibleMove(Exception):
    """A state cannot be left for that other one."""


ENTRY_LIVE = frozenset({EntryState.WAITING, EntryState.OFFERED, EntryState.TALKING})
ENTRY_MOVES: Mapping[str, frozenset[str]] = {
    EntryState.WAITING: frozenset(set(EntryState) - {EntryState.WAITING, EntryState.ANSWERED}),
    EntryState.OFFERED: frozenset(set(EntryState) - {EntryState.OFFERED, EntryState.ANSWERED}),
    EntryState.TALKING: frozenset({EntryState.ANSWERED, EntryState.WAITING, EntryState.LEFT, EntryState.FAILED}),
}
OFFER_MOVES: Mapping[str, frozenset[str]] = {
    OfferState.RINGING: frozenset(set(OfferState) - {OfferState.RINGING, OfferState.RETURNED}),
    OfferState.ACCEPTED: frozenset({OfferState.RETURNED}),
}
CALLBACK_LIVE = frozenset({CallbackState.WAITING, CallbackState.DIALING})
CALLBACK_MOVES: Mapping[str, frozenset[str]] = {
    CallbackState.WAITING: frozenset({CallbackState.DIALING, CallbackState.CANCELED, CallbackState.EXPIRED}),
    CallbackState.DIALING: frozenset(
        {CallbackState.WAITING, CallbackState.DONE, CallbackState.CANCELED, CallbackState.EXPIRED}
    ),
    CallbackState.EXPIRED: frozenset({CallbackState.DONE, CallbackState.WAITING}),  # by whoever owns it
}

State = TypeVar("State", bound=StrEnum)


def move(moves: Mapping[str, frozenset[str]], now: str, then: State) -> State:
    """Return `then` if it may follow `now`. Raises ImpossibleMove."""
    if then not in moves.get(now, frozenset()):
        raise ImpossibleMove(f"{now} does not become {then}")
    return then
