"""Flows as files on the pages: the draft is downloaded, and a file is taken in after a look at what it changes."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget

from ivr import actions
from ivr.actions.importing import Imported
from ivr.admin import previews
from ivr.admin.publishing import page, to_flow
from ivr.files import exporting, folders, portable
from ivr.files.portable import Fault
from ivr.models import Flow

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A flow's file (.json), or an archive with its sounds (.zip)."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json,.zip,application/json,application/zip"}),
    )
    # the fingerprint of what was looked at: nothing else is taken in
    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    # and of the draft as it was then
    draft = forms.CharField(required=False, widget=forms.HiddenInput())


def download(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Give the draft as a file, or with `?sounds=yes` as an archive with the sounds that it plays."""
    found = get_object_or_404(Flow, pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    name = folders.file_name(found.name)
    if request.GET.get("sounds"):
        return _attached(folders.archive(found), f"{name}.zip", "application/zip")
    return _attached(portable.text(exporting.draft(found)).encode(), f"{name}.json", "application/json")


def bring(request: HttpRequest, flow: int | None = None, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show what a file would make of a flow's draft, and take it in once that was looked at."""
    if not all(map(request.user.has_perm, previews.BRINGING)):
        raise PermissionDenied
    into = get_object_or_404(Flow, pk=flow) if flow is not None else None
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context: dict[str, Any] = {"flow": into, "form": form, "title": _("Bring a flow's file")}
    if form.is_bound and form.is_valid():
        taken = _take_in(request, into, form, context)
        if taken is not None:
            messages.success(request, _("Taken in: it is the draft now. Callers meet it once it is published."))
            answer = to_flow(taken.flow)
            if request.headers.get("HX-Request"):  # a redirect would be followed unseen, into the middle of this page
                return HttpResponse(headers={"HX-Redirect": answer.url})
            return answer
    template = "admin/ivr/bring_outcome.html" if request.headers.get("HX-Request") else "admin/ivr/bring.html"
    return page(request, model_admin, template, context)


def _take_in(request: HttpRequest, into: Flow | None, form: FileForm, context: dict[str, Any]) -> Imported | None:
    """Take a file in that was looked at; else tell what it would change, or what is wrong with it."""
    upload: UploadedFile = form.cleaned_data["file"]
    source = folders.unpacked(upload.name or "", upload.file)  # type: ignore[arg-type]  # an upload is open
    if source.file is None:
        context["faults"] = source.faults
        return None
    seen = portable.fingerprint(source.file.raw)
    is_confirmed = bool(request.POST.get("confirm")) and form.cleaned_data["seen"] == seen
    draft = form.cleaned_data["draft"]
    try:
        found = actions.import_draft(
            source.file,
            into=into,
            by=previews.author(request),
            unless_changed=[draft] if is_confirmed and draft else (),
            dry_run=not is_confirmed,
            brings=source.sounds,
            at=now(),
        )
    except actions.NotImportable as refusal:
        context["faults"] = refusal.faults
        return None
    except actions.HasChanged:
        told = _("Somebody has changed the draft since you looked. Look once more at what the file changes.")
        context["faults"] = (Fault("", told),)
        return None
    if is_confirmed:
        return found
    if request.POST.get("confirm"):
        context["faults"] = (Fault("", _("This is another file than the one that you looked at. Look at it first.")),)
    present = into or Flow.objects.filter(name=source.file.name).first()
    context |= {
        "found": found,
        "changes": found.changes,
        "errors": previews.linked(found.problems, "error"),
        "warnings": previews.linked(found.problems, "warning"),
        "brought": len(source.sounds),
        "seen": seen,
        "draft": portable.fingerprint(exporting.draft(present)) if present else "",
    }
    return None


def _attached(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
