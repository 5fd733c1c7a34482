"""How any two versions of a flow differ, or a version and the draft."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ivr.admin import previews
from ivr.admin.publishing import page
from ivr.drafting.drafts import compile_draft
from ivr.models import Flow, Version

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared: a version, or without one the draft."""

    value: str
    version: Version | None
    document: dict[str, Any]


def compare(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show how two versions differ that are chosen by number; without a choice the last two."""
    found = get_object_or_404(Flow.objects.defer("published__document"), pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    versions = list(
        found.versions.order_by("-number")
        .defer("document", "restored_from__document", "release__document")
        .select_related("published_by", "restored_from", "release__approved_by")
    )
    numbers = [str(version.number) for version in versions]
    new = request.GET.get("new") or DRAFT
    old = request.GET.get("old") or next(iter(numbers[1:] if new == next(iter(numbers), "") else numbers), "")
    sides = [_side(found, versions, one) for one in (old, new)]
    before, after = sides
    context = {
        **previews.rights(request),
        "title": _("%(flow)s: versions compared") % {"flow": found},
        "flow": found,
        "versions": versions,
        "old": before,
        "new": after,
        "told": previews.told(before.document or None, after.document),
        "step_links": after.value == DRAFT,
    }
    return page(request, model_admin, "admin/ivr/compare.html", context)


def _side(flow: Flow, versions: list[Version], value: str) -> Side:
    if value == DRAFT:
        return Side(DRAFT, None, compile_draft(flow))
    if not value:  # nothing was published yet
        return Side("", None, {})
    version = next((one for one in versions if str(one.number) == value), None)
    if version is None:
        raise Http404
    return Side(value, version, version.document)
