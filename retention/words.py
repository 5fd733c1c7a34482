"""Rules, items and states in plain words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.models import Team
from compliance.keeping import Rule
from compliance.states import Kept
from queues.models import Queue
from telephony import numbers

KINDS: Mapping[Kept, Promise | str] = {
    Kept.VOICEMAIL: gettext_lazy("voicemails"),
    Kept.RECORDING: gettext_lazy("recordings"),
    Kept.REDACTED: gettext_lazy("redacted copies"),
    Kept.TRANSCRIPT: gettext_lazy("transcripts"),
    Kept.CALL: gettext_lazy("calls"),
    Kept.DELIVERY: gettext_lazy("requests from Twilio"),
    Kept.EVENT: gettext_lazy("histories of calls"),
}


def sentence(rule: Rule) -> str:
    """Say what a rule does: "Recordings of the queue Sales go after 30 days." Asks for names."""
    what = str(KINDS[rule.kind])
    scope = scope_of(rule)
    whole = _("%(what)s of %(scope)s") % {"what": what, "scope": scope} if scope else _("all %(what)s") % {"what": what}
    if rule.days is None:
        text = _("%(what)s are kept until somebody deletes them.") % {"what": whole}
    else:
        text = ngettext("%(what)s go after %(days)d day.", "%(what)s go after %(days)d days.", rule.days) % {
            "what": whole,
            "days": rule.days,
        }
    return (text[:1].upper() + text[1:])[:255]


def scope_of(rule: Rule) -> str:
    """Name what a rule is for; nothing where it is for everything."""
    named = []
    if rule.number:
        named.append(_("the number %(number)s") % {"number": numbers.show(rule.number)})
    if rule.queue is not None:
        named.append(_("the queue %(queue)s") % {"queue": _name(Queue, rule.queue)})
    if rule.team is not None:
        named.append(_("the team %(team)s") % {"team": _name(Team, rule.team)})
    return _(" and ").join(named)


def _name(model: type[Queue] | type[Team], pk: int) -> str:
    return model._default_manager.filter(pk=pk).values_list("name", flat=True).first() or _("that is gone")
