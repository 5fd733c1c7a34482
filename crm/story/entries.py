"""An entry of a story, and how a row of each package becomes one. No queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls import timeline
from calls.models import Call, CallEvent, EventKind
from calls.states import FINAL
from contacts.models import OptOut
from messaging.models import Message
from outbound.models import Order
from queues.models import Callback, Handling
from recordings.models import Recording

Show = Callable[[str], str]


class Kind(StrEnum):
    """What an entry is about."""

    CALL = "call"
    FLOW = "flow"
    QUEUE = "queue"
    TALK = "talk"
    CONSENT = "consent"
    LOOK_UP = "look-up"
    RECORDING = "recording"
    VOICEMAIL = "voicemail"
    NOTE = "note"
    CALLBACK = "callback"
    ORDER = "order"
    TEXT = "text"
    OPT_OUT = "opt-out"


#: the kinds of an event of a call; each of the others is about a flow
OF_EVENTS: dict[str, Kind] = {
    EventKind.QUEUED: Kind.QUEUE,
    EventKind.UNQUEUED: Kind.QUEUE,
    EventKind.OFFERED: Kind.QUEUE,
    EventKind.UNTAKEN: Kind.QUEUE,
    EventKind.JOINED: Kind.TALK,
    EventKind.DEPARTED: Kind.TALK,
    EventKind.TURNED: Kind.TALK,
    EventKind.SUPERVISED: Kind.TALK,
    EventKind.DIALED: Kind.TALK,
    EventKind.RANG: Kind.TALK,
    EventKind.SCREENED: Kind.TALK,
    EventKind.CONSENT: Kind.CONSENT,
    EventKind.RECORDER: Kind.RECORDING,
    EventKind.LOOKED_UP: Kind.LOOK_UP,
    EventKind.MISSED: Kind.VOICEMAIL,
    EventKind.CORRECTED: Kind.CALL,
    EventKind.PLACED: Kind.CALL,
    EventKind.MACHINE: Kind.CALL,
}
#: what is told by a row of its own, or is between Twilio and us
NOT_TOLD = (
    *(EventKind.ANSWERED, EventKind.STATUS, EventKind.RECORDING),
    *(EventKind.VOICEMAIL, EventKind.CALLBACK, EventKind.TEXT),
)
#: what a contact's story tells of a call besides the call itself; the rest stands in the story of the conversation
TURNS = (
    *(EventKind.BEGAN, EventKind.KNOWN, EventKind.LOOKED_UP, EventKind.CONSENT, EventKind.MISSED, EventKind.MACHINE),
    *(EventKind.QUEUED, EventKind.UNQUEUED, EventKind.JOINED, EventKind.DEPARTED, EventKind.TURNED, EventKind.FAILED),
)
_ICONS = {
    Kind.CALL: "call",
    Kind.RECORDING: "mic",
    Kind.VOICEMAIL: "voicemail",
    Kind.NOTE: "edit_note",
    Kind.CALLBACK: "phone_callback",
    Kind.ORDER: "outgoing_mail",
    Kind.TEXT: "sms",
    Kind.OPT_OUT: "do_not_disturb_on",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `subject` is the id of the row that it is told by, `call` the leg on which it was.

    `voice` says whose part it is, as in `calls.timeline`. `detail`: it is a step on a way whose ends are told besides.
    `audible`: the reader may hear this recording; None where there is nothing to hear.
    """

    at: datetime
    kind: Kind
    subject: str
    title: str
    text: str = ""
    note: str = ""
    voice: str = "us"
    icon: str = ""
    conversation: UUID | None = None
    call: UUID | None = None
    detail: bool = False
    audible: bool | None = None


@dataclass(frozen=True, slots=True)
class Teller:
    """Who reads decides how numbers are written: `show` an end of a call, `show_text` a text that may hold one."""

    show: Show
    show_text: Show

    def entry(self, at: datetime, kind: Kind, row: Any, title: str, **more: Any) -> Entry:
        call: Call | None = more.pop("call", None)
        where = {"call": call.pk, "conversation": call.conversation} if call is not None else {}
        return Entry(at, kind, str(row.pk), title, **{"icon": _ICONS.get(kind, "info")} | where | more)

    def call(self, call: Call) -> Entry:
        ends = {"from": self.show(call.from_number), "to": self.show(call.to_number)}
        if call.parent_id is not None or call.direction == "outbound-dial":
            title, icon = _("Rang %(to)s"), "ring_volume"
        elif call.direction.startswith("outbound"):
            title, icon = _("We called %(to)s"), "call_made"
        else:
            title, icon = _("%(from)s called %(to)s"), "call_received"
        status = call.status.replace("-", " ")
        long = "" if call.seconds is None else _("%(seconds)d s") % {"seconds": call.seconds}
        bad = call.status in FINAL and call.status != "completed"
        note = " · ".join(filter(None, (status, long)))
        return self.entry(
            call.started_at,
            Kind.CALL,
            call,
            title % ends,
            note=note,
            call=call,
            icon=icon,
            voice="bad" if bad else "us",
        )

    def event(self, event: CallEvent) -> Entry:
        kind = OF_EVENTS.get(event.kind, Kind.FLOW)
        told = timeline.told(event, show=self.show, show_text=self.show_text)
        title, icon = told.title, told.icon
        if event.kind == EventKind.ENTERED:
            title = _("Step “%(name)s”") % {"name": event.data.get("name") or event.data.get("step", "")}
            icon = timeline.STEP_ICONS.get(str(event.data.get("kind")), "radio_button_checked")
        return self.entry(
            event.at,
            kind,
            event,
            title,
            text=told.text or told.keys,
            note=told.note,
            voice=told.voice,
            icon=icon,
            call=event.call,
            detail=event.kind not in TURNS,
        )

    def handling(self, part: Handling) -> Entry:
        title = _("%(agent)s noted") % {"agent": part.agent.name}
        note = part.disposition.name if part.disposition else ""
        at = part.done_at or part.ended_at or part.began_at
        return self.entry(at, Kind.NOTE, part, title, text=self.show_text(part.notes), note=note, call=part.entry.call)

    def recording(self, recording: Recording) -> Entry:
        voicemail = getattr(recording, "voicemail", None)
        kind = Kind.VOICEMAIL if voicemail else Kind.RECORDING
        title = _("Voicemail in %(mailbox)s") % {"mailbox": voicemail.mailbox.name} if voicemail else _("Recording")
        long = "" if recording.seconds is None else _("%(seconds)d s") % {"seconds": recording.seconds}
        about = [str(one) for one in (recording.queue, recording.agent) if one]
        note = " · ".join(filter(None, (long, *about)))
        heard = bool(recording.is_audible)  # type: ignore[attr-defined]  # annotated by `recordings.rights.judged`
        return self.entry(
            recording.announced_at, kind, recording, title, note=note, call=recording.call,
            audible=heard and recording.is_here,
        )  # fmt: skip

    def text(self, message: Message) -> Entry:
        ends = {"number": self.show(message.thread.number) if message.thread else _("nobody")}
        title = _("%(number)s texted") if message.is_theirs else _("We texted %(number)s")
        failed = message.state == "not-sent" or message.status in ("failed", "undelivered")
        state = (message.status or message.state).replace("-", " ")
        return self.entry(
            message.at,
            Kind.TEXT,
            message,
            title % ends,
            text=self.show_text(message.body),
            note=" · ".join(filter(None, ("" if message.is_theirs else state, message.detail))),
            voice="bad" if failed else "caller" if message.is_theirs else "us",
            call=message.call,
        )

    def callback(self, callback: Callback) -> Entry:
        title = _("Wants to be called back: %(number)s") % {"number": self.show(callback.number)}
        note = _("%(queue)s · %(state)s · tries: %(tries)d") % {
            "queue": callback.queue.name,
            "state": callback.state,
            "tries": callback.tries,
        }
        voice = "bad" if callback.state == "expired" else "us"
        return self.entry(callback.asked_at, Kind.CALLBACK, callback, title, note=note, voice=voice, call=callback.call)

    def order(self, order: Order) -> Entry:
        title = _("%(number)s is to be called") % {"number": self.show(order.number)}
        who = order.agent.name if order.agent else order.flow.name if order.flow else ""
        refused = _("refused: %(rule)s") % {"rule": order.refused_by} if order.refused_by else ""
        parts = (who, order.state, order.outcome, refused, order.reference)
        return self.entry(
            order.made_at,
            Kind.ORDER,
            order,
            title,
            note=" · ".join(filter(None, parts)),
            voice="bad" if refused else "us",
            icon="phone_forwarded",
            conversation=order.conversation,
        )

    def opt_out(self, row: OptOut) -> Entry:
        title = {"texts": _("Wants no texts"), "calls": _("Wants no calls")}.get(row.channel, row.channel)
        ended = _("until %(day)s") % {"day": f"{row.ended_at:%Y-%m-%d}"} if row.ended_at else ""
        note = " · ".join(filter(None, (self.show(row.number), row.how.replace("-", " "), ended)))
        return self.entry(row.at, Kind.OPT_OUT, row, title, text=row.note, note=note, voice="caller")


LABELS: dict[Kind, Promise] = {
    Kind.CALL: gettext_lazy("Call"),
    Kind.FLOW: gettext_lazy("Flow"),
    Kind.QUEUE: gettext_lazy("Queue"),
    Kind.TALK: gettext_lazy("Talk"),
    Kind.CONSENT: gettext_lazy("Consent"),
    Kind.LOOK_UP: gettext_lazy("Look-up"),
    Kind.RECORDING: gettext_lazy("Recording"),
    Kind.VOICEMAIL: gettext_lazy("Voicemail"),
    Kind.NOTE: gettext_lazy("Note"),
    Kind.CALLBACK: gettext_lazy("Callback"),
    Kind.ORDER: gettext_lazy("Order"),
    Kind.TEXT: gettext_lazy("Text"),
    Kind.OPT_OUT: gettext_lazy("Opt-out"),
}
