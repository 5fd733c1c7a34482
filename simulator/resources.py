"""Resources that exist in the account but that no verb fills yet: queues and messages.

They have their stores and their REST shapes, so that listings answer as Twilio's do for an account that has none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(slots=True, eq=False)
class Queue:
    """A queue with the CallSids that wait in it, front first."""

    sid: str
    friendly_name: str
    created: datetime
    updated: datetime
    max_size: int = 1000
    waiting: tuple[str, ...] = ()
    average_wait_seconds: int = 0


@dataclass(slots=True, eq=False)
class Message:
    """A text message."""

    sid: str
    from_: str
    to: str
    body: str
    direction: Literal["inbound", "outbound-api", "outbound-call", "outbound-reply"]
    created: datetime
    updated: datetime
    status: str = "queued"
    sent: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
