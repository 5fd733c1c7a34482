"""What is done on the picture and on the outline: one address for all of it, answered as JSON with words."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.models import User
from ivr import figures
from ivr.actions import editing, stepping
from ivr.actions.stepping import Way
from ivr.admin.workshop.page import may_edit
from ivr.kinds import KINDS
from ivr.models import Edit, Exit, Flow, Step

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

Answer = dict[str, Any]  # what was done, in words (`said`), and the step to open then (`choose`), if any


@require_POST
def change(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> JsonResponse:
    """Do what `what` names to the draft. Answered 409 where the draft is not any more as it was seen."""
    found = get_object_or_404(Flow, pk=flow)
    if not (model_admin.has_change_permission(request, found) and may_edit(request)):
        raise PermissionDenied
    doing = DOING.get(request.POST.get("what", ""))
    if doing is None:
        raise Http404
    who = {"by": request.user if isinstance(request.user, User) else None, "at": now()}
    try:
        return JsonResponse(doing(found.pk, request.POST, who))
    except editing.Moved as reason:
        return JsonResponse({"said": str(reason)}, status=409)
    except editing.Refused as reason:
        return JsonResponse({"said": str(reason)}, status=403)


def _add(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    kind, exit_ = given.get("kind", ""), given.get("exit", "")
    if kind not in KINDS:
        raise Http404
    after = Way(_key(given, "step"), exit_) if given.get("step") and exit_ else None
    step = stepping.add_step(flow, kind, after=after, name=given.get("name", ""), **who)
    return {"said": _("Added “%(step)s”") % {"step": step.name}, "choose": str(step.pk)}


def _connect(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    target = _key(given, "to") if given.get("to") else None
    return {"said": stepping.connect(flow, Way(_key(given, "step"), given.get("exit", "")), target, **who)}


def _delete(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    return {"said": stepping.delete_step(flow, _key(given, "step"), **who), "choose": ""}


def _duplicate(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    step = stepping.duplicate_step(flow, _key(given, "step"), **who)
    return {"said": _("Copied as “%(step)s”") % {"step": step.name}, "choose": str(step.pk)}


def _first(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    return {"said": stepping.set_first(flow, _key(given, "step"), **who)}


def _undo(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    edit = _key(given, "edit")
    lost = editing.undo(flow, edit, **who)
    return {"said": " ".join([_("Undone: %(what)s.") % {"what": _words(edit)}, *lost])}


def _redo(flow: int, given: QueryDict, who: dict[str, Any]) -> Answer:
    edit = _key(given, "edit")
    lost = editing.redo(flow, edit, **who)
    return {"said": " ".join([_("Done again: %(what)s.") % {"what": _words(edit)}, *lost])}


def _words(edit: int) -> str:
    return Edit.objects.values_list("words", flat=True).get(pk=edit)


DOING: Mapping[str, Callable[[int, QueryDict, dict[str, Any]], Answer]] = {
    "add": _add,
    "connect": _connect,
    "delete": _delete,
    "duplicate": _duplicate,
    "first": _first,
    "undo": _undo,
    "redo": _redo,
}


def _key(given: QueryDict, name: str) -> int:
    value = given.get(name, "")
    if not value.isdecimal():
        raise Http404
    return int(value)


@require_safe
def deleting(request: HttpRequest, flow: int, step: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show what would break if a step were deleted."""
    found = get_object_or_404(Step.objects.select_related("flow"), flow=flow, pk=step)
    if not model_admin.has_view_permission(request, found.flow):
        raise PermissionDenied
    entrances = Exit.objects.filter(target=found).exclude(step=found).select_related("step").order_by("step__name")
    context = {
        "flow": found.flow,
        "step": found,
        "is_first": found.flow.first_id == found.pk,
        "entrances": [(row.step, stepping.label(row.step, row.name)) for row in entrances],
        "inside": figures.inside(found.flow).get(str(found.pk), 0),
    }
    return TemplateResponse(request, "workshop/deleting.html", context)


@require_safe
def done(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """List the last changes of a draft, in words."""
    found = get_object_or_404(Flow, pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    edits = found.edits.order_by("-pk").select_related("by").defer("changes")
    return TemplateResponse(request, "workshop/panels/done.html", {"flow": found, "edits": edits, "kept": editing.KEPT})
