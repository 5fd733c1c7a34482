"""The panel of published versions."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from ivr.models import Flow

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


@require_safe
def versions(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show the versions of a flow."""
    found = get_object_or_404(Flow.objects.select_related("published").defer("published__document"), pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    rows = found.versions.order_by("-number").defer("document").select_related("published_by", "restored_from")
    context = {
        "flow": found,
        "original": found,
        "versions": rows,
        "last_number": found.versions.aggregate(last=Max("number"))["last"],
        "may_publish": request.user.has_perm("ivr.publish_flow"),
    }
    return TemplateResponse(request, "workshop/panels/versions.html", context)
