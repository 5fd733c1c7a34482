"""Writes that happen once: the answer is kept in the transaction of the write."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from crm.models import KeptAnswer

KEPT = timedelta(hours=48)
NEVER_KEPT = frozenset({400, 429})  # the asker mends it, or waits, and comes with the same key again


class StillRunning(Exception):
    """The same write is being done at this moment."""


class UsedOtherwise(Exception):
    """The key has answered another request before."""


def once(
    *, credential: str, idempotency_key: str, request: str, work: Callable[[], KeptAnswer], at: datetime
) -> tuple[KeptAnswer, bool]:
    """Do a write and keep its answer, or give the kept one; return the answer and whether it is a repeat.

    All is one transaction: who is killed in the middle has done nothing. A lock that ends with the transaction tells of
    a write that is still being done. `work` returns the unsaved answer. Raises StillRunning and UsedOtherwise.
    """
    with transaction.atomic():
        if not _locked(f"{credential} {idempotency_key}"):
            raise StillRunning
        kept = KeptAnswer.objects.filter(credential=credential, idempotency_key=idempotency_key).first()
        if kept is not None and kept.request != request:
            raise UsedOtherwise
        if kept is not None:
            return kept, True
        answer = work()
        if answer.status not in NEVER_KEPT:
            answer.credential, answer.idempotency_key, answer.request = credential, idempotency_key, request
            answer.at = at
            answer.save(force_insert=True)
    return answer, False


def purge(*, at: datetime) -> int:
    """Delete answers that nobody will ask for again, and return how many."""
    deleted, _by_model = KeptAnswer.objects.filter(at__lte=at - KEPT).delete()
    return deleted


def _locked(name: str) -> bool:
    """Take the lock of a name until the end of the transaction, or say that somebody else has it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])
