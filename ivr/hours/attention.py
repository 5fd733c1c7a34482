"""What of the hours needs somebody: for the home page, and wherever somebody may close at once."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from agents.models import User
from ivr.hours import ahead
from ivr.models import Closure


def needed(user: User, *, at: datetime) -> list[dict[str, str]]:
    """Tell of years whose public holidays count for nothing yet, each in a sentence with its page."""
    if not user.has_perm("ivr.view_schedule"):
        return []
    return [
        {
            "text": sentence(one.schedule_name, one.year),
            "url": f"{reverse('admin:ivr_schedule_holidays', args=[one.schedule])}?year={one.year}",
        }
        for one in ahead.unconfirmed(at=at)
    ]


def sentence(schedule: str, year: int) -> str:
    """Say of a year that was not confirmed what callers meet until it is."""
    return _(
        "%(schedule)s: the public holidays of %(year)s are not confirmed. Until they are, callers meet the usual "
        "hours on those days."
    ) % {"schedule": schedule, "year": year}


def closures(user: User, *, at: datetime) -> QuerySet[Closure]:
    """Give what is closed at once now, the newest first; to who may see it."""
    if not user.has_perm("ivr.view_closure"):
        return Closure.objects.none()
    lasting = Closure.objects.lasting(at=at).order_by("-began_at", "-pk")
    return lasting.select_related("began_by", "prompt").prefetch_related("schedules")
