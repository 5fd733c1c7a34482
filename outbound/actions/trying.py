"""Orders whose time has come, and what was left behind."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from calls.models import Call
from compliance.holds import WishHeldBy
from outbound.actions import clicking, walking
from outbound.actions.rows import afterwards, locked, step
from outbound.machine import is_machine
from outbound.models import Order
from outbound.states import LIVE, Kind, OrderState, Outcome

AT_ONCE = 50
PERIOD = timedelta(seconds=10)
SHARE = 0.5  # of the calls that Twilio lets us begin: agents are rung by the others
LEFT_BEHIND = timedelta(seconds=10)  # a task that was announced has begun by then
KEPT = timedelta(days=90)
UNHEARD = timedelta(seconds=walking.RING_SECONDS + 60)  # by then Twilio would have told of a ring


def begin_due(*, at: datetime) -> int:
    """Begin the tries of orders whose time has come, a bounded number; those that another process has are its own."""
    begun = 0
    while begun < AT_ONCE and _begin_next(at):
        begun += 1
    return begun


def _has_room(at: datetime) -> bool:
    """Tell whether one more may walk a flow: a worker waits until Twilio lets us begin a call, and all must not."""
    most = max(1, int(settings.TWILIO_CALLS_PER_SECOND * PERIOD.total_seconds() * SHARE))
    return Order.objects.filter(kind=Kind.FLOW, claimed_at__gt=at - PERIOD).count() < most


def begin(order_id: UUID, *, at: datetime) -> None:
    """Begin the try of one order, if its time has come."""
    with transaction.atomic():
        order = locked(order_id)
        if order is not None and order.state == OrderState.WAITING and order.not_before <= at:
            _begin(order, at, _has_room(at))


def _begin_next(at: datetime) -> bool:
    with transaction.atomic():
        has_room = _has_room(at)
        due = Order.objects.filter(state=OrderState.WAITING, not_before__lte=at).order_by("not_before", "pk")
        due = due if has_room else due.exclude(kind=Kind.FLOW, expires_at__gt=at)
        order = due.select_for_update(no_key=True, skip_locked=True).first()
        if order is None:
            return False
        _begin(order, at, has_room)
        return True


def _begin(order: Order, at: datetime, has_room: bool) -> None:
    if order.expires_at <= at:
        step(order, OrderState.EXPIRED, at=at, ended_at=at)
    elif order.kind == Kind.CLICK:
        clicking.try_to_begin(order, at=at)
    elif has_room:
        walking.begin(order, at=at)


def sweep(*, at: datetime) -> None:
    """Announce again what no worker has done, and give up rings of which nothing was ever heard."""
    flows = Order.objects.filter(kind=Kind.FLOW)
    dialing = flows.filter(state=OrderState.DIALING, call__isnull=True)
    for order in dialing.filter(asked_at=None, claimed_at__lte=at - LEFT_BEHIND)[:AT_ONCE]:
        afterwards("ring", order.pk, order.tries)
    for order in dialing.filter(asked_at__lte=at - UNHEARD)[:AT_ONCE]:
        walking.note_over(order.pk, order.tries, Outcome.LOST, at=at)
    machines = flows.filter(state=OrderState.TALKING, message_at=None).exclude(answered_by="")
    for order in machines.filter(answered_at__lte=at - LEFT_BEHIND)[:AT_ONCE]:
        if is_machine(order.answered_by):
            afterwards("leave_message" if order.message_id else "hang_up", order.pk, order.tries)
    unwanted = flows.filter(state=OrderState.CANCELED, ended_at__gte=at - timedelta(hours=1), call__ended_at=None)
    for order in unwanted.filter(call__isnull=False)[:AT_ONCE]:
        afterwards("hang_up", order.pk, order.tries)


def tidy(*, at: datetime) -> int:
    """Delete old orders by which nobody was rung, but for those that a legal hold keeps.

    Those with a call go with their conversation.
    """
    old = Order.objects.exclude(state__in=LIVE).filter(call__isnull=True, ended_at__lt=at - KEPT)
    return old.alias(hold=WishHeldBy("call", "number", "queue", "made_at")).filter(hold__isnull=True).delete()[0]


def note_machine(call: Call, milliseconds: int | None, *, at: datetime) -> None:
    """Take in that Twilio has told who answered the call of an order."""
    order_id = Order.objects.filter(call=call).values_list("pk", flat=True).first()
    order = locked(order_id) if order_id is not None else None
    if order is None or order.call_id != call.pk:
        return
    kind = clicking if order.kind == Kind.CLICK else walking
    kind.note_machine(order, call, milliseconds, at=at)
