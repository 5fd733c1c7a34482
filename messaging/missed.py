"""How a call did not come about, read from what calls, queues and mailboxes know of it."""

from datetime import timedelta
from uuid import UUID

from calls.models import Call
from calls.states import Status
from dialing.models import Attempt
from dialing.states import TO_CUSTOMERS
from messaging.states import Missed
from queues.models import Callback, Entry
from queues.states import EntryState
from recordings.models import MissedCall, Voicemail

OUTBOUND = {
    Status.BUSY: Missed.BUSY,
    Status.NO_ANSWER: Missed.UNANSWERED,
    Status.FAILED: Missed.FAILED,
}


def how(call: Call) -> Missed | None:
    """Tell how a call that is over did not come about; None where it did, or is no call of a customer.

    Of calls out those to customers count, never the legs of people who work here. A caller who has left a message, or
    is to be called back, has been heard.
    """
    if not call.is_over:
        return None
    if call.direction.startswith("outbound"):
        missed = OUTBOUND.get(Status(call.status)) if call.status in OUTBOUND else None
        return missed if missed is not None and _is_to_a_customer(call.pk) else None
    if call.parent_id is not None:
        return None
    return Missed.ABANDONED if _gave_up(call.pk) and not _was_heard(call.pk) else None


def _is_to_a_customer(call: UUID) -> bool:
    return Attempt.objects.filter(call=call, purpose__in=TO_CUSTOMERS).exists()


def _gave_up(call: UUID) -> bool:
    """Tell whether somebody left no message, or gave up waiting; who hangs up at once has dialed wrong."""
    if MissedCall.objects.filter(call=call).exists():
        return True
    waits = Entry.objects.filter(call=call, state__in=(EntryState.ABANDONED, EntryState.TIMED_OUT))
    return any(
        entry.ended_at is not None and entry.ended_at - entry.joined_at >= timedelta(seconds=entry.queue.short_abandon)
        for entry in waits.select_related("queue")
    )


def _was_heard(call: UUID) -> bool:
    return (
        Entry.objects.filter(call=call, answered_at__isnull=False).exists()
        or Voicemail.objects.filter(call=call).exists()
        or Callback.objects.live().filter(call=call).exists()
    )
