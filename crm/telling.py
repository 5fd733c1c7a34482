"""An event as the world is told of it, the same in the feed and in what is sent."""

import json
from typing import Any

from crm.models import Event
from crm.payloads import moment
from crm.viewing import Viewer


def envelope(event: Event, viewer: Viewer) -> dict[str, Any]:
    """Give an event as this person may see it."""
    told = {
        "id": str(event.key),
        "type": event.type,
        "version": event.version,
        "occurred_at": moment(event.occurred_at),
        "position": event.position,
        "conversation": event.conversation and str(event.conversation),
        "sequence": event.sequence,
        "contact": event.contact and str(event.contact),
        "reference": event.reference,
        "data": viewer.shown(event.type, event.data),
    }
    return told | {"test": True} if event.only_id is not None else told


def body(event: Event, viewer: Viewer) -> bytes:
    """Give what is sent: the same bytes each time, so that a repeat is known by its content too."""
    return json.dumps(envelope(event, viewer), ensure_ascii=False, separators=(",", ":")).encode()
