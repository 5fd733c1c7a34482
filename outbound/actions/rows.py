"""How an order moves: locked, stepped by the table of its states, and announced."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import signature
from django.db import transaction
from kombu.exceptions import OperationalError

from calls import actions as calls
from calls.models import Call, EventKind
from dialing import actions as dialing
from dialing.actions import NotPermitted
from dialing.reading import next_chance
from dialing.states import Rule
from live.publish import publish
from outbound.models import Order
from outbound.signals import order_changed
from outbound.states import MOVES, TRIED_AGAIN, OrderState, Outcome

#: what is of the last try alone, as it is before a try
NO_TRY: Mapping[str, Any] = {
    "outcome": "",
    "attempt": None,
    "call": None,
    "conference": None,
    "asked_at": None,
    "answered_at": None,
    "answered_by": "",
    "answered_by_after": None,
    "message_at": None,
}


def locked(order_id: UUID, *, tries: int | None = None) -> Order | None:
    """Read and lock an order, the last of all rows; None where it is not in that try."""
    rows = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("agent", "flow", "attempt")
    found = rows.filter(pk=order_id).first()
    return found if found is not None and tries in (None, found.tries) else None


def of_conference(conference_id: UUID) -> Order | None:
    """Read and lock the order that a conversation was opened for."""
    order_id = Order.objects.filter(conference=conference_id).values_list("pk", flat=True).first()
    return locked(order_id) if order_id is not None else None


def step(order: Order, state: OrderState, *, at: datetime, **changes: Any) -> None:
    """Move a locked order. Raises an AssertionError for a move that is not in the table: those who call look first."""
    assert state in MOVES[order.state], f"{order.state} does not become {state}"
    change(order, at=at, state=state, **changes)


def change(order: Order, *, at: datetime, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(order, name, value)
    order.save(update_fields=list(changes))
    announce(order, at=at)


def announce(order: Order, *, at: datetime) -> None:
    publish("orders", *([f"agent:{order.agent_id}"] if order.agent_id is not None else []))
    order_changed.send(sender=Order, order=order, at=at)


def refuse(order: Order, refusal: NotPermitted, *, at: datetime) -> None:
    """Take in that a rule forbids to dial now: an order that waits for the hours waits on, any other is over."""
    if refusal.rule is Rule.HOURS and order.waits_for_hours and order.state == OrderState.WAITING:
        chance = next_chance(order.number, at=at)
        if chance is not None and chance < order.expires_at:
            change(order, at=at, not_before=chance)
            return
    step(order, OrderState.REFUSED, at=at, refused_by=refusal.rule, ended_at=at)


def link(order: Order, call: Call, *, at: datetime) -> bool:
    """Tie an order to the call of its try; the first stays. False for another call than that."""
    if order.call_id is None:
        calls.join_conversation(call.pk, order.conversation)
        call.conversation = order.conversation
        if order.attempt_id is not None:
            dialing.note_call(order.attempt_id, call.pk)
        told = {"why": order.kind, "by": str(order.made_by or "")}
        calls.record_events(call.pk, [(EventKind.PLACED, told)], at=at)
        change(order, at=at, call=call)
    return order.call_id == call.pk


def end_try(order: Order, outcome: Outcome, *, at: datetime) -> None:
    """Note what came of the present try: the order is done, is tried again after a pause, or is given up."""
    if order.state not in (OrderState.DIALING, OrderState.TALKING):
        return
    if order.attempt is not None and order.call_id is None and outcome is not Outcome.LOST:
        dialing.withdraw(order.attempt, at=at)
    if outcome in (Outcome.ANSWERED, Outcome.MESSAGE):
        if order.state == OrderState.DIALING:
            step(order, OrderState.TALKING, at=at)
        step(order, OrderState.DONE, at=at, outcome=outcome, ended_at=at)
        return
    again = _next_try(order, at) if outcome in TRIED_AGAIN else None
    if again is None:
        step(order, OrderState.UNREACHED, at=at, outcome=outcome, ended_at=at)
    else:
        step(order, OrderState.WAITING, at=at, outcome=outcome, not_before=again)


def _next_try(order: Order, at: datetime) -> datetime | None:
    if order.tries >= order.most_tries:
        return None
    then: datetime | None = at + timedelta(minutes=order.spacing)
    if order.waits_for_hours and then is not None:
        then = next_chance(order.number, at=then)
    return then if then is not None and then < order.expires_at else None


def afterwards(task: str, *args: Any) -> None:
    """Let a task of this app run after the commit. By name, because tasks call actions, and not the other way round."""
    transaction.on_commit(
        partial(_begin, f"outbound.tasks.{task}", [str(one) if isinstance(one, UUID) else one for one in args])
    )


def _begin(task: str, args: list[Any]) -> None:
    try:
        signature(task, args=args).apply_async()
    except OperationalError:  # the sweep finds in the rows what could not be announced
        return
