"""Who has the page of a draft open: each page tells that it is, and hears of the others."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from agents.models import User
from ivr.actions import attending
from ivr.drafting import attendance
from ivr.models import Flow

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

LONGEST_KEY = 18


@require_POST
def tell(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> JsonResponse:
    """Note that a page is open at a step, or with `left` that it is closed; answer who else is there."""
    found = get_object_or_404(Flow, pk=flow)
    user = request.user
    if not (model_admin.has_view_permission(request, found) and isinstance(user, User)):
        raise PermissionDenied
    try:
        page = UUID(request.POST.get("page", ""))
    except ValueError:
        raise Http404 from None
    if request.POST.get("left"):
        attending.leave(found.pk, page, user=user)
        return JsonResponse({"others": []})
    step = request.POST.get("step", "")
    known = step if step.isdecimal() and len(step) < LONGEST_KEY else ""
    attending.attend(found.pk, page, user=user, step=known, at=now())
    others = attendance.others(found.pk, page, user=user.pk, at=now())
    return JsonResponse(
        {
            "others": [
                {"name": one.name, "stepId": one.step_id, "step": one.step, "isMe": one.is_me} for one in others
            ],
            "again": attendance.HEARTBEAT.total_seconds(),
        }
    )
