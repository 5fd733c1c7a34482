"""Writing down what the world outside is to be told of."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from crm.catalogue import TYPES
from crm.models import Event
from crm.signals import event_noted


def note(
    type: str,  # noqa: A002  the word of the catalogue and of the event itself
    *,
    conversation: UUID | None = None,
    contact: UUID | None = None,
    call: UUID | None = None,
    data: Mapping[str, Any],
    at: datetime,
) -> None:
    """Write an event down, in one statement and in the caller's transaction; its place in the feed follows.

    Of an event that is about a `call`, the conversation is that of the call at the commit. `data` fits the schema of
    its type in the catalogue. Raises KeyError for a type that is not there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_event (key, type, version, occurred_at, conversation, contact, call, reference, data)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, '', %s)",
            [
                uuid4(),
                type,
                TYPES[type].version,
                at,
                conversation,
                contact,
                call,
                json.dumps(data, cls=DjangoJSONEncoder),
            ],
        )
    event_noted.send(sender=Event)


def forget_contact(contact: UUID) -> None:
    """Delete what was told of a contact's name and numbers, and what of that was sent."""
    Event.objects.filter(contact=contact, type="contact.changed").delete()
