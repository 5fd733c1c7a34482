"""Writing down what the world outside is to be told of."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from celery import signature
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from crm.catalogue import TYPES

logger = logging.getLogger(__name__)


def note(
    type: str,  # noqa: A002  the word of the catalogue and of the event itself
    *,
    conversation: UUID | None = None,
    contact: UUID | None = None,
    data: Mapping[str, Any],
    at: datetime,
) -> None:
    """Write an event down, in one statement and in the caller's transaction; its place in the feed follows.

    `data` fits the schema of its type in the catalogue. Raises KeyError for a type that is not there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_event (key, type, version, occurred_at, conversation, contact, reference, data)"
            " VALUES (%s, %s, %s, %s, %s, %s, '', %s)",
            [
                uuid4(),
                type,
                TYPES[type].version,
                at,
                conversation,
                contact,
                json.dumps(data, cls=DjangoJSONEncoder),
            ],
        )
    # robust: with the broker away the request that changed something is answered all the same, and the sweep numbers it
    transaction.on_commit(_number_soon, robust=True)


def _number_soon() -> None:
    """Have it numbered after the commit. By name, because tasks call actions, and not the other way round."""
    try:
        signature("crm.tasks.number").apply_async()
    except OperationalError as error:
        logger.warning("The numbering of events could not be announced: %s", type(error).__name__)
