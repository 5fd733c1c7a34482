"""Every write to agents' presence. What was chosen and what is observed are never mixed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from agents.models import Agent, Reason, User
from agents.states import Activity, Chosen


class NotAReason(Exception):
    """Not ready needs a reason from the list of those that people may choose; ready takes none."""


class Busy(Exception):
    """The agent is being rung or talks elsewhere."""


def choose(agent_id: UUID, chosen: Chosen, *, reason: Reason | None, by: User, at: datetime) -> Agent:
    """Note what the agent, or a supervisor for the agent, chose. Ends a cool-off. Raises NotAReason."""
    raise NotImplementedError


def heartbeat(agent_id: UUID, *, microphone: str, phone_registered: bool, at: datetime) -> Agent:
    """Note that the agent's desk is alive, and what it says of microphone and phone. Mostly one statement."""
    raise NotImplementedError


def reserve(agent_id: UUID, *, at: datetime) -> bool:
    """Take the agent for a ring, and return whether it was available at this very moment."""
    raise NotImplementedError


def occupy(agent_id: UUID, activity: Activity, *, cause: str, at: datetime, is_return: bool = False) -> None:
    """Ring or engage an agent who need not be ready: for a consultation, a rejoin. Raises Busy.

    `is_return`: the agent comes back to a conversation, from TALKING or RINGING in it.
    """
    raise NotImplementedError


def begin_talking(agent_id: UUID, *, cause: str, at: datetime) -> None:
    """Note that the agent took a call. Changes nothing when the agent talks already."""
    raise NotImplementedError


def begin_wrap_up(agent_id: UUID, *, until: datetime, at: datetime) -> None:
    """Begin the wrap-up, right now or, of an agent who is rung meanwhile, after that."""
    raise NotImplementedError


def extend_wrap_up(agent_id: UUID, *, until: datetime, at: datetime) -> None:
    """Let a wrap-up that is not over last until a later moment."""
    raise NotImplementedError


def end_wrap_up(agent_id: UUID, *, cause: str, at: datetime, by: User | None = None) -> None:
    """End the wrap-up. An agent who is rung or talks meanwhile stays so, and is idle afterwards."""
    raise NotImplementedError


def release(agent_id: UUID, *, cause: str, at: datetime) -> None:
    """End a ring or a talk: the agent is idle, or back in a wrap-up that is not over. Changes nothing else.

    A wrap-up is not ended by this, so a late or repeated release does no harm: see `end_wrap_up`.
    """
    raise NotImplementedError


def note_missed(agent_id: UUID, *, cause: str, at: datetime) -> None:
    """Count a ring that was not taken: a short cool-off, and after too many in a row a pause that supervisors see.

    Leaves the activity: whoever rang releases.
    """
    raise NotImplementedError


def note_taken(agent_id: UUID, *, at: datetime) -> None:
    """Forget the misses: the agent took a call."""
    raise NotImplementedError


def sweep(*, at: datetime) -> int:
    """Note what time has changed: silent desks, cool-offs and wrap-ups that are over. Return how many agents."""
    raise NotImplementedError
