"""Retention rules in plain words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.states import Kept
from telephony import numbers

KINDS: Mapping[Kept, Promise | str] = {
    Kept.VOICEMAIL: gettext_lazy("voicemails"),
    Kept.RECORDING: gettext_lazy("recordings"),
    Kept.REDACTED: gettext_lazy("redacted copies"),
    Kept.TRANSCRIPT: gettext_lazy("transcripts"),
    Kept.CALL: gettext_lazy("calls"),
    Kept.DELIVERY: gettext_lazy("requests from Twilio"),
    Kept.EVENT: gettext_lazy("histories of calls"),
    Kept.TOLD: gettext_lazy("events for other systems"),
    Kept.SENT: gettext_lazy("logs of events sent"),
    Kept.TEXT: gettext_lazy("texts"),
}
# What else a person has to know who sets a rule of the kind.
MEANINGS: Mapping[Kept, Promise | str] = {
    Kept.VOICEMAIL: gettext_lazy("The message with its sound, its transcript, and its place in the mailbox."),
    Kept.RECORDING: gettext_lazy(
        "The sound of a talk, its redacted copy and its transcript; what consent there was, stays."
    ),
    Kept.REDACTED: gettext_lazy("The copy in which something is silent. The original stays until its own day."),
    Kept.TRANSCRIPT: gettext_lazy(
        "What was said as text, with what the search knows. The sound stays until its own day."
    ),
    Kept.CALL: gettext_lazy(
        "The call with its legs, history, consents and notes; not before the last of its recordings is gone."
    ),
    Kept.DELIVERY: gettext_lazy("What Twilio sent us, kept as evidence when something fails."),
    Kept.TOLD: gettext_lazy("What programs of others can ask for or have replayed; what was sent goes with it."),
    Kept.SENT: gettext_lazy("Each try to tell a subscriber, with what it answered. The event stays until its own day."),
    Kept.EVENT: gettext_lazy("What the page of a call tells step by step. The call itself stays until its own day."),
    Kept.TEXT: gettext_lazy("What was texted to us and by us, with its pictures, here and at Twilio."),
}


def sentence(kind: Kept, days: int | None, *, number: str = "", queue: str = "", team: str = "") -> str:
    """Say what a rule does: "Recordings of the queue Sales go after 30 days."."""
    what, scope = str(KINDS[kind]), scope_of(number=number, queue=queue, team=team)
    whole = _("%(what)s of %(scope)s") % {"what": what, "scope": scope} if scope else _("all %(what)s") % {"what": what}
    if days is None:
        text = _("%(what)s are kept until somebody deletes them.") % {"what": whole}
    else:
        words = ngettext("%(what)s go after %(days)d day.", "%(what)s go after %(days)d days.", days)
        text = words % {"what": whole, "days": days}
    return (text[:1].upper() + text[1:])[:255]


def scope_of(*, number: str = "", queue: str = "", team: str = "") -> str:
    """Name what a rule is for; nothing where it is for everything."""
    named = [
        words % {"name": name}
        for words, name in (
            (_("the number %(name)s"), numbers.show(number) if number else ""),
            (_("the queue %(name)s"), queue),
            (_("the team %(name)s"), team),
        )
        if name
    ]
    return _(" and ").join(named)
