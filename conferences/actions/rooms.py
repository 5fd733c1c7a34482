"""Standing rooms, which people enter by a PIN. No rules steer who is in them: hosts start the room and may end it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from conferences.models import Conference
from telephony import twiml


class RoomFull(Exception):
    """As many people are in the room as it takes."""


def admit(room_id: int, pin: str) -> Literal["host", "guest"] | None:
    """Tell as what somebody with this PIN may enter; None: not at all."""
    raise NotImplementedError


def enter(room_id: int, call_id: UUID, *, host: bool, onward: str, at: datetime) -> Sequence[twiml.Verb]:
    """Give the verbs that bring a call into the room's present conference, which is opened where there is none.

    Guests hear music until a host is there. Afterwards the leg goes on at `onward`. Raises RoomFull.
    """
    raise NotImplementedError


def settle(conference: Conference, *, at: datetime) -> None:
    """Close a standing room's conference when nobody is in it any more, or when it ends with its host, who has left.

    To be called after somebody has left; `conference` is locked.
    """
    raise NotImplementedError
