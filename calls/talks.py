"""Queues, conversations and recording in words: icon, whose part it is, a sentence. No queries."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.models import EventKind


class Words(NamedTuple):
    icon: str
    voice: str
    title: str
    text: str = ""
    note: str = ""


KINDS = frozenset(
    {
        *(EventKind.QUEUED, EventKind.UNQUEUED, EventKind.OFFERED, EventKind.UNTAKEN, EventKind.CALLBACK),
        *(EventKind.JOINED, EventKind.DEPARTED, EventKind.TURNED, EventKind.SUPERVISED),
        *(EventKind.PLACED, EventKind.MACHINE, EventKind.TEXT),
        *(EventKind.CONSENT, EventKind.RECORDER, EventKind.LOOKED_UP, EventKind.KNOWN),
    }
)

# By the word of the event: icon, and what is told of %(who)s and %(whom)s.
_TURNS: Mapping[str, tuple[str, Promise]] = {
    "hold": ("pause_circle", gettext_lazy("%(who)s put the caller on hold")),
    "unhold": ("play_circle", gettext_lazy("%(who)s took the caller off hold")),
    "consult": ("forum", gettext_lazy("%(who)s asks a colleague, the caller hears music")),
    "hand-over": ("phone_forwarded", gettext_lazy("%(who)s hands the caller over")),
    "swap": ("swap_horiz", gettext_lazy("%(who)s changed between the caller and the colleague")),
    "merge": ("groups", gettext_lazy("%(who)s brought all together")),
    "complete": ("check_circle", gettext_lazy("%(who)s left the caller to the colleague")),
    "cancel": ("undo", gettext_lazy("%(who)s went back to the caller")),
    "send-away": ("alt_route", gettext_lazy("%(who)s sent the caller on")),
    "hang-up": ("call_end", gettext_lazy("%(who)s hung up")),
    "give-back": ("undo", gettext_lazy("%(who)s gave the caller back to the queue")),
    "remove": ("person_remove", gettext_lazy("%(who)s sent %(whom)s out")),
    "add": ("person_add", gettext_lazy("%(who)s asks somebody into the talk")),
    "rejoin": ("phone_callback", gettext_lazy("%(who)s is rung to come back")),
    "take-over": ("supervisor_account", gettext_lazy("%(who)s took over")),
    "help": ("support", gettext_lazy("%(who)s asked for help")),
    "help-answered": ("support", gettext_lazy("%(who)s answered the call for help")),
    "lost": ("signal_disconnected", gettext_lazy("The phone broke off, and the caller hears “one moment”")),
    "returned": ("undo", gettext_lazy("Nobody took the caller: the sender is rung again")),
    "requeued": ("low_priority", gettext_lazy("The caller goes back to the head of the queue")),
}
_BAD_TURNS = {"lost", "returned", "requeued", "help"}

_OUTCOMES: Mapping[str, Promise] = {
    "declined": gettext_lazy("declined"),
    "no-answer": gettext_lazy("did not answer"),
    "missed": gettext_lazy("did not answer"),
    "busy": gettext_lazy("was busy"),
    "failed": gettext_lazy("could not be rung"),
    "not-accepted": gettext_lazy("picked up, but pressed no key"),
    "withdrawn": gettext_lazy("was not needed any more"),
    "hung-up": gettext_lazy("hung up"),
    "released": gettext_lazy("was let go"),
    "lost": gettext_lazy("the phone broke off"),
}
_MODES: Mapping[str, Promise] = {
    "listen": gettext_lazy("%(who)s listens"),
    "coach": gettext_lazy("%(who)s coaches: only the agent hears it"),
    "barge": gettext_lazy("%(who)s is in the talk"),
}

# By the answer: icon, whose part it is where a customer gave it, and what is told of %(who)s.
_ANSWERS: Mapping[str, tuple[str, str, Promise]] = {
    "told": ("campaign", "us", gettext_lazy("%(who)s was told of the recording")),
    "agreed": ("how_to_reg", "good", gettext_lazy("%(who)s agreed to be recorded")),
    "refused": ("block", "caller", gettext_lazy("%(who)s does not want to be recorded")),
    "silent": ("hourglass_empty", "caller", gettext_lazy("%(who)s was asked about recording, and did not answer")),
    "withdrawn": ("undo", "caller", gettext_lazy("%(who)s took back the consent to be recorded")),
}
_PARTIES: Mapping[str, Promise] = {
    "customer": gettext_lazy("The caller"),
    "outside": gettext_lazy("Somebody from outside"),
    "colleague": gettext_lazy("A colleague"),
}
_RECORDERS: Mapping[str, tuple[str, str, Promise]] = {
    "wanted": ("radio_button_unchecked", "network", gettext_lazy("Recording is to begin")),
    "running": ("radio_button_checked", "us", gettext_lazy("Recording is on")),
    "paused": ("pause_circle", "us", gettext_lazy("Recording is paused")),
    "stopped": ("stop_circle", "us", gettext_lazy("Recording has ended")),
    "failed": ("error", "bad", gettext_lazy("Twilio would not record")),
}
_PLACED: Mapping[str, Promise] = {
    "click": gettext_lazy("An agent calls this number"),
    "flow": gettext_lazy("This number is called, to walk a flow"),
}
_ANSWERED_BY: Mapping[str, tuple[str, Promise]] = {
    "human": ("record_voice_over", gettext_lazy("A person answered")),
    "unknown": ("help", gettext_lazy("Whether a person answered is not sure: it counts as one")),
    "fax": ("fax", gettext_lazy("A fax machine answered")),
}
_A_MACHINE = ("voicemail", gettext_lazy("An answering machine answered"))
_PAUSES: Mapping[str, Promise] = {
    "agent": gettext_lazy("by hand"),
    "hold": gettext_lazy("the caller hears music"),
    "wait": gettext_lazy("the caller waits"),
    "digits": gettext_lazy("digits are entered that nobody may keep"),
    "payment": gettext_lazy("a payment is made"),
    "asking": gettext_lazy("somebody is there who has not agreed"),
}


def words(kind: str, data: Mapping[str, Any]) -> Words:
    """Put one event of the kinds above into words."""
    who, by, outcome, queue, why = (str(data.get(name, "")) for name in ("who", "by", "outcome", "queue", "why"))
    match kind:
        case EventKind.QUEUED:
            title = _("Waits in the queue “%(queue)s”") % {"queue": queue}
            place = _("place %(place)s in line") % {"place": data.get("position", "?")}
            return Words("hourglass_top", "us", title, why, place)
        case EventKind.UNQUEUED:
            title = _("Left the queue “%(queue)s”") % {"queue": queue}
            voice = "good" if why == "answered" else "us"
            return Words("hourglass_bottom", voice, title, why, _waited(data.get("seconds")))
        case EventKind.OFFERED:
            return Words("ring_volume", "us", _("Rang %(agent)s") % {"agent": data.get("agent", "")}, why, queue)
        case EventKind.UNTAKEN:
            title = _("%(who)s did not take the call") % {"who": who}
            return Words("phone_missed", "bad", title, note=_outcome(outcome))
        case EventKind.JOINED if data.get("role") == "customer":
            return Words("login", "good", _("The caller is in the conversation"))
        case EventKind.JOINED:
            return Words("login", "good", _("%(who)s is in the conversation") % {"who": who})
        case EventKind.DEPARTED if data.get("role") == "customer":
            return Words("logout", "caller", _("The caller left the conversation"), _outcome(outcome))
        case EventKind.DEPARTED:
            voice = "bad" if outcome == "lost" else "us"
            return Words("logout", voice, _("%(who)s left the conversation") % {"who": who}, _outcome(outcome))
        case EventKind.SUPERVISED:
            mode = _MODES.get(str(data.get("mode")), gettext_lazy("%(who)s supervises"))
            note = _("the agent was told") if data.get("told") else _("the agent was not told")
            return Words("hearing", "us", str(mode) % {"who": who}, note=note)
        case EventKind.TURNED:
            what = str(data.get("what", ""))
            icon, sentence = _TURNS.get(what, ("info", gettext_lazy("The conversation has changed")))
            voice = "bad" if what in _BAD_TURNS else "us"
            note = _("pressed by %(who)s") % {"who": data["by"]} if data.get("by") else ""
            return Words(icon, voice, str(sentence) % {"who": who, "whom": data.get("whom", "")}, note=note)
        case EventKind.CONSENT:
            return _consent(data)
        case EventKind.RECORDER:
            return _recorder(data)
        case EventKind.PLACED:
            title = str(_PLACED.get(why, gettext_lazy("This number is called")))
            return Words("call_made", "us", title, note=_("ordered by %(who)s") % {"who": by} if by else "")
        case EventKind.MACHINE:
            icon, sentence = _ANSWERED_BY.get(str(data.get("answered_by", "")), _A_MACHINE)
            return Words(icon, "network", str(sentence), note=_after(data.get("milliseconds")))
        case EventKind.KNOWN:
            return _known(data)
        case EventKind.LOOKED_UP:
            return _looked_up(data)
        case EventKind.TEXT:
            return _text(data)
        case _:
            title = _("Call back: %(what)s") % {"what": data.get("what", "")}
            return Words("phone_callback", "us", title, str(data.get("number", "")))


# What became of a text: icon, whose part it is, a sentence.
_TEXTS: Mapping[str, tuple[str, str, Promise]] = {
    "wanted": ("sms", "us", gettext_lazy("A text is sent")),
    "not-sent": ("sms_failed", "bad", gettext_lazy("A text is not sent")),
    "delivered": ("mark_chat_read", "network", gettext_lazy("The text has arrived")),
    "read": ("mark_chat_read", "network", gettext_lazy("The text was read")),
    "undelivered": ("sms_failed", "bad", gettext_lazy("The text did not arrive")),
    "failed": ("sms_failed", "bad", gettext_lazy("The text could not be sent")),
}
_TEXTS_FOR: Mapping[str, Promise] = {
    "flow": gettext_lazy("by a step of the flow"),
    "fallback": gettext_lazy("in place of the call"),
    "agent": gettext_lazy("by an agent"),
    "api": gettext_lazy("by another system"),
}


def _text(data: Mapping[str, Any]) -> Words:
    what = str(data.get("what", ""))
    icon, voice, title = _TEXTS.get(what, ("sms", "network", gettext_lazy("News of a text")))
    rule = str(data.get("rule", ""))
    note = str(_TEXTS_FOR.get(str(data.get("why", "")), "")) if what in ("wanted", "not-sent") else ""
    return Words(icon, voice, str(title), text=rule.replace("-", " "), note=note)


def _consent(data: Mapping[str, Any]) -> Words:
    party, name, answer = (str(data.get(key, "")) for key in ("party", "who", "answer"))
    icon, voice, sentence = _ANSWERS.get(answer, ("info", "us", gettext_lazy("%(who)s answered about recording")))
    who = name if name and party != "customer" else _PARTIES.get(party, party)
    note = _("policy %(policy)s") % {"policy": data.get("policy", "")}
    return Words(icon, voice if party == "customer" else "us", str(sentence) % {"who": who}, note=note)


def _recorder(data: Mapping[str, Any]) -> Words:
    what, leg = str(data.get("what", "")), str(data.get("leg", ""))
    icon, voice, title = _RECORDERS.get(what, ("info", "network", gettext_lazy("The recording has changed")))
    line = _("the caller's line") if leg in ("", "customer") else _("the line of %(who)s") % {"who": leg}
    note = _("%(line)s, policy %(policy)s") % {"line": line, "policy": data.get("policy", "")}
    pauses = [str(_PAUSES.get(reason, reason)) for reason in str(data.get("why", "")).split()]
    return Words(icon, voice, str(title), "; ".join(pauses) or str(data.get("detail", "")), note)


def _known(data: Mapping[str, Any]) -> Words:
    matches = data.get("matches")
    several = isinstance(matches, int) and matches > 1
    text = _("%(n)d contacts have this number") % {"n": matches} if several else ""
    return Words("contacts", "us", _("The caller is a known contact"), text)


def _looked_up(data: Mapping[str, Any]) -> Words:
    source, milliseconds = data.get("source", ""), data.get("milliseconds")
    took = "" if milliseconds is None else _("after %(n)d ms") % {"n": milliseconds}
    if data.get("outcome") == "answered":
        return Words("dns", "good", _("“%(source)s” answered") % {"source": source}, note=took)
    title = _("No usable answer from “%(source)s”") % {"source": source}
    return Words("dns", "bad", title, str(data.get("trouble", "")), took)


def _outcome(word: str) -> str:
    return str(_OUTCOMES.get(word, word))


def _waited(seconds: Any) -> str:
    if not isinstance(seconds, int):
        return ""
    return ngettext("after %(n)d second", "after %(n)d seconds", seconds) % {"n": seconds}


def _after(milliseconds: Any) -> str:
    if not isinstance(milliseconds, int):
        return ""
    return _("Twilio could tell after %(seconds).1f seconds") % {"seconds": milliseconds / 1000}
