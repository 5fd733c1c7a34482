"""Calling a number from the desk: the form, what came of the last call, and the press."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from agents.actions import Busy
from conferences.actions import NotNow as RoomNotNow
from conferences.models import Conference
from dashboard.desk.pressed import Pressed, Refused
from dashboard.desk.viewer import Viewer
from dialing.reading import sentence
from dialing.states import Rule
from outbound import actions
from outbound.actions import NoPhone, NotPossible, Wish
from outbound.machine import FAX, is_machine
from outbound.models import Order
from outbound.states import Kind, OrderState, Outcome
from queues.models import Queue
from telephony import numbers

PLACE = "outbound.place_order"
TOLD_FOR = timedelta(minutes=2)
WORDS: Mapping[str, str] = {
    Outcome.BUSY: "The line was busy",
    Outcome.NO_ANSWER: "Nobody answered",
    Outcome.FAILED: "The number could not be reached",
    Outcome.LOST: "Nothing was heard of the call",
    Outcome.AGENT_UNREACHED: "You did not pick up, so nobody was rung",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A queue in whose name the agent may call and text."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Calling:
    """`last` says what came of a call that somebody was not reached by, for a moment."""

    lines: tuple[Line, ...]
    last: str = ""


def calling(viewer: Viewer) -> Calling | None:
    """Read what an agent needs who wants to call somebody; None for who may not."""
    if not viewer.user.has_perm(PLACE):
        return None
    return Calling(lines(viewer), _last(viewer))


def lines(viewer: Viewer) -> tuple[Line, ...]:
    """Read the queues in whose name an agent may call and text."""
    rows = Queue.objects.of_agent(viewer.agent).order_by("name").values_list("pk", "name")
    return tuple(Line(*row) for row in rows)


def line_of(pressed: Pressed) -> Queue | None:
    """Give the queue that was chosen, if any. Raises Refused."""
    if not pressed.fields.get("queue"):
        return None
    queue = Queue.objects.of_agent(pressed.agent).filter(pk=pressed.number("queue")).first()
    if queue is None:
        raise Refused("That queue is not yours any more.")
    return queue


def answered_by(conference: Conference) -> str:
    """Say that a machine has answered whom we have called; nothing where a person has, or nobody knows."""
    found = conference.customer.answered_by if conference.customer else ""
    if not is_machine(found):
        return ""
    return (
        "A fax machine has answered." if found == FAX else "An answering machine has answered. You decide what to do."
    )


def _last(viewer: Viewer) -> str:
    ended = Order.objects.filter(agent=viewer.agent, kind=Kind.CLICK, ended_at__gt=viewer.at - TOLD_FOR)
    order = ended.filter(state__in=(OrderState.UNREACHED, OrderState.REFUSED)).order_by("-ended_at").first()
    if order is None:
        return ""
    number = viewer.show(order.number)
    if order.state == OrderState.REFUSED:
        return f"{number} was not called. {sentence(Rule(order.refused_by), order.number)}"
    return f"{WORDS.get(order.outcome, 'Nobody was reached')}: {number}."


def _call(pressed: Pressed) -> str:
    if not pressed.viewer.user.has_perm(PLACE):
        raise Refused("You may not call anybody.")
    typed = pressed.fields.get("number", "")
    number = numbers.parse(typed, country=settings.DEFAULT_COUNTRY)
    wish = Wish(number or typed[:64], agent=pressed.agent, queue=line_of(pressed))
    try:
        actions.order(wish, by=pressed.viewer.user, at=pressed.viewer.at)
    except (Busy, RoomNotNow):
        raise Refused("You are on a call, or are being rung.") from None
    except NoPhone:
        raise Refused("You have no phone that can ring now: see My phone.") from None
    except NotPossible as reason:
        raise Refused(str(reason)) from None
    return "Your phone rings. When you have picked up, the number is rung."


DOES: Mapping[str, Callable[[Pressed], Any]] = {"call": _call}
