"""Calling somebody who walks a flow: rung once per try, answered with a visit; a machine is left a message."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

import ivr.actions
from calls import actions as calls
from calls.models import Call, CallEvent, EventKind
from calls.observations import Observation, of_callback, of_request
from calls.states import Status
from compliance.actions import consent
from compliance.states import Direction
from dialing import actions as dialing
from dialing.states import Purpose
from ivr.models import Prompt
from ivr.script import speak
from outbound.actions.rows import NO_TRY, afterwards, change, end_try, link, locked, refuse, step
from outbound.machine import Answer, answer_to, is_machine
from outbound.models import Order
from outbound.states import Kind, OrderState, Outcome
from telephony import callbacks, twiml
from telephony.payloads import StatusCallback, VoiceRequest
from telephony.twiml import Hangup, Verb

RING_SECONDS = 30
HEARD = (EventKind.PRESSED, EventKind.SPOKE)
OUTCOMES = {
    Status.BUSY: Outcome.BUSY,
    Status.NO_ANSWER: Outcome.NO_ANSWER,
    Status.CANCELED: Outcome.NO_ANSWER,
    Status.FAILED: Outcome.FAILED,
}


def begin(order: Order, *, at: datetime) -> None:
    """Begin a try of a locked order that is due: what is published now is what the person will walk."""
    assert order.flow is not None
    try:
        attempt = dialing.permit(
            order.number, purpose=Purpose.FLOW, by=order.made_by, conversation=order.conversation, at=at
        )
    except dialing.NotPermitted as refusal:
        refuse(order, refusal, at=at)
        return
    step(
        order,
        OrderState.DIALING,
        at=at,
        **{**NO_TRY, "attempt": attempt},
        tries=order.tries + 1,
        version_id=order.flow.published_id,
        claimed_at=at,
    )
    afterwards("ring", order.pk, order.tries)


def claim_ring(order_id: UUID, tries: int, *, at: datetime) -> Order | None:
    """Claim the one ring of a try; None where it is claimed already, or not wanted any more."""
    mine = Order.objects.filter(pk=order_id, tries=tries, kind=Kind.FLOW, state=OrderState.DIALING, asked_at=None)
    return Order.objects.get(pk=order_id) if mine.update(asked_at=at) else None


def give_back(order_id: UUID, tries: int) -> None:
    """Undo a claim of which Twilio has certainly done nothing; the sweep asks again."""
    Order.objects.filter(pk=order_id, tries=tries, state=OrderState.DIALING, call=None).update(asked_at=None)


def note_rung(order_id: UUID, tries: int, news: Observation, *, at: datetime) -> None:
    """Note the call that Twilio has made. Callbacks may have told before."""
    with transaction.atomic():
        _of_call(order_id, tries, calls.observe(news, at=at, note=None), at=at)


def note_over(order_id: UUID, tries: int, outcome: Outcome, *, at: datetime) -> None:
    """Note that nobody will be rung in this try, because Twilio has said so or said nothing for too long."""
    with transaction.atomic():
        order = locked(order_id, tries=tries)
        if order is not None and order.call_id is None:
            end_try(order, outcome, at=at)


def answer(order_id: UUID, tries: int, request: VoiceRequest, *, at: datetime) -> str:
    """Begin the visit of somebody who has picked up, and return what they hear first."""
    with transaction.atomic():
        call = calls.observe(of_request(request), at=at, note=None) if request.call_sid else None
        order = _of_call(order_id, tries, call, at=at) if call is not None else None
        if order is None or call is None or order.version_id is None or not order.is_live:
            return twiml.render((Hangup(),))
        if order.state == OrderState.DIALING:
            step(order, OrderState.TALKING, at=at, answered_at=at)
        heard = ivr.actions.begin_called(call.pk, order.version_id, request, at=at)
        _heed(order, call)
        return heard


def observe(order_id: UUID, tries: int, news: StatusCallback, *, at: datetime) -> None:
    """Take in news of the call of a try, for the order and for the call's own row."""
    if not news.call.call_sid:
        return
    with transaction.atomic():
        _of_call(order_id, tries, calls.observe(of_callback(news), at=at), at=at)


def note_ended(call: Call, *, at: datetime) -> None:
    """Take in that a call is over, whoever said so: so is the try that it was."""
    order_id = Order.objects.live().filter(call=call, kind=Kind.FLOW).values_list("pk", flat=True).first()
    order = locked(order_id) if order_id is not None else None
    if order is not None and order.call_id == call.pk:
        _end(order, call, at=at)


def note_machine(order: Order, call: Call, milliseconds: int | None, *, at: datetime) -> None:
    """Note who has answered, and how long Twilio took to tell; a machine is left the message, or hung up on."""
    change(order, at=at, answered_by=call.answered_by[:32], answered_by_after=milliseconds)
    _heed(order, call)


def claim_message(order_id: UUID, tries: int, *, at: datetime) -> str | None:
    """Claim the one message that a machine is left; gives the sid of the call, None where there is nothing to do."""
    with transaction.atomic():
        order = locked(order_id, tries=tries)
        if order is None or order.call is None or _wanted(order, order.call) is not Answer.LEAVE_MESSAGE:
            return None
        change(order, at=at, message_at=at)
        return order.call.sid


def to_hang_up(order_id: UUID, tries: int) -> str | None:
    """Give the sid of a call that is to be ended: of a machine without a message, or of an order that is canceled."""
    order = Order.objects.select_related("call").filter(pk=order_id, tries=tries).first()
    if order is None or order.call is None or order.call.is_over:
        return None
    wanted = order.state == OrderState.CANCELED or _wanted(order, order.call) is Answer.HANG_UP
    return order.call.sid if wanted else None


def message(order_id: UUID, tries: int) -> Sequence[Verb]:
    """Give what a machine is told."""
    order = Order.objects.select_related("message").filter(pk=order_id, tries=tries, message_at__isnull=False).first()
    return (*(said(order.message, order.language) if order and order.message else ()), Hangup())


def said(prompt: Prompt, language: str) -> Sequence[Verb]:
    """Give the verbs of a prompt in a language, or in the first that it has."""
    wordings = list(prompt.wordings.select_related("audio").order_by("pk"))
    chosen = next((one for one in wordings if one.language == language), wordings[0] if wordings else None)
    if chosen is None:
        return ()
    if chosen.audio is not None:
        return (twiml.Play(callbacks.plain("prompt", sha256=chosen.audio.sha256)),)
    return speak(chosen.text, chosen.voice, chosen.language)


def _of_call(order_id: UUID, tries: int, call: Call, *, at: datetime) -> Order | None:
    """Lock an order and tie it to the call of its present try; None for any other call."""
    order = locked(order_id, tries=tries)
    if order is None or not link(order, call, at=at):
        return None
    if order.state == OrderState.CANCELED and not call.is_over:
        afterwards("hang_up", order.pk, order.tries)
    if call.is_over:
        _end(order, call, at=at)
    return order


def _end(order: Order, call: Call, *, at: datetime) -> None:
    if order.state == OrderState.DIALING:
        # Who has not walked the flow is known to no rule yet, and the text in place of the call goes by the queue's.
        consent.begin_scope(
            call.pk,
            number=call.from_number,
            caller=order.number,
            direction=Direction.OUTBOUND,
            flow=order.flow_id,
            queue=order.queue_id,
            language=order.language,
        )
    end_try(order, _outcome(order, call), at=at)


def _outcome(order: Order, call: Call) -> Outcome:
    if call.status != Status.COMPLETED:
        return OUTCOMES.get(Status(call.status), Outcome.FAILED)
    if order.message_at is not None:
        return Outcome.MESSAGE
    if order.state == OrderState.DIALING:
        return Outcome.LOST  # picked up, and our document never reached them: who was rung is not rung again
    return Outcome.MACHINE if _wanted(order, call) is Answer.HANG_UP else Outcome.ANSWERED


def _wanted(order: Order, call: Call) -> Answer:
    """Say what is to be done about whoever has answered; GO_ON where it is done."""
    if order.state != OrderState.TALKING or order.message_at is not None or not is_machine(order.answered_by):
        return Answer.GO_ON
    spoke = CallEvent.objects.filter(call=call, kind__in=HEARD).exists()
    return answer_to(order.answered_by, spoke=spoke, has_message=order.message_id is not None)


def _heed(order: Order, call: Call) -> None:
    match _wanted(order, call):
        case Answer.LEAVE_MESSAGE:
            afterwards("leave_message", order.pk, order.tries)
        case Answer.HANG_UP:
            afterwards("hang_up", order.pk, order.tries)
