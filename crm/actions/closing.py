"""The two ends of a conversation: the fast event of each leg, and the complete one when all is settled.

A row waits for the second one, and the clock looks at it: nothing hangs on a worker that counts down.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from calls.models import Call
from calls.states import FINAL
from conferences.models import Conference
from crm import payloads
from crm.actions.events import note
from crm.models import Closing
from queues.models import Entry, Handling
from recordings.models import Recorder, Recording, Transcript, Voicemail
from recordings.states import State

FIRST_LOOK = timedelta(seconds=15)  # what Twilio tells of recordings comes a moment after the end
NEXT_LOOK = timedelta(seconds=30)
LONGEST = timedelta(hours=1)  # then it is told with what there is
AT_ONCE = 200
MOST_ROWS = 100  # of one kind in one event


def note_ended(call: Call, *, at: datetime) -> None:
    """Tell that a leg is over, and have somebody look soon whether its whole conversation is."""
    data = {"call": payloads.of_call(call), "answered_by": call.answered_by}
    note("call.ended", call=call.pk, conversation=call.conversation, data=data, at=call.ended_at or at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_closing (conversation, due_at, until) VALUES (%s, %s, %s)"
            " ON CONFLICT (conversation) DO UPDATE SET due_at = excluded.due_at, until = excluded.until",
            [call.conversation, at + FIRST_LOOK, at + LONGEST],
        )


def complete(*, at: datetime) -> int:
    """Tell `call.completed` of each conversation that is settled, or whose time for that is up. Returns how many."""
    due = Closing.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)
    return sum(_complete(conversation, at=at) for conversation in list(due[:AT_ONCE]))


def _complete(conversation: UUID, *, at: datetime) -> bool:
    with transaction.atomic():
        rows = Closing.objects.select_for_update(skip_locked=True).filter(pk=conversation, due_at__lte=at)
        closing = rows.first()
        if closing is None:
            return False
        legs = list(Call.objects.filter(conversation=conversation).order_by("started_at", "pk")[:MOST_ROWS])
        if not legs or any(leg.status not in FINAL for leg in legs):
            closing.delete()  # the end of the last leg begins anew
            return False
        recordings = list(Recording.objects.filter(call__in=legs).order_by("announced_at", "pk")[:MOST_ROWS])
        settled = _is_settled(legs, recordings)
        if not settled and closing.until > at:
            closing.due_at = min(at + NEXT_LOOK, closing.until)
            closing.save(update_fields=["due_at"])
            return False
        call = _main(conversation, legs)
        data = _told(call, legs, recordings, settled=settled)
        note("call.completed", call=call.pk, conversation=conversation, data=data, at=at)
        closing.delete()
    return True


def _is_settled(legs: Sequence[Call], recordings: Sequence[Recording]) -> bool:
    works = any(one.state == State.ANNOUNCED or (one.stage and one.retry_at) or _is_new(one) for one in recordings)
    if works or Recorder.objects.live().filter(customer__in=legs).exists():
        return False
    return not Handling.objects.open().filter(entry__call__in=legs).exists()


def _is_new(recording: Recording) -> bool:
    """Tell whether something is to be done that was never tried in vain."""
    return bool(recording.stage) and not recording.failure


def _main(conversation: UUID, legs: Sequence[Call]) -> Call:
    """Choose the customer's call among the legs; where no room tells, the first one."""
    customers = Conference.objects.filter(conversation=conversation).values_list("customer", flat=True)
    known = set(customers[:MOST_ROWS])
    return next((leg for leg in legs if leg.pk in known), legs[0])


def _told(call: Call, legs: Sequence[Call], recordings: Sequence[Recording], *, settled: bool) -> payloads.Data:
    entries = Entry.objects.filter(call__in=legs).select_related("queue", "agent").order_by("joined_at", "pk")
    handlings = Handling.objects.filter(entry__call__in=legs).select_related("agent", "disposition")
    voicemails = Voicemail.objects.filter(call__in=legs).order_by("left_at", "pk").values_list("pk", flat=True)
    read = Transcript.objects.filter(recording__in=recordings, is_current=True, redacted_at__isnull=False)
    return payloads.completed(
        settled=settled,
        call=call,
        legs=legs,
        visits=entries[:MOST_ROWS],
        handlings=handlings.order_by("began_at", "pk")[:MOST_ROWS],
        recordings=recordings,
        voicemails=voicemails[:MOST_ROWS],
        transcribed=frozenset(read.values_list("recording", flat=True)),
    )
