"""Call me back: asked for, tried, and given to people where it does not come about.

A callback keeps its place in line by an entry without a call, which `match` offers like any other while one may call
(`dialing.calling_hours`). The agent who takes it is connected first; only then is the customer rung, once per try, and
has to press 1, so that no machine takes the call.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents.models import User
from calls.actions import record_events
from calls.models import EventKind
from conferences import actions as conferences
from conferences.models import Conference, Participant
from conferences.room import Fate, Phase, Role
from conferences.states import Outcome
from dialing import actions as dialing
from dialing.calling_hours import next_chance
from dialing.reading import check_lasting, limits, sentence, zones_of
from dialing.states import LASTING, Purpose, Rule
from live.publish import publish
from queues.actions import entries
from queues.models import Callback, Entry, Queue
from queues.signals import callback_changed, entry_joined, line_changed
from queues.states import CALLBACK_LIVE, CALLBACK_MOVES, ENTRY_LIVE, CallbackState, EntryState, move
from telephony import callbacks, numbers

RING_SECONDS = 30
AGAIN = ("state", "tries", "expires_at", "ended_at", "owner", "told_at")  # what changes where it waits once more
SWEPT_AT_ONCE = 100
# A rule that may not forbid it any more by then; the others are looked at again after a day.
AGAIN_AFTER = {Rule.NUMBER_PER_HOUR: timedelta(hours=1), Rule.PER_HOUR: timedelta(hours=1)}
A_DAY = timedelta(days=1)


class NotCallable(Exception):
    """This number cannot be called back; the text says why, for people."""


class AlreadyAsked(Exception):
    """This number waits already to be called back from this queue."""

    def __init__(self, callback: Callback) -> None:
        super().__init__(str(callback))
        self.callback = callback


class NotNow(Exception):
    """The callback is not in a state for that."""


@transaction.atomic
def ask(
    queue_id: int,
    number: str,
    *,
    call_id: UUID | None,
    language: str,
    aged_from: datetime,
    priority: int = 0,
    at: datetime,
) -> Callback:
    """Keep somebody's place in line and call them back at this number (E.164) when it is their turn.

    The place is as old as `aged_from`. Raises AlreadyAsked and NotCallable. Once it returns and is committed, it is
    true to say that the person will be called.
    """
    queue = Queue.objects.get(pk=queue_id)
    _check(number, queue, at=at)
    callback = Callback(
        queue=queue,
        number=number,
        language=language[:16],
        call_id=call_id,
        asked_at=at,
        expires_at=at + timedelta(hours=queue.callback_hours),
    )
    if not caller_id(callback):
        raise NotCallable(_("We have no number to call from."))
    keep_place(callback, aged_from=min(aged_from, at), priority=priority, at=at)
    tell(callback, _("asked for"), at=at)
    return callback


def cancel(callback_id: UUID, *, by: User | None, why: str, at: datetime) -> None:
    """Call nobody: the place in line is given up, and whoever is being rung for it is let go. Raises NotNow."""
    with transaction.atomic():
        entry, callback = _present(callback_id)
        if entry is None:
            raise NotNow(_("It is over already."))
        _end(callback, CallbackState.CANCELED, why=why, at=at)
        entries.step(entry, EntryState.LEFT, at=at)
        tell(callback, _("canceled: %(why)s") % {"why": f"{why} ({by})" if by else why}, at=at)
        if entry.conference_id is not None:
            conferences.close(entry.conference_id, Fate.GONE, at=at)


def cancel_for_number(number: str, *, queue_id: int | None = None, at: datetime) -> datetime | None:
    """Give up the live callbacks of somebody who has called again, and return since when the oldest place had aged.

    With `queue_id` (they join that queue) only the one of that queue, whose age their new entry goes on with; without
    (they talk to an agent) all of them.
    """
    found = Callback.objects.live().filter(number=number)
    if queue_id is not None:
        found = found.filter(queue_id=queue_id)
    aged: list[datetime] = []
    for callback_id in found.order_by("pk").values_list("pk", flat=True):
        since = Entry.objects.live().filter(callback=callback_id).values_list("aged_from", flat=True).first()
        try:
            cancel(callback_id, by=None, why=_("the person has called"), at=at)
        except NotNow:
            continue
        aged += [since] if since is not None else []
    return min(aged, default=None)


def try_now(callback_id: UUID, *, by: User, at: datetime) -> None:
    """Let a callback be the next of its queue, without the pause after a try; the calling hours hold all the same.

    Raises NotNow.
    """
    with transaction.atomic():
        entry, callback = _present(callback_id)
        if entry is None or callback.state != CallbackState.WAITING:
            raise NotNow(_("It does not wait."))
        _change(entry, not_before=None, is_first=True)
        tell(callback, _("to be tried now, says %(who)s") % {"who": by}, at=at)


def begin_try(entry: Entry, *, conference: Conference, at: datetime) -> Participant | None:
    """Ring the customer: an agent has accepted the offer of this entry, which has no call yet.

    None where there is nothing to ring for: the callback is tried already, not wanted any more, or must not be dialed.
    """
    callback = _of(entry)
    if callback.state != CallbackState.WAITING:
        return None
    try:
        attempt = dialing.permit(callback.number, purpose=Purpose.CALLBACK, conversation=conference.conversation, at=at)
    except dialing.NotPermitted as refusal:
        _refuse(callback, entry, conference, refusal, at=at)
        return None
    try:
        with transaction.atomic():
            callback.state = move(CALLBACK_MOVES, callback.state, CallbackState.DIALING)
            callback.tries, callback.tried_at = callback.tries + 1, at
            callback.save(update_fields=["state", "tries", "tried_at"])
            tell(callback, _("try %(number)d") % {"number": callback.tries}, at=at)
            return conferences.invite_customer(
                conference.pk,
                number=callback.number,
                screening=callback.queue.callback_text,
                caller_id=caller_id(callback),
                ring_seconds=RING_SECONDS,
                onward=_onward(callback),
                attempt=attempt,
                at=at,
            )
    except conferences.NotNow:  # the agent is gone again: no try
        dialing.withdraw(attempt, at=at)
        return None


def note_connected(entry: Entry, *, call_id: UUID, at: datetime) -> None:
    """The customer is in the room: the callback is done, and the entry goes on as that of any caller.

    `entry` is locked.
    """
    with transaction.atomic():
        callback = _of(entry)
        if callback.state != CallbackState.DIALING:
            return
        _end(callback, CallbackState.DONE, why=_("connected"), at=at)
        _change(entry, call_id=call_id, onward=_onward(callback), answered_at=at)
        tell(callback, _("connected"), at=at)
        if callback.call_id != call_id:
            record_events(call_id, [(EventKind.CALLBACK, _told(callback, _("this is the call back")))], at=at)


def note_closed(entry: Entry, *, conference: Conference, at: datetime) -> bool:
    """Its room is closed without the customer having been in it: wait for the next try, or expire after the last.

    `entry` is locked. False where the customer was there: then it is the end of an ordinary conversation, and nothing
    happens here.
    """
    if entry.callback_id is None or entry.call_id is not None:
        return False
    with transaction.atomic():
        callback = _of(entry)
        if callback.state not in CALLBACK_LIVE:
            return True
        rung = conference.participants.filter(role=Role.CUSTOMER).order_by("-wanted_at").first()
        if callback.state == CallbackState.WAITING or rung is None or rung.asked_at is None:
            _undo_try(callback)
            _back(entry, not_before=None, at=at)
        else:
            callback.last_outcome = rung.outcome or Outcome.WITHDRAWN
            _settle(callback, entry, at=at)
    return True


def sweep(*, at: datetime) -> int:
    """Expire what has waited too long, and settle tries whose room is closed. Returns how many."""
    late = Callback.objects.filter(state=CallbackState.WAITING, expires_at__lte=at, entries__state=EntryState.WAITING)
    left = Entry.objects.live().filter(
        callback__state=CallbackState.DIALING, call__isnull=True, conference__phase=Phase.CLOSED
    )
    done = sum(_expire(callback_id, at=at) for callback_id in late.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    return done + sum(_settle_left(entry_id, at=at) for entry_id in left.values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def _check(number: str, queue: Queue, *, at: datetime) -> None:
    """Raise NotCallable with the reason if nobody should be called there from this queue."""
    if (rule := check_lasting(number, purpose=Purpose.CALLBACK)) is not None:
        raise NotCallable(sentence(rule, number))
    if _chance(number, queue, at=at) is None:
        raise NotCallable(_("It cannot be told when it is a decent hour there."))


def _chance(number: str, queue: Queue, *, at: datetime) -> datetime | None:
    hours = (queue.callback_from, queue.callback_until)
    return next_chance(zones_of(number), at, hours, limits().bounds.hours)


def _refuse(
    callback: Callback, entry: Entry, conference: Conference, refusal: dialing.NotPermitted, *, at: datetime
) -> None:
    """Call nobody, because a rule forbids it: it is tried later, or somebody has to look at it. The agent is let go."""
    if refusal.rule in LASTING:
        _end(callback, CallbackState.EXPIRED, why=refusal.rule, at=at)
        entries.step(entry, EntryState.FAILED, at=at)
    else:
        then = at if refusal.rule is Rule.HOURS else at + AGAIN_AFTER.get(refusal.rule, A_DAY)
        _back(entry, not_before=_chance(callback.number, callback.queue, at=then) or then, at=at)
    tell(callback, _("not dialed: %(why)s") % {"why": refusal.sentence}, at=at)
    conferences.close(conference.pk, Fate.GONE, at=at)


def keep_place(callback: Callback, *, aged_from: datetime, priority: int, at: datetime) -> None:
    """Store a live callback with its place in line. Raises AlreadyAsked."""
    try:
        with transaction.atomic():
            if callback._state.adding:
                callback.save(force_insert=True)
            else:
                callback.save(update_fields=AGAIN)
            entry = Entry.objects.create(
                queue=callback.queue,
                callback=callback,
                language=callback.language,
                priority=priority,
                joined_at=at,
                aged_from=aged_from,
                not_before=_chance(callback.number, callback.queue, at=at),
            )
            entry_joined.send(sender=Entry, entry=entry, why="to be called back", at=at)
    except IntegrityError as error:
        live = Callback.objects.live().filter(queue=callback.queue, number=callback.number).first()
        if live is None:
            raise
        raise AlreadyAsked(live) from error


def locked(callback_id: UUID) -> Callback:
    rows = Callback.objects.select_related("queue", "call").select_for_update(no_key=True, of=("self",))
    return rows.get(pk=callback_id)


def _of(entry: Entry) -> Callback:
    assert entry.callback_id is not None  # those who call have seen to it
    return locked(entry.callback_id)


def _present(callback_id: UUID) -> tuple[Entry | None, Callback]:
    """Lock a callback with the entry that keeps its place, None where it is live no more."""
    found = Entry.objects.live().filter(callback=callback_id, callback__state__in=CALLBACK_LIVE)
    entry_id = found.values_list("pk", flat=True).first()
    entry = entries.locked(entry_id) if entry_id is not None else None
    callback = locked(callback_id)
    is_live = entry is not None and entry.state in ENTRY_LIVE and callback.state in CALLBACK_LIVE
    return entry if is_live else None, callback


def _settle(callback: Callback, entry: Entry, *, at: datetime) -> None:
    """After a try that came to nothing: the next one after a pause, if there is one left."""
    queue = callback.queue
    if callback.tries >= queue.callback_tries:
        _give_up(callback, entry, at=at)
        return
    callback.state = move(CALLBACK_MOVES, callback.state, CallbackState.WAITING)
    callback.save(update_fields=["state", "last_outcome"])
    then = at + timedelta(minutes=queue.callback_spacing)
    _back(entry, not_before=_chance(callback.number, queue, at=then) or then, at=at)
    tell(callback, _("not reached: %(why)s") % {"why": callback.last_outcome}, at=at)


def _undo_try(callback: Callback) -> None:
    """The agent was gone before anybody was rung: that counts for nothing."""
    if callback.state == CallbackState.DIALING:
        callback.state = move(CALLBACK_MOVES, callback.state, CallbackState.WAITING)
        callback.tries -= 1
        callback.save(update_fields=["state", "tries"])


def _back(entry: Entry, *, not_before: datetime | None, at: datetime) -> None:
    again: dict[str, Any] = {"not_before": not_before, "is_first": False}
    again |= {"conference": None, "agent": None, "answered_at": None}
    if entry.state == EntryState.WAITING:
        _change(entry, **again)
    else:
        entries.step(entry, EntryState.WAITING, at=at, **again)


def _give_up(callback: Callback, entry: Entry, *, at: datetime) -> None:
    _end(callback, CallbackState.EXPIRED, why=callback.last_outcome, at=at)
    entries.step(entry, EntryState.FAILED, at=at)
    tell(callback, _("given up after %(tries)d tries") % {"tries": callback.tries}, at=at)


def _end(callback: Callback, state: CallbackState, *, why: str, at: datetime) -> None:
    callback.state = move(CALLBACK_MOVES, callback.state, state)
    callback.last_outcome, callback.ended_at = why[:32], at
    callback.save(update_fields=["state", "last_outcome", "ended_at"])


def _expire(callback_id: UUID, *, at: datetime) -> bool:
    with transaction.atomic():
        entry, callback = _present(callback_id)
        # offered: agents are being rung for it this very moment
        if entry is None or entry.state != EntryState.WAITING or callback.expires_at > at:
            return False
        _give_up(callback, entry, at=at)
        return True


def _settle_left(entry_id: UUID, *, at: datetime) -> bool:
    with transaction.atomic():
        entry = entries.locked(entry_id)
        if entry.state not in ENTRY_LIVE or entry.conference is None:
            return False
        return note_closed(entry, conference=entry.conference, at=at)


def _change(entry: Entry, **values: Any) -> None:
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(values))


def caller_id(callback: Callback) -> str:
    """What is shown to the customer: the queue's number, else the one that they have called, else the standard one."""
    called = callback.call.our_end if callback.call is not None else ""
    return callback.queue.caller_id or (called if numbers.is_e164(called) else settings.TWILIO_CALLER_ID)


def _onward(callback: Callback) -> str:
    return callbacks.document("voice-called-back", callback=callback.pk)


def _told(callback: Callback, what: str) -> dict[str, str]:
    return {"what": what, "number": numbers.mask(callback.number)}


def tell(callback: Callback, what: str, *, at: datetime) -> None:
    """Write it into the history of the call on which it was asked for, and tell those who watch."""
    if callback.call_id is not None:
        record_events(callback.call_id, [(EventKind.CALLBACK, _told(callback, what))], at=at)
    publish(f"queue:{callback.queue_id}", "queues", "board", "callbacks")
    callback_changed.send(sender=Callback, callback=callback, what=what, at=at)
    line_changed.send(sender=Callback)
