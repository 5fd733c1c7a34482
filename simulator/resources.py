"""Messages: they exist in the account, but nothing sends any yet.

They have their store and their REST shape, so that a listing answers as Twilio's does for an account that has none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


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
