"""What steps ask of the domain, carried out in the transaction of the answer."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction

import messaging.actions
import queues.actions
import recordings.actions
from calls.models import Call
from compliance.actions import consent
from compliance.models import Notice, Policy
from compliance.reading import Owed
from compliance.states import Answer, Mode
from conferences.actions import rooms
from ivr.actions import look_ups
from ivr.carried import Carried, room_full
from ivr.kinds.requests import (
    AskCallBack,
    AskSource,
    EnterRoom,
    Hush,
    JoinQueue,
    LeaveQueue,
    NoteConsent,
    NoteMissed,
    Request,
    SendText,
    StopAsking,
    TakeVoicemail,
)
from messaging.states import Why
from queues.actions import callbacks
from queues.models import Entry, Queue
from recordings.actions import recorders
from recordings.recorder import PauseReason

logger = logging.getLogger(__name__)


def carry_out(requests: Sequence[Request], call: UUID, *, at: datetime) -> Carried:
    carried = Carried()
    for request in requests:
        match request:
            case TakeVoicemail():
                recordings.actions.take_voicemail(
                    request.mailbox, call, request.recording, seconds=request.seconds, language=request.language, at=at
                )
            case NoteMissed():
                recordings.actions.note_missed(request.mailbox, call, at=at)
            case JoinQueue():
                _join(request, call, at=at)
            case LeaveQueue():
                leave(request, call, at=at)
            case AskCallBack():
                carried = Carried(noted=_ask_call_back(request, call, at=at))
            case EnterRoom():
                carried = _enter(request, call, at=at)
            case NoteConsent():
                _note_consent(request, call, at=at)
            case AskSource():
                look_ups.want(request, call, at=at)
            case StopAsking():
                look_ups.give_up(call, request.step, at=at)
            case SendText():
                carried = Carried(noted=_send_text(request, call, at=at))
            case Hush(over=True):
                recorders.resume(call, PauseReason.DIGITS, at=at)
            case Hush():
                recorders.pause(call, PauseReason.DIGITS, at=at)
    return carried


def leave(request: LeaveQueue, call: UUID, *, at: datetime) -> bool:
    """Take the call out of its queue, and tell whether it waited; False for who is talked to by now."""
    if request.timed_out:
        return queues.actions.time_out(call, at=at)
    return queues.actions.leave(call, why=request.why, at=at)


def _join(request: JoinQueue, call: UUID, *, at: datetime) -> None:
    try:
        queues.actions.join(
            int(request.queue),
            call_id=call,
            language=request.language,
            priority=request.priority,
            onward=request.onward,
            at=at,
        )
    except queues.actions.Full:
        # somebody took the last place since the step looked: the wait finds no place, and leads back to the step
        logger.info("The queue %s became full a moment ago", request.queue)


def _ask_call_back(request: AskCallBack, call: UUID, *, at: datetime) -> str:
    """Store the wish, and give a word for what came of it. What fails must not take the caller's place as well."""
    left = Entry.objects.filter(call=call, queue=int(request.queue)).order_by("-joined_at").first()
    try:
        with transaction.atomic():
            callbacks.ask(
                int(request.queue),
                request.number,
                call_id=call,
                language=request.language,
                aged_from=left.aged_from if left else at,
                priority=left.priority if left else 0,
                at=at,
            )
    except callbacks.AlreadyAsked:
        return "present"
    except callbacks.NotCallable as refused:
        logger.info("A call back is refused: %s", refused)
        return "refused"
    except DatabaseError:
        logger.exception("A call back could not be stored")
        return "failed"
    return "stored"


def _send_text(request: SendText, call: UUID, *, at: datetime) -> str:
    """Want a text to the caller, and give a word for what came of it. What fails must not take the call as well."""
    row = Call.objects.get(pk=call)
    queue = Queue.objects.filter(pk=request.queue).first() if request.queue else None
    try:
        messaging.actions.send(
            to=row.other_end,
            body=request.text,
            queue=queue,
            call=row,
            language=request.language,
            why=Why.FLOW,
            at=at,
        )
    except messaging.actions.NotSent as refused:
        logger.info("A text of a flow is not sent: %s", refused.rule)
        return "refused"
    except DatabaseError:
        logger.exception("A text of a flow could not be stored")
        return "refused"
    return "sent"


def _note_consent(request: NoteConsent, call: UUID, *, at: datetime) -> None:
    said = request.wording
    policy = Policy.objects.filter(pk=request.policy).first()
    if policy is None:
        logger.warning("A policy is gone whose notice was heard a moment ago")
        return
    row = Call.objects.get(pk=call)
    notice = Notice.objects.filter(pk=said.notice).first() if said.notice else None
    owed = Owed(policy, notice, said.text, said.language, policy.consent != Mode.ANNOUNCE)
    consent.note(
        call, owed, consent.customer(row.other_end, leg=row.sid), Answer(request.answer), key=request.key, at=at
    )


def _enter(request: EnterRoom, call: UUID, *, at: datetime) -> Carried:
    try:
        verbs = rooms.enter(int(request.room), call, host=request.host, onward=request.onward, at=at)
    except rooms.RoomFull:
        return room_full(request)
    return Carried(tuple(verbs))
