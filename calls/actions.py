"""Every write to calls and their history."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from celery import signature
from django.db import IntegrityError, connection, models, transaction
from kombu.exceptions import OperationalError

from calls.models import Call, CallEvent, EventKind
from calls.observations import Observation, of_request
from calls.signals import call_answered, call_began, call_ended, call_rang, machine_detected
from calls.states import FINAL, Status, climbs
from telephony.payloads import MachineDetection, VoiceRequest

logger = logging.getLogger(__name__)

QUIET = timedelta(minutes=3)
SWEPT_AT_ONCE = 100
HEARD_STEP = timedelta(seconds=30)
LONGEST_CALL = timedelta(days=30).total_seconds()

# Text that is empty until Twilio tells it, and how much of it a row holds.
TOLD_ONCE = {
    "account_sid": 64,
    "direction": 32,
    "from_number": 255,
    "to_number": 255,
    "forwarded_from": 255,
    "caller_name": 255,
    "answered_by": 32,
    "sip_response_code": 8,
}
LIMITS = {**TOLD_ONCE, "status": 32}
UNANSWERED = [str(status) for status in Status if climbs(status, Status.IN_PROGRESS)]


def arrive(request: VoiceRequest, *, at: datetime) -> tuple[UUID, bool]:
    """Take in the first request of a call, and return its id and whether the call is new to us.

    Someone is waiting on the line: a new call is one statement. Of a call that we know it is one more observation.
    """
    news = _plausible(of_request(request))
    if news.parent_sid or news.status in FINAL:
        return observe(news, at=at, note=None).pk, False
    fresh = {name: getattr(news, name) for name in TOLD_ONCE} | {
        "id": uuid4(),
        "sid": news.sid,
        "conversation": uuid4(),
        "status": news.status,
        "started_at": at,
        "heard_at": at,
        "answered_at": _answered(news, at),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO calls_call ({', '.join(fresh)}) VALUES ({', '.join(['%s'] * len(fresh))})"  # noqa: S608  our names
            " ON CONFLICT (sid) DO NOTHING RETURNING id",
            list(fresh.values()),
        )
        row = cursor.fetchone()
    if row is not None:
        call = Call(**fresh)
        call_began.send(sender=Call, call=call, at=at)
        if call.answered_at is not None:
            call_answered.send(sender=Call, call=call, at=at)
        return call.pk, True
    return observe(news, at=at, note=None).pk, False


def observe(news: Observation, *, at: datetime, note: EventKind | None = EventKind.STATUS) -> Call:
    """Take in what Twilio says of a leg, known or not, and return its row.

    The row is the same in the end whatever the order and number of observations: statuses climb, moments only become
    earlier, and what is known stays. `note` is how the status enters the call's history: STATUS once per status,
    CORRECTED only where it moved the row, None for doors that tell their own story. Sends the news of calls, each once.
    """
    news = _plausible(news)
    with transaction.atomic():
        parent = _parent(news, at) if news.parent_sid else None  # before its leg: locks are taken downward
        call = _locked(news.sid, at=at, started_at=_moment(news, at))
        was, was_known, was_answered = call.status, _is_known(call), call.answered_at is not None
        changes = _learned(call, news, at)
        if parent is not None and call.parent_id is None:
            changes |= {"parent": parent, "conversation": parent.conversation}
        for name, value in changes.items():
            setattr(call, name, value)
        if changes:
            call.save(update_fields=list(changes))
        if note is EventKind.CORRECTED and "status" in changes:
            record_events(call.pk, [(EventKind.CORRECTED, {"status": call.status, "was": was})], at=at)
        if note is EventKind.STATUS and news.status:
            _tell_status(call, news, at)
        if _is_known(call) and not was_known:
            call_began.send(sender=Call, call=call, at=call.started_at)
        if changes.get("status") == Status.RINGING:
            call_rang.send(sender=Call, call=call, at=_moment(news, at))
        if call.answered_at is not None and not was_answered:
            call_answered.send(sender=Call, call=call, at=call.answered_at)
        if call.is_over and was not in FINAL:
            logger.info("Call %s ended: %s", call.sid, call.status)
            call_ended.send(sender=Call, call=call, at=at)
    return call


def note_answered(call: UUID, *, at: datetime) -> None:
    """Note that an inbound call, which reports nothing but its end, has been answered: its requests show it."""
    answered = Call.objects.raw(
        "UPDATE calls_call SET status = %s, answered_at = least(answered_at, %s), heard_at = %s"
        " WHERE id = %s AND status = ANY(%s) RETURNING *",
        [Status.IN_PROGRESS, at, at, call, UNANSWERED],
    )
    for row in answered:
        call_answered.send(sender=Call, call=row, at=row.answered_at)


def note_machine(news: MachineDetection, *, at: datetime) -> None:
    """Take in who has answered a call, as Twilio's detection of machines says. Sends `machine_detected`, once."""
    with transaction.atomic():
        call = _locked(news.call_sid, at=at, started_at=at)
        if CallEvent.objects.filter(call=call, kind=EventKind.MACHINE).exists():
            return
        call.answered_by = news.answered_by[:32]
        call.save(update_fields=["answered_by"])
        told = {"answered_by": call.answered_by, "milliseconds": news.milliseconds}
        record_events(call.pk, [(EventKind.MACHINE, told)], at=at)
        machine_detected.send(sender=Call, call=call, milliseconds=news.milliseconds, at=at)


def known(sid: str, *, at: datetime) -> Call:
    """Return the row of a CallSid, made with nothing but the sid where Twilio has not yet told more."""
    return Call.objects.filter(sid=sid).first() or _made(sid, at=at, started_at=at)


def join_conversation(call: UUID, conversation: UUID) -> None:
    """Note to which conversation a leg of ours belongs."""
    Call.objects.filter(pk=call).update(conversation=conversation)


def record_events(call: UUID, events: Sequence[tuple[str, Mapping[str, Any]]], *, at: datetime) -> None:
    """Append entries to a call's history, each a kind and its data, in their order and in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls_callevent (call_id, at, kind, data) SELECT %s, %s, entry->>0, entry->1"
            " FROM jsonb_array_elements(%s) WITH ORDINALITY AS entries (entry, place) ORDER BY place",
            [call, at, json.dumps(events)],
        )


class IsOver(Exception):
    """The call has ended."""


def hang_up(call: Call, *, by: str, at: datetime) -> None:
    """Ask for the end of a live call, on behalf of somebody, once. It is over when Twilio says so. Raises IsOver."""
    with transaction.atomic():
        asked = Call.objects.live().filter(pk=call.pk, unwanted_at__isnull=True).update(unwanted_at=at)
        if asked:
            record_events(call.pk, [(EventKind.TURNED, {"what": "hang-up", "who": by})], at=at)
            transaction.on_commit(partial(_begin, "calls.tasks.end", str(call.pk)))
        elif not Call.objects.unwanted().filter(pk=call.pk).exists():
            raise IsOver
    logger.info("Call %s: its end is wanted", call.sid)


def _begin(task: str, subject: str) -> None:
    """Let a task of this app run. By name, because tasks call actions, and not the other way round."""
    try:
        signature(task, args=[subject]).apply_async()
    except OperationalError as error:  # the sweep finds in the rows what could not be announced
        logger.warning("%s could not be announced: %s", task, type(error).__name__)


def sweep(*, at: datetime) -> list[str]:
    """Claim the live calls that have gone quiet and return their sids, the longest unasked first, a bounded number.

    Being old or quiet ends no call: what follows is a question to Twilio, and its answer goes through `observe`.
    """
    quiet = Call.objects.quiet(since=at - QUIET).order_by(models.F("asked_at").asc(nulls_first=True), "heard_at")
    with transaction.atomic():
        claimed = list(quiet.select_for_update(skip_locked=True, no_key=True)[:SWEPT_AT_ONCE])
        Call.objects.filter(pk__in=[call.pk for call in claimed]).update(asked_at=at)
    return [call.sid for call in claimed]


def note_answer(news: Observation, *, at: datetime) -> Call:
    """Take in Twilio's answer to the sweep's question; where it differs from what we knew, the history says so."""
    return observe(news, at=at, note=EventKind.CORRECTED)


def note_unknown(sid: str, *, at: datetime) -> None:
    """Close a call that Twilio says it does not know.

    Twilio keeps calls for 13 months and deletes none that lives, so the call is over, but nobody can say how: it counts
    as completed where somebody had answered and as failed otherwise, and as ended when it was last heard of.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update(no_key=True).get(sid=sid)
        if call.is_over:
            return
        status = Status.COMPLETED if call.answered_at else Status.FAILED
        lost = {"what": "Twilio does not know this call", "detail": ""}
        record_events(call.pk, [(EventKind.FAILED, lost)], at=at)
        observe(Observation(sid=sid, status=status, reported_at=call.heard_at), at=at, note=EventKind.CORRECTED)


def _is_known(call: Call) -> bool:
    """Tell whether anything is known of a leg besides its sid."""
    return bool(call.from_number or call.to_number)


def _parent(news: Observation, at: datetime) -> Call | None:
    """Find or make the leg that dialed this one. Its own callbacks may all come later than its child's."""
    if news.parent_sid == news.sid:
        return None
    moment = _moment(news, at)
    parent = Call.objects.filter(sid=news.parent_sid).first() or _made(news.parent_sid, at=at, started_at=moment)
    if moment < parent.started_at:
        Call.objects.filter(pk=parent.pk, started_at__gt=moment).update(started_at=moment)
    return parent


def _locked(sid: str, *, at: datetime, started_at: datetime) -> Call:
    """Find or make the row and lock it."""
    # a plain FOR UPDATE would wait for everybody who inserts an event of this call
    rows = Call.objects.select_for_update(no_key=True)
    return rows.filter(sid=sid).first() or _made(sid, at=at, started_at=started_at)


def _made(sid: str, *, at: datetime, started_at: datetime) -> Call:
    try:
        with transaction.atomic():
            return Call.objects.create(sid=sid, started_at=started_at, heard_at=at)
    except IntegrityError:  # another request was first
        return Call.objects.select_for_update(no_key=True).get(sid=sid)


def _tell_status(call: Call, news: Observation, at: datetime) -> None:
    data = {
        "status": news.status,
        "sequence": news.sequence,
        "reported_at": news.reported_at.isoformat() if news.reported_at else None,
    }
    # the constraint knows whether the history has it already
    CallEvent.objects.bulk_create(
        [CallEvent(call=call, at=at, kind=EventKind.STATUS, data=data)], ignore_conflicts=True
    )


def _learned(call: Call, news: Observation, at: datetime) -> dict[str, Any]:
    """Tell which fields the news changes."""
    moment = _moment(news, at)
    changes: dict[str, Any] = {
        name: getattr(news, name) for name in TOLD_ONCE if getattr(news, name) and not getattr(call, name)
    }
    if climbs(call.status, news.status):
        changes["status"] = news.status
    answered = _answered(news, moment)
    if answered is not None and (call.answered_at is None or answered < call.answered_at):
        changes["answered_at"] = answered
    if (started := min(moment, news.started_at or moment, answered or moment)) < call.started_at:
        changes["started_at"] = started
    if news.status in FINAL:
        if call.ended_at is None or moment < call.ended_at:
            changes["ended_at"] = moment
        if news.seconds is not None and call.seconds is None:
            changes["seconds"] = news.seconds
    if changes or at - call.heard_at >= HEARD_STEP:
        changes["heard_at"] = max(at, call.heard_at)
    return changes


def _moment(news: Observation, at: datetime) -> datetime:
    return news.reported_at or at


def _answered(news: Observation, moment: datetime) -> datetime | None:
    match news.status:
        case Status.IN_PROGRESS:
            return moment
        case Status.COMPLETED if news.seconds is not None:
            # an inbound call reports nothing but its end: talking began that long before
            return moment - timedelta(seconds=news.seconds)
    return None


def _plausible(news: Observation) -> Observation:
    """Cut what would not fit into the row; a date or a duration out of all reason says nothing."""
    cut: dict[str, Any] = {
        name: value[:limit] for name, limit in LIMITS.items() if len(value := getattr(news, name)) > limit
    }
    if news.seconds is not None and not 0 <= news.seconds <= LONGEST_CALL:
        cut["seconds"] = None
    for name in ("reported_at", "started_at"):
        if (moment := getattr(news, name)) is not None and not 2000 <= moment.year <= 9000:
            cut[name] = None
    return replace(news, **cut) if cut else news
