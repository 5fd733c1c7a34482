"""Publishing a flow: what would change for whom, at once or at a time, alone or by two; and going back."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ivr import actions
from ivr.actions import releasing
from ivr.admin import previews
from ivr.drafting.drafts import compile_draft
from ivr.forms.publishing import NoteForm
from ivr.models import Flow, Release, Version

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

REFUSALS = (actions.HasErrors, actions.ScenariosFail, actions.NeedsApproval, releasing.TimeIsOver)


def publish(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show what publishing the draft would mean; publish it, plan it, or propose it."""
    found = get_object_or_404(Flow.objects.select_related("published"), pk=flow)
    require(request, model_admin, found)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _carried_out(request, found, form.cleaned_data):
        return to_flow(found)
    return page(request, model_admin, "admin/ivr/publish.html", versions_context(request, found, form))


def version(request: HttpRequest, flow: int, number: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show an old version, and publish it again on request."""
    found = get_object_or_404(Version.objects.select_related("flow__published"), flow=flow, number=number)
    if not model_admin.has_view_permission(request, found.flow):
        raise PermissionDenied
    form = NoteForm(request.POST or None, initial={"note": _("Back to version %(number)s") % {"number": number}})
    if request.method == "POST":
        require(request, model_admin, found.flow)
        if form.is_valid() and _carried_out(request, found.flow, form.cleaned_data, restores=found):
            return to_flow(found.flow)
    context = {
        **previews.preview(found.flow, found.document, at=now()),
        **previews.rights(request),
        "may_despite": request.user.has_perm("ivr.publish_flow"),  # whoever goes back needs a reason only
        "title": str(found),
        "form": form,
        "version": found,
        "release": Release.objects.filter(version=found).select_related("approved_by").defer("document").first(),
        "rows": previews.rows(found.document),
        "is_present": found.flow.published_id == found.pk,
        "zone": previews.zone(),
    }
    return page(request, model_admin, "admin/ivr/version.html", context)


def undo(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Go back to the version that callers met before the one that is named."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = get_object_or_404(Flow, pk=flow)
    require(request, model_admin, found)
    given = request.POST.get("number", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    try:
        outcome = releasing.undo(found, number=number, by=previews.author(request), at=now())
    except releasing.NotTheLast:
        messages.error(request, _("Nothing is undone: callers meet another version by now."))
    except actions.NothingChanges:
        messages.error(request, _("Nothing is undone: the version before was the same."))
    except (actions.HasErrors, actions.ScenariosFail) as refusal:
        messages.error(request, _("Not undone: %(why)s") % {"why": refusal})
    else:
        _tell(request, outcome)
    return to_flow(found)


def versions_context(request: HttpRequest, flow: Flow, form: NoteForm | None = None) -> dict[str, Any]:
    """Give all that the page and the panel of a flow's versions show."""
    at = now()
    draft = compile_draft(flow)
    return {
        **previews.preview(flow, draft, at=at),
        **previews.listed(flow, at=at),
        **previews.rights(request),
        "title": _("Publish flow %(flow)s") % {"flow": flow},
        "form": form or NoteForm(),
        "zone": previews.zone(),
        "step_links": True,
    }


def require(request: HttpRequest, model_admin: "FlowAdmin", flow: Flow) -> None:
    if not (model_admin.has_view_permission(request, flow) and request.user.has_perm("ivr.publish_flow")):
        raise PermissionDenied


def page(request: HttpRequest, model_admin: "FlowAdmin", template: str, context: dict[str, Any]) -> HttpResponse:
    shared = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, template, {**shared, "opts": model_admin.opts, **context})


def to_flow(flow: Flow) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:ivr_flow_change", args=[flow.pk]))


def _carried_out(request: HttpRequest, flow: Flow, wanted: dict[str, Any], *, restores: Version | None = None) -> bool:
    """Publish, plan or propose what was asked for, and tell the person; False where something is in the way."""
    person, at = previews.author(request), now()
    note, despite, publish_at = wanted["note"], wanted["despite"], wanted["publish_at"]
    try:
        if flow.needs_approval or publish_at:
            outcome: Version | Release = releasing.propose(
                flow, by=person, note=note, despite=despite, at=at, publish_at=publish_at, restores=restores
            )
        elif restores:
            outcome = actions.restore(restores, by=person, note=note, despite=despite, at=at)
        else:
            outcome = actions.publish(flow, by=person, note=note, despite=despite, at=at)
    except actions.NothingChanges as refusal:
        met = _("Callers meet exactly this already: %(version)s. Nothing was published.")
        messages.info(request, _undoable(request, met, refusal.version))
        return True
    except REFUSALS as refusal:
        messages.error(request, _why_not(refusal))
        return False
    _tell(request, outcome)
    return True


def _why_not(refusal: Exception) -> str:
    match refusal:
        case actions.HasErrors():
            return _("Not published: there are errors.")
        case actions.ScenariosFail():
            return _("Not published: scenarios fail. Look at them, or write why it should be published all the same.")
        case actions.NeedsApproval():
            return _("Not published: a second person has to approve this flow's versions by now. Propose it.")
        case _:
            return _("Not planned: this time is over.")


def _tell(request: HttpRequest, outcome: Version | Release) -> None:
    match outcome:
        case Version(restored_from=None):
            messages.success(request, _undoable(request, _("Published: new calls now meet %(version)s."), outcome))
        case Version():
            messages.success(request, _undoable(request, _("Restored: new calls now meet %(version)s."), outcome))
        case Release(state="planned"):
            when = previews.written(outcome.publish_at)
            messages.success(request, _("Planned: it is published on %(when)s, as it is now.") % {"when": when})
        case Release():
            told = _("Proposed: callers meet it once somebody else has approved it. They are told by e-mail.")
            messages.success(request, told)


def _undoable(request: HttpRequest, text: str, version: Version) -> str:
    """Tell of a new version, with a button that takes it back."""
    told = text % {"version": version}
    if version.number < 2:
        return told
    return format_html(
        '{} <form method="post" action="{}" class="cc-undo"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="number" value="{}"><button class="cc-button">{}</button></form>',
        told,
        reverse("admin:ivr_flow_undo", args=[version.flow_id]),
        get_token(request),
        version.number,
        _("Undo publishing"),
    )
