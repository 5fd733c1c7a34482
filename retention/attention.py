"""What needs somebody, for the first page of the admin."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import User
from compliance.models import Hold
from recordings.models import Discard, Recording
from retention.models import Erasure, Finding, Run
from retention.states import ErasureState, RunState


def needed(user: User) -> list[dict[str, str]]:
    """Tell, each in a sentence with its page, what waits for a person or does not come about; to who may see it."""
    found: list[dict[str, str]] = []

    def tell(count: int, one: str, many: str, address: str, query: str = "") -> None:
        if count:
            url = reverse(f"admin:{address}_changelist") + query
            found.append({"text": ngettext(one, many, count) % {"number": count}, "url": url})

    if user.has_perm("compliance.view_hold"):
        tell(
            Hold.objects.due(on=timezone.localdate()).count(),
            _("%(number)d legal hold is to be reviewed."),
            _("%(number)d legal holds are to be reviewed."),
            "compliance_hold",
            "?state=due",
        )
    if user.has_perm("retention.view_run"):
        tell(
            Run.objects.filter(state=RunState.WAITING).count(),
            _("%(number)d retention rule would remove so much that somebody has to type the number first."),
            _("%(number)d retention rules would remove so much that somebody has to type the number first."),
            "retention_run",
            f"?state__exact={RunState.WAITING}",
        )
    if user.has_perm("retention.view_erasure"):
        waiting = Q(state=ErasureState.FOUND) | ~Q(trouble="")
        tell(
            Erasure.objects.open().filter(waiting).count(),
            _("%(number)d erasure of a person waits for somebody, or does not go on."),
            _("%(number)d erasures of persons wait for somebody, or do not go on."),
            "retention_erasure",
        )
    if user.has_perm("retention.view_finding"):
        tell(
            Finding.objects.open().count(),
            _("%(number)d thing lies in the storage or at Twilio alone, or is missing there."),
            _("%(number)d things lie in the storage or at Twilio alone, or are missing there."),
            "retention_finding",
            "?state__exact=open",
        )
    if user.has_perm("retention.view_run"):
        stuck = Recording.objects.purging().exclude(failure="").count() + Discard.objects.exclude(failure="").count()
        tell(
            stuck,
            _("%(number)d deleted recording is not gone yet in the storage or at Twilio; it is tried again."),
            _("%(number)d deleted recordings are not gone yet in the storage or at Twilio; it is tried again."),
            "recordings_recording",
            "?state__exact=deleted",
        )
    return found
