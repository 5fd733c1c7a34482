"""A call's history as a story: its steps in order, what was heard and done, and how long each took. No queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import talks
from calls.models import Call, CallEvent, EventKind
from calls.states import FINAL, rank

Show = Callable[[str], str]

STEP_ICONS = {
    "message": "chat",
    "menu": "dialpad",
    "collect": "pin",
    "hours": "schedule",
    "language": "translate",
    "ring": "phone_forwarded",
    "consent": "how_to_reg",
    "look_up": "dns",
    "caller": "contacts",
    "voicemail": "voicemail",
    "text": "sms",
    "go_to": "alt_route",
    "hang_up": "call_end",
    "reject": "block",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `voice` says whose part it is: caller, us, network, good or bad."""

    since: timedelta
    icon: str
    voice: str
    title: str
    text: str = ""
    note: str = ""
    keys: str = ""
    audio: str = ""
    code: str = ""
    recording: str = ""


@dataclass(slots=True)
class Chapter:
    """A step, or what came before the first and after the last. `share` is its part of the call, in hundredths."""

    title: str
    icon: str
    since: timedelta
    kind: str = ""
    anchor: str = ""
    took: timedelta | None = None
    share: float = 0
    entries: list[Entry] = field(default_factory=list)


def chapters(call: Call, events: Sequence[CallEvent], *, show: Show, show_text: Show) -> list[Chapter]:
    """Tell the story. `show` writes an end of a call as far as the reader may see it, `show_text` a longer text."""
    story = _Story(call, show, show_text)
    for moment, event in _in_order(events):
        story.tell(moment, event)
    return story.closed()


def told(event: CallEvent, *, show: Show, show_text: Show) -> Entry:
    """Put one event into words as the reader may see them."""
    entry = _entry(event, timedelta(0), show)
    text, keys, code = (show_text(part) for part in (entry.text, entry.keys, entry.code))
    return replace(entry, text=text, keys=keys, code=code)


def way(told: Iterable[Chapter]) -> list[Chapter]:
    """Give the steps that the call went through."""
    return [chapter for chapter in told if chapter.kind]


def _in_order(events: Sequence[CallEvent]) -> list[tuple[datetime, CallEvent]]:
    """Put a status that came late where it belongs, by Twilio's clock; all else stays as it was written."""
    furthest, placed = 0, []
    for event in events:
        moment = event.at
        if event.kind == EventKind.STATUS:
            place = rank(event.data.get("status", ""))
            reported = event.data.get("reported_at")
            if place < furthest and reported:
                moment = min(moment, datetime.fromisoformat(reported))
            furthest = max(furthest, place)
        placed.append((moment, event))
    return sorted(placed, key=lambda pair: pair[0])


class _Story:
    """The story so far."""

    def __init__(self, call: Call, show: Show, show_text: Show) -> None:
        self.call, self.show, self.show_text = call, show, show_text
        self.is_over = False
        goes_out = call.direction.startswith("outbound")
        title = _("The call goes out") if goes_out else _("The call comes in")
        self.chapters = [Chapter(title, "ring_volume", timedelta(0))]

    def tell(self, moment: datetime, event: CallEvent) -> None:
        since = max(moment - self.call.started_at, timedelta(0))
        data = event.data
        if event.kind == EventKind.ENTERED:
            self._turn_to(_named(data), since, kind=str(data.get("kind", "")))
            return
        ends = event.kind == EventKind.ENDED or (event.kind == EventKind.STATUS and data.get("status") in FINAL)
        entry = replace(told(event, show=self.show, show_text=self.show_text), since=since)
        if ends and not self.is_over:
            self.is_over = True
            self._turn_to(_("The call ends"), since, icon="call_end")
        self.chapters[-1].entries.append(entry)

    def _turn_to(self, title: str, since: timedelta, *, kind: str = "", icon: str = "") -> None:
        self.chapters[-1].took = since - self.chapters[-1].since
        self.chapters.append(
            Chapter(
                title=title,
                icon=icon or STEP_ICONS.get(kind, "radio_button_checked"),
                since=since,
                kind=kind.replace("_", " "),
                anchor=f"part-{len(self.chapters)}",
            )
        )

    def closed(self) -> list[Chapter]:
        told = [chapter for chapter in self.chapters if chapter.entries or chapter.anchor]
        if told and told[-1].kind and self.call.ended_at:
            told[-1].took = max(self.call.ended_at - self.call.started_at - told[-1].since, timedelta(0))
        whole = sum((chapter.took or timedelta(0) for chapter in told if chapter.kind), timedelta(0))
        for chapter in told:
            if whole and chapter.took and chapter.kind:
                chapter.share = round(100 * (chapter.took / whole), 1)
        return told


def _named(data: dict[str, Any]) -> str:
    return str(data.get("name") or _("Step %(step)s") % {"step": data.get("step")})


def _entry(event: CallEvent, since: timedelta, show: Show) -> Entry:
    """Put one event into words."""
    data = event.data
    match event.kind:
        case EventKind.BEGAN if not data.get("line"):
            return Entry(since, "call_made", "us", _("Picked up, and walks a flow of ours"), note=_began(data))
        case EventKind.BEGAN:
            return Entry(since, "call_received", "us", _("Came in on “%(line)s”") % data, note=_began(data))
        case EventKind.HEARD if data.get("audio"):
            return Entry(since, "volume_up", "us", _("The caller heard a sound"), audio=str(data["audio"]))
        case EventKind.HEARD:
            note = " · ".join(str(data[name]) for name in ("language", "voice") if data.get(name))
            text = strip_tags(str(data.get("text", "")))
            return Entry(since, "volume_up", "us", _("The caller heard"), text=text, note=note)
        case EventKind.PRESSED:
            return Entry(since, "dialpad", "caller", _("The caller pressed"), keys=str(data.get("digits", "")))
        case EventKind.SPOKE:
            return Entry(since, "mic", "caller", _("The caller said"), text=str(data.get("text", "")), note=_sure(data))
        case EventKind.SILENT:
            return Entry(since, "hourglass_empty", "caller", _("The caller did nothing"))
        case EventKind.LEFT:
            return Entry(since, "arrow_forward", "us", _("Went on by “%(exit)s”") % data)
        case EventKind.RANG:
            text = ", ".join(show(str(target)) for target in data.get("targets", []))
            return Entry(since, "ring_volume", "us", _("Rang"), text=text)
        case EventKind.DIALED:
            return _dialed(data, since)
        case EventKind.SCREENED:
            return Entry(since, "how_to_reg", "good", _("The called person pressed a key to take the call"))
        case EventKind.ANSWERED:
            return Entry(since, "code", "network", _("What we sent to Twilio"), code=str(data.get("twiml", "")))
        case EventKind.STATUS:
            return _status(data, since)
        case EventKind.RECORDING:
            return _recording(data, since)
        case EventKind.VOICEMAIL:
            title = _("Left a voicemail in %(mailbox)s") % data
            return Entry(since, "voicemail", "good", title, recording=str(data.get("recording", "")))
        case EventKind.MISSED:
            return Entry(since, "phone_missed", "bad", _("Left no message in %(mailbox)s") % data)
        case EventKind.CORRECTED:
            title = _("Corrected: Twilio says it is %(status)s") % data
            return Entry(since, "published_with_changes", "network", title, note=_("No callback had told us."))
        case EventKind.SENT_AWAY if "to" in data:
            return Entry(since, "call_split", "us", _("Sent away to"), text=show(str(data["to"])))
        case EventKind.SENT_AWAY:
            voice = "good" if data.get("outcome") == "in-progress" else "bad"
            title = _("There: %(outcome)s") % {"outcome": data.get("outcome", "")}
            return Entry(since, "call_split", voice, title, note=str(data.get("code", "")))
        case EventKind.FAILED:
            return Entry(since, "error", "bad", str(data.get("what", "")), text=str(data.get("detail", "")))
        case EventKind.ENDED:
            return Entry(since, "flag", "us", _("The flow ended: %(reason)s") % {"reason": data.get("reason", "")})
        case kind if kind in talks.KINDS:
            icon, voice, title, text, note = talks.words(kind, data)
            return Entry(since, icon, voice, title, text=text, note=note)
        case _:
            return Entry(since, "info", "network", str(event.get_kind_display()))


def _began(data: dict[str, Any]) -> str:
    return _("Flow %(flow)s, version %(version)s") % {"flow": data.get("flow"), "version": data.get("version")}


def _sure(data: dict[str, Any]) -> str:
    confidence = data.get("confidence")
    return "" if confidence is None else _("understood with %(share)d %% certainty") % {"share": confidence * 100}


def _dialed(data: dict[str, Any], since: timedelta) -> Entry:
    seconds = data.get("seconds")
    match str(data.get("status")), data.get("bridged"):
        case (("completed" | "answered"), (True | None)):
            talked = ngettext("Talked for %(n)d second", "Talked for %(n)d seconds", seconds or 0) % {"n": seconds or 0}
            return Entry(since, "phone_in_talk", "good", talked if seconds else _("They talked"))
        case (("completed" | "answered"), False):
            return Entry(since, "phone_missed", "bad", _("Picked up, but did not take the call"))
        case "busy", _bridged:
            return Entry(since, "phone_locked", "bad", _("The line was busy"))
        case "no-answer", _bridged:
            return Entry(since, "phone_missed", "bad", _("Nobody answered"))
        case "canceled", _bridged:
            return Entry(since, "phone_missed", "bad", _("The caller hung up while it rang"))
        case status, _bridged:
            return Entry(since, "phone_disabled", "bad", _("Could not be reached (%(status)s)") % {"status": status})


def _status(data: dict[str, Any], since: timedelta) -> Entry:
    status = str(data.get("status", ""))
    icon = "call_end" if status in FINAL else "sync_alt"
    return Entry(since, icon, "network", _("Twilio reports: %(status)s") % {"status": status})


def _recording(data: dict[str, Any], since: timedelta) -> Entry:
    seconds = data.get("seconds")
    words = {
        "ready": _("The recording is ready at Twilio"),
        "stored": _("The recording is in our storage"),
        "fetched": _("The recording is in our storage"),  # written before there were more states
        "cleared": _("The recording was deleted at Twilio"),
        "transcribed": _("There is a transcript"),
        "failed": _("The work on the recording failed; it is tried again"),
        "absent": _("There is no usable recording"),
        "deleted": _("The recording was deleted"),
    }
    status = str(data.get("status", ""))
    return Entry(
        since,
        "graphic_eq",
        "bad" if status in {"failed", "absent"} else "network",
        words.get(status, status),
        text=str(data.get("detail", "")),
        note="" if seconds is None else ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds},
    )
