"""Publishing a flow: what is wrong with the draft, what would change for whom, and going back to an older version."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextInputWidget

from agents.models import User
from ivr import actions, overview
from ivr.document import Document, parse
from ivr.drafts import compile_draft
from ivr.kinds import KINDS
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import Flow, Line, Step, Version, Visit
from ivr.references import REFERENCES

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Note",
        max_length=200,
        required=False,
        help_text="What you changed and why, for whoever looks at the versions later.",
        widget=UnfoldAdminTextInputWidget(),
    )


@dataclass(frozen=True, slots=True)
class Impact:
    """Who notices a new version."""

    lines: list[Line]
    callers: int


def publish(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show what publishing the draft would mean, and publish it."""
    found = get_object_or_404(Flow.objects.select_related("published"), pk=flow)
    _require(request, model_admin, found)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = actions.publish(found, by=_author(request), note=form.cleaned_data["note"], at=now())
        except actions.HasErrors:
            messages.error(request, _("Not published: there are errors."))
        else:
            messages.success(request, _("Published: new calls now meet %(version)s.") % {"version": fresh})
            return _to_flow(found)
    draft = compile_draft(found)
    problems = actions.check(draft, at=now())
    context = {
        "title": _("Publish flow %(flow)s") % {"flow": found},
        "form": form,
        "flow": found,
        "errors": _linked(problems, "error"),
        "warnings": _linked(problems, "warning"),
        "changes": _difference(found.published, draft),
        "unchanged": found.published is not None and found.published.document == draft,
        "impact": _impact(found),
    }
    return _page(request, model_admin, "admin/ivr/publish.html", context)


def version(request: HttpRequest, flow: int, number: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show an old version, and publish it again on request."""
    found = get_object_or_404(Version.objects.select_related("flow__published"), flow=flow, number=number)
    if not model_admin.has_view_permission(request, found.flow):
        raise PermissionDenied
    form = NoteForm(request.POST or None, initial={"note": _("Back to version %(number)s") % {"number": number}})
    if request.method == "POST":
        _require(request, model_admin, found.flow)
        if form.is_valid():
            try:
                fresh = actions.restore(found, by=_author(request), note=form.cleaned_data["note"], at=now())
            except actions.HasErrors as refused:
                messages.error(request, _("Not restored: %(why)s") % {"why": refused})
            else:
                messages.success(request, _("Restored: new calls now meet %(version)s.") % {"version": fresh})
                return _to_flow(found.flow)
    context = {
        "title": str(found),
        "form": form,
        "flow": found.flow,
        "version": found,
        "rows": _rows(found.document),
        "is_present": found.flow.published_id == found.pk,
        "may_publish": request.user.has_perm("ivr.publish_flow"),
        "changes": _difference(found.flow.published, found.document),
        "impact": _impact(found.flow),
        "problems": _linked(actions.check(found.document, at=now()), "error"),
    }
    return _page(request, model_admin, "admin/ivr/version.html", context)


def named(rows: list[overview.Row]) -> list[dict[str, Any]]:
    """Join the rows with the names of what they refer to."""
    names: dict[tuple[str, str], str] = {}
    for takes, (model, _gone) in REFERENCES.items():
        keys = {row.reference for row in rows if row.reference and takes == KINDS[row.kind].TAKES}
        if keys:
            names |= {(takes, str(found.pk)): str(found) for found in model._default_manager.filter(pk__in=keys)}
    return [{"row": row, "reference": names.get((KINDS[row.kind].TAKES, row.reference), "")} for row in rows]


def _rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    parsed = _parsed(document)
    return named(overview.rows(parsed)) if parsed else []


def _parsed(document: dict[str, Any]) -> Document | None:
    try:
        return parse(document)
    except Broken:
        return None


def _difference(old: Version | None, document: dict[str, Any]) -> list[overview.Change]:
    new = _parsed(document)
    return overview.difference(_parsed(old.document) if old else None, new) if new else []


def _linked(problems: tuple[Problem, ...], severity: str) -> list[dict[str, Any]]:
    keys = {problem.step for problem in problems if problem.step}
    present = {str(key) for key in Step.objects.filter(pk__in=keys).values_list("pk", flat=True)}
    return [
        {
            "text": problem.text,
            "url": reverse("admin:ivr_step_change", args=[problem.step]) if problem.step in present else "",
        }
        for problem in problems
        if problem.severity == severity
    ]


def _impact(flow: Flow) -> Impact:
    leading: dict[int, set[int]] = {}
    for here, there in Step.objects.filter(to_flow__isnull=False).values_list("flow_id", "to_flow_id"):
        leading.setdefault(there or 0, set()).add(here)
    reached, waiting = {flow.pk}, [flow.pk]
    while waiting:
        fresh = leading.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting += fresh
    return Impact(
        lines=list(Line.objects.filter(flow__in=reached).order_by("name")),
        callers=Visit.objects.filter(version__flow=flow, ended_at__isnull=True).count(),
    )


def _author(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _require(request: HttpRequest, model_admin: "FlowAdmin", flow: Flow) -> None:
    if not (model_admin.has_view_permission(request, flow) and request.user.has_perm("ivr.publish_flow")):
        raise PermissionDenied


def _page(request: HttpRequest, model_admin: "FlowAdmin", template: str, context: dict[str, Any]) -> HttpResponse:
    shared = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, template, {**shared, "opts": model_admin.opts, **context})


def _to_flow(flow: Flow) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:ivr_flow_change", args=[flow.pk]))
