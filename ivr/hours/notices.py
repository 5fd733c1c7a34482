"""The e-mails about closures: that one lasts, that it ends soon, that it has ended by itself."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agents.models import User
from ivr.hours.reopening import What
from ivr.models import Closure, ClosureEvent
from telephony import callbacks

SUBJECTS: dict[What, str | Promise] = {
    "lasts": _("Still closed: %(reason)s"),
    "ends_soon": _("Opens again soon: %(reason)s"),
    "ended": _("Open again: %(reason)s"),
}


def of_closure(closure: Closure, what: What, addresses: list[str]) -> EmailMultiAlternatives:
    """Write the e-mail about a closure that was read with its schedules."""
    subject = " ".join((str(SUBJECTS[what]) % {"reason": closure.reason}).split())
    schedules = sorted(closure.schedules.all(), key=lambda schedule: schedule.name)
    context: dict[str, Any] = {
        "closure": closure,
        "names": ", ".join(schedule.name for schedule in schedules),
        "what": what,
        "subject": subject,
        "link": callbacks.plain("close"),
    }
    # on the clock of the place that is closed
    with timezone.override(ZoneInfo(schedules[0].time_zone) if schedules else None):
        message = EmailMultiAlternatives(subject, render_to_string("mail/closure.txt", context), to=addresses)
        message.attach_alternative(render_to_string("mail/closure.html", context), "text/html")
    return message


def addressees(closure: Closure) -> list[str]:
    """Give the addresses of those who closed, or moved the end; where they have none, of all who could open again."""
    hands = ClosureEvent.objects.filter(closure=closure, by__is_active=True).exclude(by__email="")
    found = set(hands.values_list("by__email", flat=True))
    if not found:
        able = User.objects.with_perm("ivr.close_now")
        found = set(able.filter(is_active=True).exclude(email="").values_list("email", flat=True))
    return sorted(found)
