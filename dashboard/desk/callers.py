"""Who calls, what they went through before, how long they waited, and when they called before."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from calls.models import Call, CallEvent, EventKind
from conferences.models import Conference
from dashboard.desk.journey import Stop, journey
from dashboard.desk.people import People, people
from dashboard.desk.viewer import Viewer
from ivr.prompts.voices import LANGUAGES
from messaging.reading import SEND
from outbound.models import Order
from queues.models import Callback, Entry, Handling
from queues.states import EntryState
from recordings.models import Return
from telephony import numbers

EARLIER = 5
TOLD = (EventKind.ENTERED, EventKind.HEARD, EventKind.PRESSED, EventKind.SPOKE, EventKind.SILENT)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A call from before, or a part of this one that somebody else had, and what was noted on it."""

    at: datetime
    subject: str
    agent: str
    disposition: str
    notes: str
    is_this_call: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    number: str
    name: str
    language: str
    queue: str
    waited: timedelta | None
    is_waiting: bool
    is_callback: bool
    we_ring: bool = False  # an agent has clicked to call them, or to call them back
    reference: str = ""  # of whoever ordered the call
    people: People | None = None
    stops: tuple[Stop, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    may_be_texted: bool = False  # by the viewer
    story: UUID | None = None  # of which the viewer may read the whole story


def caller(viewer: Viewer, conference: Conference) -> Caller | None:
    """Read who the customer of a conversation is; None where there is none."""
    end = other_end(conference)
    entry, callback, call, raw, order = end.entry, end.callback, end.call, end.number, end.order
    first_call = callback.call if callback and callback.call else call  # the one in which they pressed keys
    if not raw and call is None:
        return None
    known = people(viewer, raw)
    language = (entry.language if entry else "") or (callback.language if callback else "")
    since = entry.joined_at if entry else None
    waits = entry is not None and entry.state in (EntryState.WAITING, EntryState.OFFERED)
    until = viewer.at if entry is None or waits else entry.answered_at or viewer.at
    return Caller(
        number=viewer.show(raw),
        name=known.first.name if known and not known.is_open else (call.caller_name if call else ""),
        language=LANGUAGES.get(language, language),
        queue=entry.queue.name if entry else (order.queue.name if order and order.queue else ""),
        waited=until - since if since else None,
        is_waiting=waits,
        is_callback=callback is not None or end.returning is not None,
        we_ring=end.returning is not None or order is not None,
        reference=order.reference if order else "",
        people=known,
        stops=_stops(first_call) if first_call else (),
        earlier=(*_before_me(viewer, call), *_earlier(raw, call)),
        may_be_texted=viewer.user.has_perm(SEND) and numbers.is_e164(raw) and not numbers.is_withheld(raw),
        story=conference.conversation if call and viewer.user.has_perm("calls.view_call") else None,
    )


class OtherEnd(NamedTuple):
    """Who is at the other end of a conversation, and by which rows that is known; `number` as Twilio writes it."""

    number: str
    call: Call | None = None
    entry: Entry | None = None
    callback: Callback | None = None
    returning: Return | None = None
    order: Order | None = None


def number_of(conference: Conference) -> str:
    """Give the number of the customer of a conversation, or another end of a call; "" where there is none."""
    return other_end(conference).number


def other_end(conference: Conference) -> OtherEnd:
    """Find out who the customer of a conversation is, by whatever of it there is."""
    entry = (
        Entry.objects.filter(conference=conference)
        .select_related("queue", "callback__call", "call")
        .order_by("-joined_at")
        .first()
    )
    callback = entry.callback if entry else None
    call = conference.customer or (entry.call if entry else None)
    returning = Return.objects.filter(conference=conference).first() if entry is None else None
    order = Order.objects.filter(conference=conference).select_related("queue").first() if entry is None else None
    rung = returning.number if returning else order.number if order else ""
    raw = callback.number if callback else (call.other_end if call else rung)
    return OtherEnd(raw, call, entry, callback, returning, order)


def _stops(call: Call) -> tuple[Stop, ...]:
    return journey(CallEvent.objects.filter(call=call, kind__in=TOLD).order_by("pk").values_list("kind", "data"))


def _before_me(viewer: Viewer, call: Call | None) -> tuple[Earlier, ...]:
    """Tell what was noted in this same call already, for who is handed a caller or takes one who came back."""
    if call is None:
        return ()
    parts = Handling.objects.filter(entry__call=call).exclude(agent=viewer.agent, done_at=None).order_by("-began_at")
    found = parts.select_related("agent", "disposition", "entry__queue")[:EARLIER]
    return tuple(replace(_before(call, part), at=part.began_at, is_this_call=True) for part in found)


def _earlier(number: str, call: Call | None) -> tuple[Earlier, ...]:
    if numbers.is_withheld(number):
        return ()
    before = Call.objects.filter(from_number=number, direction="inbound").order_by("-started_at")
    calls = list(before.exclude(pk=call.pk)[:EARLIER] if call else before[:EARLIER])
    parts = (
        Handling.objects.filter(entry__call__in=calls)
        .select_related("agent", "disposition", "entry__queue")
        .order_by("began_at")
    )
    last = {part.entry.call_id: part for part in parts} if calls else {}
    return tuple(_before(one, last.get(one.pk)) for one in calls)


def _before(call: Call, part: Handling | None) -> Earlier:
    if part is None:
        return Earlier(call.started_at, "", "", "", "")
    disposition = part.disposition.name if part.disposition else ""
    return Earlier(call.started_at, part.entry.queue.name, part.agent.name, disposition, part.notes)
