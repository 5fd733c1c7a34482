"""What is held, as the database sees it: functions of the triggers that refuse to delete it.

A hold covers conversations: a call, its legs, and all who were in a conference with one of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from compliance.models import Hold

CONSTRAINT = "legal_hold"
LOCK = 0x686F_6C64  # that of the triggers (migration 0006)


# Recordings and texts lie in packages above: they are named to the database alone. A text belongs to a hold by its
# call, or by itself, as the trigger that refuses to delete it has it (`messaging` 0002).
_COVERED = """
    WITH call AS MATERIALIZED (SELECT compliance_covered(%s) AS id)
    SELECT
        (SELECT count(*) FROM call),
        (SELECT count(*) FROM recordings_recording AS recording
         WHERE recording.call_id IN (SELECT id FROM call) AND recording.state <> 'deleted'),
        (SELECT count(*) FROM messaging_message AS message
         LEFT JOIN messaging_thread AS thread ON thread.id = message.thread_id
         LEFT JOIN messaging_sender AS sender ON sender.id = thread.sender_id
         CROSS JOIN compliance_hold AS hold
         WHERE hold.id = %s AND (message.call_id IN (SELECT id FROM call) OR hold.call_id IS NULL
             AND hold.caller IN ('', thread.number) AND hold.number IN ('', sender.number)
             AND (hold.queue_id IS NULL OR hold.queue_id = thread.queue_id)
             AND (hold.since IS NULL OR message.at >= hold.since)
             AND (hold.until IS NULL OR message.at < hold.until)))
"""


_COVERING_TEXT = """
    SELECT holding.* FROM messaging_message AS message
    LEFT JOIN messaging_thread AS thread ON thread.id = message.thread_id
    LEFT JOIN messaging_sender AS sender ON sender.id = thread.sender_id
    CROSS JOIN LATERAL compliance_holding_text(
        message.call_id, thread.number, sender.number, thread.queue_id, message.at
    ) AS holding
    WHERE message.id = %s
"""


class Covered(NamedTuple):
    calls: int
    recordings: int
    texts: int


class Held(Exception):
    """A legal hold keeps what was to be deleted."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(_("It is under the legal hold “%(case)s”, and stays until that is lifted.") % {"case": hold})
        self.hold = hold


class HeldBy(models.Func):
    """The id of a hold that covers a call, or nothing."""

    function = "compliance_held_by"
    output_field = models.UUIDField()
    arity = 1


class IsFree(models.Func):
    """Whether no hold covers a call, to filter many rows by."""

    function = "compliance_is_free"
    output_field = models.BooleanField()
    arity = 1


class TextIsFree(models.Func):
    """Whether no hold covers a text: its call, the person's number, ours, its queue, and when it came or went."""

    function = "compliance_text_is_free"
    output_field = models.BooleanField()
    arity = 5


class WishHeldBy(models.Func):
    """The id of a hold that covers a wish to call somebody: its call, the number, its queue, and when it was made."""

    function = "compliance_held_callback"
    output_field = models.UUIDField()
    arity = 4


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the database's refusal to delete into Held. What was done within is undone then, and no more than that.

    No hold is placed before the transaction is over: either the deletion counts, or the hold.
    """
    try:
        with transaction.atomic():
            share()
            yield
    except IntegrityError as error:
        if (hold := holding(error)) is None:
            raise
        raise Held(hold) from error


def share() -> None:
    """Let nobody place a hold before this transaction is over. Taken before any lock on a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def holding(error: BaseException) -> Hold | None:
    """Give the hold for whose sake the database refused; None where it refused for another reason."""
    told: Any = getattr(error.__cause__, "diag", None)
    if told is None or told.constraint_name != CONSTRAINT:
        return None
    return Hold.objects.get(pk=UUID(told.message_detail))


def covering(call: UUID) -> list[Hold]:
    """Give the active holds that cover a call, the oldest first."""
    return list(Hold.objects.raw("SELECT * FROM compliance_holding(%s)", [call]))


def covering_text(message: UUID) -> list[Hold]:
    """Give the active holds that cover a text, by its call or by itself, the oldest first."""
    return list(Hold.objects.raw(_COVERING_TEXT, [message]))


def conversation(call: UUID) -> set[UUID]:
    """Give a call, its legs, and the calls of all who were in a conference with one of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT compliance_conversation(%s)", [call])
        return {row[0] for row in cursor.fetchall()}


def covered(hold: UUID) -> Covered:
    """Count what an active hold covers."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERED, [hold, hold])
        return Covered(*cursor.fetchone())
