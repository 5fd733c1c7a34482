"""What of flows needs somebody, for the first page of the admin."""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agents.models import User
from ivr.models import Release
from ivr.states import ReleaseState

#: how long it is told that something could not be published
FAILED_FOR = timedelta(days=7)
MOST = 10


def needed(user: User) -> list[dict[str, str]]:
    """Tell what waits for this person's approval, and what did not come about at its time; each with its page."""
    at = now()
    wanted = Q()
    if user.has_perm("ivr.approve_flow"):
        wanted |= Q(state=ReleaseState.PROPOSED) & ~Q(proposed_by=user)
    if user.has_perm("ivr.publish_flow"):
        overdue = Q(pk__in=Release.objects.overdue(at=at).values("pk"))
        failed = Q(state=ReleaseState.FAILED, ended_at__gte=at - FAILED_FOR)
        # whoever has published since has seen to it
        wanted |= overdue | failed & (
            Q(flow__published__isnull=True) | Q(flow__published__published_at__lt=F("ended_at"))
        )
    if not wanted:
        return []
    rows = Release.objects.filter(wanted).select_related("flow", "proposed_by").defer("document")
    return [_told(release) for release in rows.order_by("-proposed_at")[:MOST]]


def _told(release: Release) -> dict[str, str]:
    match release.state:
        case ReleaseState.PROPOSED:
            text = _("%(flow)s: a new version by %(who)s waits for your approval.")
        case ReleaseState.FAILED:
            text = _("%(flow)s: what was planned could not be published.")
        case _:
            text = _("%(flow)s: the time of what was planned is over, and it is not published. Is a worker running?")
    told = text % {"flow": release.flow, "who": release.proposed_by or _("somebody")}
    return {"text": told, "url": reverse("admin:ivr_flow_release", args=[release.flow_id, release.pk])}
