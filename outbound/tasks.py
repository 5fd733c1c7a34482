"""What is asked of Twilio for orders: each task makes one request and one action of what came of it.

Ringing and leaving a message are claimed: after an unclear answer neither is asked for again, because callbacks name
the order and its try and find the row, and the sweep gives up what nothing is ever heard of.
"""

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from calls.tasks import of_answer
from outbound import actions
from outbound.actions import walking
from outbound.states import Outcome
from telephony import callbacks, client

logger = logging.getLogger(__name__)


@shared_task
def work() -> None:
    """Every few seconds: begin what is due, and pick up what was left behind."""
    actions.begin_due(at=timezone.now())
    actions.sweep(at=timezone.now())


@shared_task
def tidy() -> None:
    """Each hour: what is old, and by which nobody was rung, is deleted."""
    actions.tidy(at=timezone.now())


@shared_task
def begin(order_id: str) -> None:
    actions.begin(UUID(order_id), at=timezone.now())


@shared_task
def ring(order_id: str, tries: int) -> None:
    """Ring somebody, once per try."""
    order = walking.claim_ring(UUID(order_id), tries, at=timezone.now())
    if order is None:
        return
    try:
        call = client.create_call(
            to=order.number,
            from_number=order.caller_id,
            url=callbacks.document("voice-order", order=order.pk, tries=tries),
            fallback_url=callbacks.document("voice-released"),
            status_callback=callbacks.news("order-status", order=order.pk, tries=tries),
            ring_seconds=walking.RING_SECONDS,
            machine_detection="DetectMessageEnd",
            machine_callback=callbacks.news("machine"),
        )
    except client.Refused as refusal:
        logger.warning("Order %s: Twilio would not ring: %s", order_id, refusal)
        walking.note_over(order.pk, tries, Outcome.FAILED, at=timezone.now())
    except client.Unreachable as silence:
        logger.warning("Order %s: no answer to the ring: %s", order_id, silence)
        if not silence.maybe_done:
            walking.give_back(order.pk, tries)
    else:
        walking.note_rung(order.pk, tries, of_answer(call, sid=call.sid), at=timezone.now())


@shared_task
def leave_message(order_id: str, tries: int) -> None:
    """Let a machine hear the message, once."""
    sid = walking.claim_message(UUID(order_id), tries, at=timezone.now())
    if sid is None:
        return
    try:
        client.update_call(sid, url=callbacks.document("voice-order-message", order=UUID(order_id), tries=tries))
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Call %s: the message could not be left: %s", sid, trouble)


@shared_task
def hang_up(order_id: str, tries: int) -> None:
    """End the call of an order that is canceled, or of a machine that is told nothing."""
    sid = walking.to_hang_up(UUID(order_id), tries)
    if sid is None:
        return
    try:
        client.update_call(sid, status="completed")
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Call %s could not be ended: %s", sid, trouble)
