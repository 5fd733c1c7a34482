"""Entries of the log of access, for tests."""

from datetime import timedelta
from typing import Any

from django.db import connection

from compliance.actions import access
from compliance.models import AccessEntry
from compliance.states import Access
from tests.calls.factories import AT


def log(number: int = 0, **fields: Any) -> AccessEntry:
    """Log that somebody heard a recording, so many seconds after AT."""
    defaults: dict[str, Any] = {
        "user": None,
        "who": f"person {number}",
        "address": "192.0.2.7",
        "action": Access.HEARD,
        "subject": "recording",
        "subject_id": "5d1c",
        "detail": {"seconds": [0, number], "of": 300},
        "at": AT + timedelta(seconds=number),
    }
    return access.log(**(defaults | fields))


def tamper(sql: str, *values: Any) -> None:
    """Do with the log's table what somebody does who may write it, and who has put its trigger aside."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger fires
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = origin")
