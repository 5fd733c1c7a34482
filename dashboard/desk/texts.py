"""Texts at the desk: who waits for an answer, one conversation, and what an answer would cost before it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.models import Agent
from calls.ends import text_shown_to
from dashboard.access import at_desk
from dashboard.desk.pressed import Pressed, Refused
from dashboard.desk.viewer import Viewer
from messaging import actions, reading
from messaging.models import Media, Message, Thread
from messaging.sentences import of_error, of_rule
from messaging.states import State, Status, Why

READ = "messaging.view_thread"
MOST = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread in which somebody waits for an answer."""

    id: str
    name: str
    queue: str
    since: datetime
    unread: int


@dataclass(frozen=True, slots=True)
class Said:
    """One text. `trouble` says why it was not sent or did not arrive; `standing` where it is, in a word."""

    is_theirs: bool
    by: str
    body: str
    at: datetime
    standing: str
    trouble: str
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """The conversation that is open. `draft` names the field of the answer: it is a new one after each text of ours."""

    id: str
    name: str
    ours: str
    queue: str
    texts: tuple[Said, ...]
    is_cut: bool
    wants_none: bool
    waits: bool
    seen_until: str
    draft: str


@dataclass(frozen=True, slots=True)
class Texts:
    may_read: bool
    may_send: bool
    may_look: bool
    waiting: tuple[Waiting, ...] = ()
    total: int = 0
    open: Open | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer would be billed as, for a sentence."""

    characters: int
    segments: int
    culprits: str
    price: Decimal | None
    currency: str
    is_too_long: bool


def texts(viewer: Viewer) -> Texts:
    """Read who waits, the longest wait first, and the thread that is asked for."""
    may = viewer.user.has_perm
    if not may(READ):
        return Texts(False, False, False)
    seen = Thread.objects.visible_to(viewer.user).select_related("sender", "queue")
    waiting = list(seen.waiting().order_by("waits_since")[: MOST + 1])
    asked = _uuid(viewer.asked.get("thread", ""))
    chosen = seen.filter(pk=asked).first() if asked else None
    names = reading.names_of(waiting[:MOST])
    return Texts(
        may_read=True,
        may_send=may(reading.SEND),
        may_look=may(reading.LOOK),
        waiting=tuple(_waiting(viewer, thread, names) for thread in waiting[:MOST]),
        total=len(waiting) if len(waiting) <= MOST else seen.waiting().count(),
        open=_open(viewer, chosen) if chosen else None,
    )


@require_safe
@at_desk
def measure(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Tell below the field what the answer would cost, while it is typed."""
    asked = _uuid(request.GET.get("thread", ""))
    thread = Thread.objects.visible_to(agent.user).filter(pk=asked).first() if asked else None
    estimate = reading.estimate(request.GET.get("body", ""), thread.number if thread else "")
    length = estimate.length
    cost = Cost(
        characters=length.characters,
        segments=length.segments,
        culprits=length.culprits,
        price=estimate.price,
        currency=estimate.currency,
        is_too_long=length.is_too_long,
    )
    return render(request, "desk/texts/cost.html", {"cost": cost})


def _waiting(viewer: Viewer, thread: Thread, names: Mapping[str, str]) -> Waiting:
    assert thread.waits_since is not None  # those that wait
    return Waiting(
        id=str(thread.pk),
        name=names.get(thread.number) or viewer.show(thread.number),
        queue=thread.queue.name if thread.queue else "",
        since=thread.waits_since,
        unread=thread.unread,
    )


def _open(viewer: Viewer, thread: Thread) -> Open:
    found = reading.conversation(thread)
    hidden = text_shown_to(viewer.user)
    ours = sum(not message.is_theirs for message in found.messages)
    number = viewer.show(thread.number)
    return Open(
        id=str(thread.pk),
        name=f"{found.contact}, {number}" if found.contact else number,
        ours=viewer.show(thread.sender.number),
        queue=thread.queue.name if thread.queue else "",
        texts=tuple(_said(message, hidden) for message in found.messages),
        is_cut=found.is_cut,
        wants_none=found.wants_none,
        waits=thread.waits_since is not None,
        seen_until=found.seen_until.isoformat(),
        draft=f"answer-{thread.pk}-{ours}",
    )


def _said(message: Message, hidden: Callable[[str], str]) -> Said:
    return Said(
        is_theirs=message.is_theirs,
        by=str(message.by) if message.by else "",
        body=hidden(message.body),
        at=message.at,
        standing=_standing(message),
        trouble=of_rule(message.rule, message.detail) if message.rule else of_error(message.error_code),
        media=tuple(message.media.all()),
    )


def _standing(message: Message) -> str:
    """Say where a text of ours is; of one of theirs what it stood for."""
    if message.is_theirs:
        return message.purpose.upper()
    match message.state:
        case State.NOT_SENT:
            return _("not sent")
        case State.WANTED | State.ASKING:
            return _("is being sent")
        case State.UNCLEAR:
            return _("nobody knows yet whether it was sent")
    words = {
        Status.DELIVERED: _("arrived"),
        Status.READ: _("read"),
        Status.UNDELIVERED: _("did not arrive"),
        Status.FAILED: _("could not be sent"),
    }
    return words.get(Status(message.status), _("on its way")) if message.status in set(Status) else _("on its way")


def _thread(pressed: Pressed) -> Thread:
    """Give the thread that the press is meant for, which the agent must see."""
    found = Thread.objects.visible_to(pressed.viewer.user).filter(pk=pressed.uuid("thread"))
    thread = found.select_related("sender", "queue").first()
    if thread is None:
        raise Refused("That conversation is not there any more.")
    return thread


def _send(pressed: Pressed) -> str:
    if not pressed.viewer.user.has_perm(reading.SEND):
        raise Refused("You may read texts, not send them.")
    thread = _thread(pressed)
    try:
        actions.send(
            to=thread.number,
            body=pressed.fields.get("body", ""),
            sender=thread.sender,
            by=pressed.viewer.user,
            why=Why.AGENT,
            at=pressed.viewer.at,
        )
    except actions.NotSent as told:
        raise Refused(told.sentence) from None
    return "The text is on its way."


def _finish(pressed: Pressed) -> str:
    if not pressed.viewer.user.has_perm(reading.SEND):
        raise Refused("You may read texts, not work on them.")
    seen_until = parse_datetime(pressed.fields.get("seen", ""))
    if seen_until is None or seen_until.tzinfo is None:
        raise Refused("The page is out of date.")
    try:
        actions.finish(_thread(pressed).pk, seen_until=seen_until)
    except actions.NotWaiting:
        raise Refused("A new text has come, or it is done already.") from None
    return "Marked as done."


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


DOES: Mapping[str, Callable[[Pressed], str]] = {"send-text": _send, "finish-texts": _finish}
