"""Texts at the desk: who waits for an answer, one conversation, and what an answer would cost before it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.models import Agent
from calls.ends import text_shown_to
from conferences.models import Conference
from contacts import reading as contacts
from dashboard.access import at_desk
from dashboard.desk.callers import OtherEnd, other_end
from dashboard.desk.calling import Line, line_of, lines
from dashboard.desk.pressed import Done, Pressed, Refused
from dashboard.desk.viewer import Viewer, viewer_of
from messaging import actions, reading
from messaging.models import Media, Message, Thread
from messaging.sentences import of_error, of_rule, of_standing
from messaging.states import Why
from telephony import numbers

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
    """The conversation that is open. `draft` names the field of the answer: new after each of the viewer's."""

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
class New:
    """The form for a text to a number that is typed; with `conference` to the customer of that conversation.

    `line` is the queue in whose name it goes unless another one is chosen.
    """

    lines: tuple[Line, ...]
    conference: str = ""
    name: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    may_read: bool
    may_send: bool
    may_look: bool
    waiting: tuple[Waiting, ...] = ()
    total: int = 0
    open: Open | None = None
    new: New | None = None

    @property
    def announces(self) -> str:
        """Say that a text is begun in this panel, for who has pressed for it in another one."""
        if self.new is None or not self.new.conference:
            return ""
        return _("Write to %(name)s in the panel Texts.") % {"name": self.new.name}


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
    end = _customer(viewer)
    chosen = _chosen(seen, viewer, end)
    names = reading.names_of(waiting[:MOST])
    return Texts(
        may_read=True,
        may_send=may(reading.SEND),
        may_look=may(reading.LOOK),
        waiting=tuple(_waiting(viewer, thread, names) for thread in waiting[:MOST]),
        total=len(waiting) if len(waiting) <= MOST else seen.waiting().count(),
        open=_open(viewer, chosen) if chosen else None,
        new=_new(viewer, end) if chosen is None and may(reading.SEND) else None,
    )


@require_safe
@at_desk
def measure(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Tell below the field what the answer would cost, while it is typed."""
    estimate = reading.estimate(request.GET.get("body", ""), _measured_for(viewer_of(request, agent)))
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


def _measured_for(viewer: Viewer) -> str:
    """Give the number to which a text would go, as far as it is known."""
    if asked := _uuid(viewer.asked.get("thread", "")):
        return Thread.objects.visible_to(viewer.user).filter(pk=asked).values_list("number", flat=True).first() or ""
    if end := _customer(viewer):
        return end.number
    return _parsed(viewer.asked.get("number", "")) or ""


def _customer(viewer: Viewer) -> OtherEnd | None:
    """Give the customer of the conversation that is asked for, which must be one of the agent's own."""
    asked = _uuid(viewer.asked.get("conference", ""))
    found = Conference.objects.of_agent(viewer.agent).filter(pk=asked) if asked else Conference.objects.none()
    conference = found.select_related("customer").first()
    return other_end(conference) if conference else None


def _chosen(seen: "QuerySet[Thread]", viewer: Viewer, end: OtherEnd | None) -> Thread | None:
    """Give the thread that is asked for, or the last one with the customer who is."""
    if end is not None:
        return seen.filter(number=end.number).order_by("-last_at").first()
    asked = _uuid(viewer.asked.get("thread", ""))
    return seen.filter(pk=asked).first() if asked else None


def _new(viewer: Viewer, end: OtherEnd | None) -> New:
    if end is None:
        return New(lines(viewer))
    number, name = viewer.show(end.number), contacts.names([end.number]).get(end.number, "")
    return New(
        lines(viewer),
        conference=viewer.asked["conference"],
        name=f"{name}, {number}" if name else number,
        line=end.entry.queue_id if end.entry else None,
    )


def _parsed(typed: str) -> str | None:
    return numbers.parse(typed, country=settings.DEFAULT_COUNTRY)


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
    mine = sum(message.by_id == viewer.user.pk for message in found.messages)
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
        draft=f"answer-{thread.pk}-{mine}",
    )


def _said(message: Message, hidden: Callable[[str], str]) -> Said:
    return Said(
        is_theirs=message.is_theirs,
        by=str(message.by) if message.by else "",
        body=hidden(message.body),
        at=message.at,
        standing=of_standing(message),
        trouble=of_rule(message.rule, message.detail) if message.rule else of_error(message.error_code),
        media=tuple(message.media.all()),
    )


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


def _send_new(pressed: Pressed) -> Done:
    viewer = pressed.viewer
    if not viewer.user.has_perm(reading.SEND):
        raise Refused("You may read texts, not send them.")
    end = _addressed(pressed)
    try:
        message = actions.send(
            to=end.number,
            body=pressed.fields.get("body", ""),
            queue=line_of(pressed),
            by=viewer.user,
            call=end.call,
            why=Why.AGENT,
            at=viewer.at,
        )
    except actions.NotSent as told:
        raise Refused(told.sentence) from None
    if Thread.objects.visible_to(viewer.user).filter(messages=message).exists():
        return Done("The text is on its way.", {"thread": str(message.thread_id)})
    return Done("The text is on its way. Another team talks with this number, and reads the answer.", {})


def _addressed(pressed: Pressed) -> OtherEnd:
    """Give whom a new text is for: the customer of a conversation of the agent's, or a number that was typed."""
    if pressed.fields.get("conference"):
        return other_end(Conference.objects.select_related("customer").get(pk=pressed.conference))
    number = _parsed(pressed.fields.get("number", ""))
    if number is None:
        raise Refused("This is no telephone number. Write it with its country: +1 500 555 0100.")
    return OtherEnd(number)


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


DOES: Mapping[str, Callable[[Pressed], str | Done]] = {
    "send-text": _send,
    "send-new-text": _send_new,
    "finish-texts": _finish,
}
