"""What runs beside the calls: asking Twilio about those that have gone quiet."""

import logging

from celery import shared_task
from django.utils import timezone

from calls import actions
from calls.models import Call
from calls.observations import Observation
from calls.states import Status
from telephony import client

logger = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    for sid in actions.sweep(at=timezone.now()):
        ask_twilio.delay(sid)
    for call in Call.objects.unwanted().order_by("unwanted_at").values_list("pk", flat=True)[: actions.SWEPT_AT_ONCE]:
        end.delay(str(call))


@shared_task
def end(call_id: str) -> None:
    """End a call whose end is wanted. It may be asked for again; what Twilio tells of the end makes it so."""
    call = Call.objects.unwanted().filter(pk=call_id).first()
    if call is None:
        return
    try:
        client.update_call(call.sid, status=Status.COMPLETED)
    except client.Unreachable as silence:
        logger.warning("Call %s: no answer to its end: %s", call.sid, silence)
    except client.Refused as refusal:
        logger.info("Call %s could not be ended: %s", call.sid, refusal)
        if refusal.code == client.NOT_IN_PROGRESS or refusal.status == client.GONE:
            ask_twilio(call.sid)


@shared_task
def ask_twilio(sid: str) -> None:
    """Ask how a call stands. Without an answer all stays as it is, and a later sweep asks again."""
    try:
        answer = client.fetch_call(sid)
    except client.Unreachable as silence:
        logger.warning("Call %s: Twilio could not be asked: %s", sid, silence)
    except client.Refused as refusal:
        if refusal.status == client.GONE:
            actions.note_unknown(sid, at=timezone.now())
        else:
            logger.warning("Call %s: Twilio would not tell: %s", sid, refusal)
    else:
        actions.note_answer(of_answer(answer, sid=sid), at=timezone.now())


def of_answer(call: client.Call, *, sid: str) -> Observation:
    return Observation(
        sid=sid,
        status=call.status,
        account_sid=call.account_sid,
        parent_sid=call.parent_sid,
        direction=call.direction,
        from_number=call.from_number,
        to_number=call.to_number,
        forwarded_from=call.forwarded_from,
        caller_name=call.caller_name,
        answered_by=call.answered_by,
        seconds=call.seconds,
        reported_at=call.ended_at,
        started_at=call.started_at,
    )
