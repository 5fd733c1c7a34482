"""Opening conversations, and bringing people into them. Everybody who is rung is rung by `invite`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from agents.models import Agent
from calls.models import Call
from conferences.models import Conference, Participant
from conferences.room import Fate, Role, Why


class NotNow(Exception):
    """The room is not, or no longer, in a state for that."""


class Endpoint(Protocol):
    """Where to ring: a row of `agents.Endpoint`, or a `Place`."""

    @property
    def kind(self) -> str: ...
    @property
    def address(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint that is no row: a telephone number (E.164) or a SIP address, typed by somebody."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a transfer goes to: an agent, on the first endpoint that can ring now or on this one, or only a place."""

    agent: Agent | None = None
    place: Endpoint | None = None
    name: str = ""


def open_conversation(
    *, customer: Call | None, onward: str, address: str, subject: str, caller_id: str, at: datetime
) -> Conference:
    """Open a conversation about a call that waits elsewhere, or about nobody yet.

    `onward` is where the customer's leg goes on after the room, `address` the customer's number, `subject` what it is
    about, for people; `caller_id` is shown to those who are rung, where their own invitation names none.
    """
    raise NotImplementedError


def invite(
    conference_id: UUID,
    *,
    agent: Agent | None,
    endpoint: Endpoint,
    name: str = "",
    role: Role,
    why: Why,
    by: UUID | None = None,
    ring_seconds: int,
    screening: str = "",
    caller_id: str = "",
    at: datetime,
) -> Participant:
    """Ring somebody into a conversation; the one way to ring anybody.

    `by` is the participant who asks. `screening` is said to who picks up, who must press 1. An agent is occupied unless
    the reason is an OFFER, for which queues have reserved. Raises NotNow, and agents.actions.Busy.
    """
    raise NotImplementedError


def invite_customer(
    conference_id: UUID,
    *,
    number: str,
    screening: str,
    caller_id: str,
    ring_seconds: int,
    onward: str = "",
    at: datetime,
) -> Participant:
    """Ring the customer of a conversation that has none: for a callback. Raises NotNow."""
    raise NotImplementedError


def withdraw(participant_id: UUID, *, at: datetime) -> None:
    """Want somebody no more who was asked and has not accepted. Who has accepted, or is over, stays as they are."""
    raise NotImplementedError


def decline(participant_id: UUID, *, by_agent: Agent, at: datetime) -> None:
    """Note that the agent who is rung will not take it: it counts from now on, whenever the phone falls silent."""
    raise NotImplementedError


def close(conference_id: UUID, fate: Fate, *, at: datetime) -> None:
    """End a conversation; the first fate stays. For the layers above: the caller is gone, or has gone elsewhere."""
    raise NotImplementedError


def consult(conference_id: UUID, target: Target, *, by_agent: Agent, at: datetime) -> Participant:
    """Ring a colleague while the customer is on hold. Raises NotNow, and agents.actions.Busy."""
    raise NotImplementedError


def hand_over(conference_id: UUID, target: Target, *, by_agent: Agent, at: datetime) -> Participant:
    """Leave the customer to somebody who is rung; who does not take it gives the customer back to the sender.

    Raises NotNow, and agents.actions.Busy.
    """
    raise NotImplementedError


def add(conference_id: UUID, target: Target, *, by_agent: Agent, at: datetime) -> Participant:
    """Ring somebody into the talk as a guest. Raises NotNow, and agents.actions.Busy."""
    raise NotImplementedError


def rejoin(conference_id: UUID, *, agent: Agent, endpoint: Endpoint | None, at: datetime) -> Participant:
    """Ring the owner again whose leg broke off, on any endpoint; None: the first that can ring.

    Raises NotNow, and agents.actions.Busy.
    """
    raise NotImplementedError
