"""What people in a conversation press."""

from datetime import datetime
from uuid import UUID

from agents.models import Agent, User
from conferences.models import Announcement
from conferences.room import Press


def press(conference_id: UUID, what: Press, *, by_agent: Agent, at: datetime) -> None:
    """Do what a button says: hold, unhold, complete, cancel, swap, merge, hang up, give back. Raises NotNow."""
    raise NotImplementedError


def send_away(conference_id: UUID, destination: str, *, by_agent: Agent, at: datetime) -> None:
    """Send the customer to a queue (`queue:3`) or a step (`step:<flow>:<step>`); the room ends. Raises NotNow."""
    raise NotImplementedError


def remove(
    conference_id: UUID,
    participant_id: UUID,
    *,
    by_agent: Agent | None = None,
    by_user: User | None = None,
    at: datetime,
) -> None:
    """Send a target, a guest or a supervisor out; by the owner, or by somebody who may supervise. Raises NotNow."""
    raise NotImplementedError


def mute(
    conference_id: UUID,
    participant_id: UUID,
    muted: bool,
    *,
    by_agent: Agent | None = None,
    by_user: User | None = None,
    at: datetime,
) -> None:
    """Mute somebody, or end that; by the owner, by themselves, or by somebody who may supervise. Raises NotNow."""
    raise NotImplementedError


def send_digits(
    conference_id: UUID, participant_id: UUID, digits: str, *, by_agent: Agent, at: datetime
) -> Announcement:
    """Let somebody's leg hear keys (0-9 * # w), as a machine at the far end asks for. Raises NotNow."""
    raise NotImplementedError


def announce(conference_id: UUID, text: str, *, by_user: User, at: datetime) -> Announcement:
    """Let everybody in the room who is not on hold hear a text. Raises NotNow."""
    raise NotImplementedError
