"""The log of access: entries are appended, read in their order, and never changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from agents.models import User
from compliance import chain
from compliance.models import AccessEntry
from compliance.states import Access

LOG_LOCK = 0x6163_6365  # "acce"; any number that no other advisory lock uses
READ_AT_ONCE = 2000
THE_LOG = "access log"  # what an export of the log is about
SYSTEM = "system"


def log(
    *,
    user: User | None,
    address: str | None,
    action: Access,
    subject: str,
    subject_id: UUID | int | str,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    who: str = "",
    at: datetime,
) -> AccessEntry:
    """Append an entry, the one and only that follows the last; whoever else appends waits until this is committed.

    Call it as the last thing of a transaction: its lock is the last that anybody takes. `who` names somebody who has
    no account; else it is the user, or the system. Raises ValueError for a `detail` with fractions.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        last = AccessEntry.objects.order_by("-id").values_list("hash", flat=True).first()
        entry = AccessEntry(
            at=at,
            user=user,
            who=(who or (user.get_username() if user else SYSTEM))[:150],
            address=address,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            reason=reason[:255],
            detail=chain.plain(detail or {}),
            previous=last or chain.BEGINNING,
        )
        entry.hash = chain.following(entry.previous, entry.content)
        entry.save(force_insert=True)
    return entry


def verify(*, anchor: chain.Anchor | None = None) -> chain.Verdict:
    """Follow the whole chain, whatever its length in little memory, to its end or its first break.

    With an export's anchor it is also known whether the end was cut off, or all of it written anew.
    """
    return chain.walk(_links(), anchor=anchor)


def export(*, user: User | None, address: str | None, who: str = "", at: datetime) -> Iterator[str]:
    """Log that the log is exported, and give the lines of the export, which has this entry too."""
    log(user=user, address=address, action=Access.EXPORTED, subject=THE_LOG, subject_id="all", who=who, at=at)
    return chain.written(_links(), at=at)


def _links() -> Iterator[chain.Link]:
    # one statement sees one state of the table, whoever appends meanwhile; its cursor lives as long as a transaction
    with transaction.atomic():
        for entry in AccessEntry.objects.order_by("id").iterator(chunk_size=READ_AT_ONCE):
            yield entry.link
