"""The panel "Versions": what publishing the draft would mean, what is on its way, and all versions so far."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from ivr.admin.publishing import page, versions_context
from ivr.models import Flow

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


def versions(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show the panel in the dock, or as a page of its own."""
    found = get_object_or_404(Flow.objects.select_related("published"), pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    template = "workshop/panels/versions.html" if request.headers.get("HX-Request") else "admin/ivr/publish.html"
    return page(request, model_admin, template, versions_context(request, found))
