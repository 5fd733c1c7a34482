"""Rows for the tests of events."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from crm.actions import events
from crm.catalogue import TYPES
from crm.models import Event

AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def note(name: str = "call.started", *, conversation: UUID | None = None, at: datetime = AT, **data: Any) -> Event:
    """Write an event down, with the example of its type where nothing else is given."""
    events.note(name, conversation=conversation, data=data or TYPES[name].example, at=at)
    return Event.objects.latest("id")
