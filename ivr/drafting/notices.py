"""The e-mail that tells what became of something that was proposed, or planned, to be published."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from agents.models import User
from ivr.models import Release
from ivr.states import ReleaseState
from telephony import callbacks

MAY_APPROVE = "ivr.approve_flow"


def approvers() -> Iterator[User]:
    """Give everybody who may approve what others want to publish."""
    rows = User.objects.with_perm(MAY_APPROVE, backend="django.contrib.auth.backends.ModelBackend")
    yield from rows.filter(is_active=True, is_staff=True).order_by("pk")


def of_release(release: Release) -> EmailMultiAlternatives | None:
    """Write to those who should know: whoever may approve a proposal, then whoever has proposed or planned it.

    One e-mail for all of them, so that nobody gets it again because somebody else's could not be sent. A worker that is
    killed right after sending sends it once more: its name stays the same, by which mail servers know it again.
    """
    text, why, people = _told(release)
    addresses = list(dict.fromkeys(person.email for person in people if person.is_active and person.email))
    if not addresses:
        return None
    flow = " ".join(release.flow.name.split())  # a header has one line
    subject = text % {"flow": flow}
    context = {
        "subject": subject,
        "release": release,
        "why": why,
        "link": callbacks.plain("admin:ivr_flow_release", flow=release.flow_id, release=release.pk),
    }
    name = f"<release-{release.pk}-{release.state}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}>"
    text_part = render_to_string("mail/release.txt", context)
    message = EmailMultiAlternatives(subject, text_part, to=addresses, headers={"Message-ID": name})
    message.attach_alternative(render_to_string("mail/release.html", context), "text/html")
    return message


def _told(release: Release) -> tuple[str, str, list[User]]:
    """Give the subject, why somebody is told, and whom: not who has done it themselves."""
    own = _("You get this because you want to publish it.")
    proposer = [release.proposed_by] if release.proposed_by else []
    both = [*proposer, *([release.approved_by] if release.approved_by else [])]
    match release.state:
        case ReleaseState.PROPOSED:
            others = [person for person in approvers() if person.pk != release.proposed_by_id]
            return (
                _("%(flow)s: a new version waits for approval"),
                _("You get this because you may approve it."),
                others,
            )
        case ReleaseState.PLANNED:
            return _("%(flow)s: the new version is approved, and comes at its time"), own, proposer
        case ReleaseState.PUBLISHED:
            return _("%(flow)s: callers meet the new version"), own, proposer
        case ReleaseState.DECLINED:
            return _("%(flow)s: the new version is declined"), own, proposer
        case ReleaseState.FAILED:
            why = _("You get this because you want to publish it, or have approved it.")
            return _("%(flow)s: the new version could not be published"), why, both
        case _:
            others = [person for person in both if person.pk != release.ended_by_id]
            return _("%(flow)s: the new version was taken back"), own, others
