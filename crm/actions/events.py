"""Writing down what the world outside is to be told of."""

import json
from collections.abc import Mapping, Sequence
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


def note_many(
    type: str,  # noqa: A002  as above
    told: Sequence[tuple[UUID | None, Mapping[str, Any]]],
    *,
    at: datetime,
) -> None:
    """Write many events of one type down, each with its contact and its data, as `note` does one: in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_event (key, type, version, occurred_at, conversation, contact, call, reference, data)"
            " SELECT key, %s, %s, %s, NULL, contact, NULL, '', data"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[]) WITH ORDINALITY AS told (key, contact, data, place)"
            " ORDER BY place",
            [
                type,
                TYPES[type].version,
                at,
                [uuid4() for _one in told],
                [contact for contact, _data in told],
                [json.dumps(data, cls=DjangoJSONEncoder) for _contact, data in told],
            ],
        )
    event_noted.send(sender=Event)


def forget_contacts(contacts: Sequence[UUID]) -> None:
    """Delete what was told of contacts' names and numbers, and what of that was sent."""
    Event.objects.filter(contact__in=contacts, type="contact.changed").delete()
