"""Calls for tests, each with defaults that make sense."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from calls.models import Call, CallEvent, EventKind
from calls.observations import Observation

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_numbers = count(1)


def new_sid(letters: str = "CA") -> str:
    return f"{letters}{next(_numbers):032x}"


def make_call(**fields: Any) -> Call:
    defaults = {
        "sid": new_sid(),
        "direction": "inbound",
        "from_number": "+14155550123",
        "to_number": "+15005550100",
        "status": "in-progress",
        "started_at": AT,
        "heard_at": AT,
    }
    return Call.objects.create(**(defaults | fields))


def make_event(call: Call, what: EventKind, after: float = 0, **data: Any) -> CallEvent:
    return CallEvent.objects.create(call=call, at=call.started_at + timedelta(seconds=after), kind=what, data=data)


def news(sid: str, status: str, after: float | None = None, **fields: Any) -> Observation:
    """Say what Twilio tells of a leg; `after` is the moment of which it says so, in seconds from the start."""
    reported_at = None if after is None else AT + timedelta(seconds=after)
    return Observation(sid=sid, status=status, reported_at=reported_at, **fields)
