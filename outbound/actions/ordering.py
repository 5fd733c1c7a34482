"""Ordering that somebody is called, and thinking better of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, User
from conferences import actions as conferences
from conferences.models import Conference
from conferences.room import Fate
from dialing import actions as dialing
from dialing.reading import next_chance
from dialing.states import Purpose
from ivr.models import Flow, Line, Prompt
from outbound.actions import clicking
from outbound.actions.rows import afterwards, announce, locked, step
from outbound.models import Order
from outbound.states import Kind, OrderState
from queues.models import Queue
from telephony import numbers

GOOD_FOR = timedelta(days=1)
AT_ONCE_FOR = timedelta(minutes=10)  # an agent who wants to call now does not want to be rung hours later
MOST_TRIES = 10


class NotPossible(Exception):
    """The call cannot be had; `field` names what is wrong with the wish, and the text says it for people."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class NotNow(Exception):
    """The order is over, or too far on; the text says so for people."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to call (E.164), and how. With an `agent` they are rung first; with a `flow` whoever answers walks it.

    `message` is left to machines, in `language`. `not_before` None: at once. With `waits_for_hours` a call that comes
    outside the hours of the called person waits for them. `spacing` is in minutes.
    """

    number: str
    agent: Agent | None = None
    flow: Flow | None = None
    queue: Queue | None = None
    reference: str = ""
    message: Prompt | None = None
    language: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    waits_for_hours: bool = False
    most_tries: int = 1
    spacing: int = 30


def order(wish: Wish, *, by: User | None, at: datetime) -> Order:
    """Have somebody called. Raises NotPossible, dialing.NotPermitted, and of an agent who is rung at once
    agents.actions.Busy and NoPhone.

    What a refusal writes into the ledger is written before the order's transaction.
    """
    kind = _checked(wish, at)
    purpose = Purpose.CLICK if kind is Kind.CLICK else Purpose.FLOW
    when = _when(wish, at=at)
    is_due = when <= at
    dialing.require(wish.number, purpose=purpose, by=by, when=when, at=at)
    goes = AT_ONCE_FOR if kind is Kind.CLICK and is_due else GOOD_FOR
    with transaction.atomic():
        made = Order.objects.create(
            kind=kind,
            number=wish.number,
            reference=wish.reference[:255],
            agent=wish.agent,
            queue=wish.queue,
            flow=wish.flow,
            message=wish.message,
            language=wish.language[:16],
            caller_id=caller_id(wish),
            made_by=by,
            made_at=at,
            not_before=when,
            expires_at=wish.expires_at or when + goes,
            waits_for_hours=wish.waits_for_hours,
            most_tries=wish.most_tries,
            spacing=wish.spacing,
        )
        if is_due and kind is Kind.CLICK:
            clicking.begin(made, at=at)
        elif is_due:
            afterwards("begin", made.pk)
            announce(made, at=at)
        else:
            announce(made, at=at)
    return made


def cancel(order_id: UUID, *, at: datetime) -> Order:
    """Call nobody: what rings is let go. Raises NotNow for one that is answered or over."""
    with transaction.atomic():
        # a room is locked before its order
        room = Conference.objects.filter(order=order_id).select_for_update(no_key=True, of=("self",)).first()
        found = locked(order_id)
        if found is None or not found.is_live:
            raise NotNow(_("It is over already."))
        if found.state == OrderState.TALKING:
            raise NotNow(_("It is answered already: hang up instead."))
        rings = found.state == OrderState.DIALING
        step(found, OrderState.CANCELED, at=at, ended_at=at)
        if found.attempt is not None and found.asked_at is None:
            dialing.withdraw(found.attempt, at=at)
        if rings and room is not None:
            conferences.close(room.pk, Fate.GONE, at=at)
        elif rings:
            afterwards("hang_up", found.pk, found.tries)
    return found


def caller_id(wish: Wish) -> str:
    """Give what is shown to the person: the queue's number, else the standard one, else that of a line, the flow's own
    where a flow calls.
    """
    if wish.queue is not None and wish.queue.caller_id:
        return wish.queue.caller_id
    if settings.TWILIO_CALLER_ID:
        return settings.TWILIO_CALLER_ID
    lines = Line.objects.filter(flow=wish.flow) if wish.flow else Line.objects.all()
    addresses = lines.order_by("pk").values_list("address", flat=True)
    return next((address for address in addresses if numbers.is_e164(address)), "")


def _checked(wish: Wish, at: datetime) -> Kind:
    if (wish.agent is None) == (wish.flow is None):
        raise NotPossible("agent", _("Name either an agent or a flow."))
    if wish.agent is not None and not wish.agent.is_active:
        raise NotPossible("agent", _("This agent takes no calls any more."))
    if wish.flow is not None and wish.flow.published_id is None:
        raise NotPossible("flow", _("This flow has no published version."))
    if wish.message is not None and wish.flow is None:
        raise NotPossible("message", _("Only a flow leaves messages: an agent hears the machine."))
    if not 1 <= wish.most_tries <= MOST_TRIES:
        raise NotPossible("tries", _("Between 1 and %(most)d.") % {"most": MOST_TRIES})
    if wish.expires_at is not None and wish.expires_at <= max(at, wish.not_before or at):
        raise NotPossible("expires_at", _("It would be over before it begins."))
    if not caller_id(wish):
        raise NotPossible("queue", _("We have no number to call from."))
    return Kind.CLICK if wish.agent is not None else Kind.FLOW


def _when(wish: Wish, *, at: datetime) -> datetime:
    """Give the moment of the first try; where the hours never come, the one that was wished for, which is refused."""
    when = max(wish.not_before or at, at)
    return (next_chance(wish.number, at=when) or when) if wish.waits_for_hours else when
