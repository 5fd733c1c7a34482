"""What is on its way to callers: a proposal is approved or declined by somebody else, a plan is taken back."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agents.models import User
from ivr import actions
from ivr.actions import releasing
from ivr.admin import previews
from ivr.admin.publishing import page, to_flow
from ivr.drafting.drafts import compile_draft
from ivr.forms.publishing import DecisionForm
from ivr.models import Flow, Release

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

#: what each press needs
NEEDED = {"approve": "ivr.approve_flow", "decline": "ivr.approve_flow", "withdraw": "ivr.publish_flow"}


def release(request: HttpRequest, flow: int, release: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show what was proposed or planned, and take the decision about it."""
    found = get_object_or_404(
        Release.objects.select_related(
            "flow__published", "proposed_by", "approved_by", "ended_by", "version", "restores"
        ).defer("version__document", "restores__document"),
        flow=flow,
        pk=release,
    )
    if not model_admin.has_view_permission(request, found.flow):
        raise PermissionDenied
    what = request.POST.get("what", "")
    form = DecisionForm(what, request.POST if what else None)
    if request.method == "POST" and _decided(request, found, what, form):
        return HttpResponseRedirect(reverse("admin:ivr_flow_release", args=[flow, release]))
    at = now()
    context = {
        **previews.preview(found.flow, found.document, at=at),
        **previews.rights(request),
        **previews.timed(found, at=at),
        "title": _("%(flow)s: a version on its way") % {"flow": found.flow},
        "form": form,
        "is_own": found.proposed_by_id == request.user.pk,
        "has_changed": found.restores is None and releasing.fingerprint(compile_draft(found.flow)) != found.fingerprint,
        "newer": found.flow.published if _is_newer(found) else None,
        "zone": previews.zone(),
    }
    return page(request, model_admin, "admin/ivr/release.html", context)


def approval(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Say whether a second person has to approve what is published of a flow."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = get_object_or_404(Flow, pk=flow)
    person = previews.author(request)
    may = model_admin.has_view_permission(request, found) and request.user.has_perm("ivr.require_approval")
    if not may or person is None:
        raise PermissionDenied
    wanted = request.POST.get("wanted") == "yes"
    releasing.require_approval(found, wanted, by=person, at=now())
    messages.success(
        request,
        _("From now on a second person approves each version.")
        if wanted
        else _("From now on whoever may publish does so alone."),
    )
    return to_flow(found)


def _decided(request: HttpRequest, release: Release, what: str, form: DecisionForm) -> bool:
    """Carry out what was pressed, and tell the person; False where something is to be filled in or is in the way."""
    person = previews.author(request)
    if what not in NEEDED or person is None or not request.user.has_perm(NEEDED[what]):
        raise PermissionDenied
    if not form.is_valid():
        return False
    try:
        _decide(request, release, what, form.cleaned_data, person)
    except releasing.OwnProposal:
        messages.error(request, _("You have proposed this yourself: somebody else decides about it."))
    except releasing.NotOpen:
        messages.error(request, _("Nothing is changed: somebody else has decided about it, or its time has come."))
    except actions.HasErrors as refusal:
        messages.error(request, _("Not approved: %(why)s") % {"why": refusal})
    except actions.ScenariosFail:
        messages.error(request, _("Not approved: scenarios fail."))
    return True


def _decide(request: HttpRequest, release: Release, what: str, given: dict[str, str], person: User) -> None:
    at = now()
    match what:
        case "approve":
            done = releasing.approve(release, by=person, despite=given["despite"], at=at)
            if done.version:
                messages.success(request, _("Approved: new calls now meet %(version)s.") % {"version": done.version})
            else:
                when = previews.written(done.publish_at)
                messages.success(request, _("Approved: it is published on %(when)s.") % {"when": when})
        case "decline":
            releasing.decline(release, by=person, reason=given["reason"], at=at)
            messages.success(request, _("Declined. Whoever proposed it is told why."))
        case "withdraw":
            releasing.withdraw(release, by=person, reason=given["reason"], at=at)
            messages.success(request, _("Taken back: it will not be published."))


def _is_newer(release: Release) -> bool:
    """Whether a version was published since, which this one would take back again."""
    present = release.flow.published
    return release.is_open and present is not None and present.published_at > release.proposed_at
