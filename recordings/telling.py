"""The work list in words: how much somebody left, and what came of calling back."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from agents.models import User
from conferences.states import Outcome
from recordings.models import Return
from recordings.states import ReturnState

A_WEEK = timedelta(days=6)  # for so long the name of a day says which day it was

OUTCOMES = {
    Outcome.NO_ANSWER: gettext_lazy("no answer"),
    Outcome.BUSY: gettext_lazy("busy"),
    Outcome.DECLINED: gettext_lazy("declined"),
    Outcome.FAILED: gettext_lazy("the number could not be reached"),
    Outcome.WITHDRAWN: gettext_lazy("given up while it rang"),
}


def counted(messages: int, missed: int, *, first_at: datetime, last_at: datetime, at: datetime) -> str:
    """Say how much lies there since when: 3 messages, 2 missed calls since Monday."""
    parts = []
    if messages:
        parts.append(ngettext("%d message", "%d messages", messages) % messages)
    if missed:
        parts.append(ngettext("%d missed call", "%d missed calls", missed) % missed)
    what = ", ".join(parts)
    if messages + missed == 1:
        return _("%(what)s, %(when)s") % {"what": what, "when": when(last_at, at=at)}
    return _("%(what)s since %(when)s") % {"what": what, "when": when(first_at, at=at)}


def when(moment: datetime, *, at: datetime) -> str:
    """Say when something was, as short as it is clear: 10:42, yesterday 10:42, Monday 10:42, Mar 2, 10:42."""
    then, now = timezone.localtime(moment), timezone.localtime(at)
    time = date_format(then, "H:i")
    days = (now.date() - then.date()).days
    if days <= 0:
        return time
    if days == 1:
        return _("yesterday %(time)s") % {"time": time}
    return f"{date_format(then, 'l')} {time}" if timedelta(days=days) <= A_WEEK else date_format(then, "j M, H:i")


def attempted(attempt: Return, *, reader: User, at: datetime) -> str:
    """Say who is calling back, or how it ended."""
    is_reader = attempt.agent.user_id == reader.pk
    who = _("You") if is_reader else attempt.agent.name
    told = {"who": who, "when": when(attempt.asked_at, at=at)}
    match ReturnState(attempt.state):
        case ReturnState.RINGING | ReturnState.CALLING if is_reader:
            return _("You are calling now.")
        case ReturnState.RINGING | ReturnState.CALLING:
            return _("%(who)s is calling now.") % told
        case ReturnState.TALKING:
            return _("%(who)s and the caller are talking.") % told
        case ReturnState.TALKED:
            return _("%(who)s called back, %(when)s: they talked.") % told
        case ReturnState.BROKEN:
            return _("%(who)s called back, %(when)s: the line broke off.") % told
        case ReturnState.UNREACHED:
            why = OUTCOMES.get(Outcome(attempt.outcome), _("not reached"))
            return _("%(who)s called back, %(when)s: %(why)s.") % (told | {"why": why})
        case ReturnState.UNTAKEN:
            return _("%(who)s wanted to call back, %(when)s, and did not pick up.") % told


def language_name(code: str) -> str:
    """Give the name of a language by its tag: English for en-US."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
