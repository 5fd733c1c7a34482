"""Rows for the tests of events."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from agents.models import User
from crm.actions import events
from crm.catalogue import TYPES
from crm.models import Event, Subscription
from rest import outgoing

AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def note(name: str = "call.started", *, conversation: UUID | None = None, at: datetime = AT, **data: Any) -> Event:
    """Write an event down, with the example of its type where nothing else is given."""
    events.note(name, conversation=conversation, data=data or TYPES[name].example, at=at)
    return Event.objects.latest("id")


def make_subscription(owner: User, url: str = "https://crm.example.com/events", **fields: Any) -> Subscription:
    defaults = {"name": "CRM", "secret": outgoing.new_secret(), "created_at": AT}
    return Subscription.objects.create(owner=owner, url=url, **(defaults | fields))
