"""The panels with a form: the chosen step, and the flow itself. What is saved is noted, and nobody's work is lost."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agents.models import User
from ivr.actions import editing
from ivr.admin.workshop.page import may_edit
from ivr.document import parse
from ivr.drafting import overview, raw, snapshots
from ivr.drafting.drafts import compile_draft
from ivr.forms.sheets import sheet
from ivr.kinds.settings import Broken
from ivr.models import Edit, Flow, Step

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


class Conflict(Exception):
    """Somebody has saved the same thing since the form was opened."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What was done to a thing while somebody had its form open."""

    who: str
    at: datetime
    words: str
    is_me: bool


def step(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show the form of the step `?step=`, and save it."""
    found = _flow(request, flow, model_admin)
    key = request.GET.get("step", "")
    context: dict[str, Any] = {"flow": found, "may_edit": may_edit(request)}
    if not key:
        return _answer(request, "step", context)
    chosen = Step.objects.filter(flow=found, pk=int(key)).first() if key.isdecimal() else None
    if chosen is None:
        return _answer(request, "step", context | {"is_gone": True}, status=404)
    context |= {"step": chosen, "kind": chosen.get_kind_display(), "step_key": str(chosen.pk)}
    context["is_first"] = found.first_id == chosen.pk
    if not context["may_edit"]:
        return _answer(request, "step", context | {"row": _row(found, chosen)})
    admin = model_admin.admin_site.get_model_admin(Step)
    if not admin.has_change_permission(request, chosen):
        if request.method == "POST":
            raise PermissionDenied
        context |= {"row": _row(found, chosen), "refused": raw.REFUSED}
        return _answer(request, "step", context)
    return _form(request, found, admin, chosen, context, name="step")


def settings(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show the form of the flow itself: its name, languages and first step; and save it."""
    found = _flow(request, flow, model_admin)
    context: dict[str, Any] = {"flow": found, "may_edit": may_edit(request)}
    if not context["may_edit"]:
        return _answer(request, "flow", context)
    return _form(request, found, model_admin, found, context, name="flow")


def _form(
    request: HttpRequest,
    flow: Flow,
    admin: "ModelAdmin[Any]",
    thing: Flow | Step,
    context: dict[str, Any],
    *,
    name: str,
) -> HttpResponse:
    key = thing.pk if isinstance(thing, Step) else 0
    status, trigger = 200, ""
    if request.method == "POST":
        try:
            with editing.edit(flow.pk, by=_person(request), at=now(), step=key) as change:
                if snapshots.of_step(change.before, key) != request.POST.get("_revision"):
                    raise Conflict
                thing.refresh_from_db()
                shown = sheet(request, admin, thing, is_bound=True)
                is_saved = shown.is_valid()
                if is_saved:
                    shown.keep()
                    change.words = _words(thing, shown.changed())
        except Conflict:
            meanwhile = _meanwhile(request, flow, key)
            only_mine = bool(meanwhile) and all(one.is_me for one in meanwhile)
            context |= {"meanwhile": meanwhile, "only_mine": only_mine}
            status = 409
        else:
            if not is_saved:
                context |= {"sheet": shown, "revision": request.POST.get("_revision", "")}
                return _answer(request, name, context, status=422)
            trigger = json.dumps(
                {"workshop:saved": {"step": str(key or ""), "said": change.words or _("Nothing to save")}}
            )
        thing = type(thing)._default_manager.get(pk=thing.pk)
    context |= {name: thing, "sheet": sheet(request, admin, thing)}
    context |= {"revision": snapshots.of_step(snapshots.read(flow.pk, step=key), key), "is_saved": bool(trigger)}
    response = _answer(request, name, context, status=status)
    if trigger:
        response.headers["HX-Trigger"] = trigger
    return response


def _words(thing: Flow | Step, changed: list[str]) -> str:
    what = ", ".join(changed)
    if isinstance(thing, Step):
        return _("Changed “%(step)s”: %(what)s") % {"step": thing.name, "what": what}
    return _("Changed the flow: %(what)s") % {"what": what}


def _meanwhile(request: HttpRequest, flow: Flow, key: int) -> list[Meanwhile]:
    """Tell what was done since the form was opened, the last first; nothing where nobody has noted it."""
    found: list[Meanwhile] = []
    for edit in Edit.objects.filter(flow=flow).order_by("-pk").select_related("by"):
        pair = _pair(edit, key)
        if pair is None:
            continue
        who = (edit.by.get_full_name() or edit.by.get_username()) if edit.by else _("Somebody")
        found.append(Meanwhile(who, edit.undone_at or edit.at, edit.words, edit.by == request.user))
        if pair[0] == request.POST.get("_revision"):
            break
    return found


def _pair(edit: Edit, key: int) -> tuple[str, str] | None:
    """Give the revisions of a thing before and after an edit; None where the edit did not touch it."""
    if key:
        parts = edit.changes.get("steps", {}).get(str(key))
        return (snapshots.revision(parts[0]), snapshots.revision(parts[1])) if parts else None
    return ("", "") if edit.changes.keys() & {"flow", "languages"} else None


def _row(flow: Flow, step: Step) -> overview.Row | None:
    """Describe a step in words, for who may look but not change."""
    try:
        rows = overview.rows(parse(compile_draft(flow)))
    except Broken:
        return None
    return next((row for row in rows if row.id == str(step.pk)), None)


def _flow(request: HttpRequest, flow: int, model_admin: "FlowAdmin") -> Flow:
    found = get_object_or_404(Flow, pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    if request.method == "POST" and not may_edit(request):
        raise PermissionDenied
    return found


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _answer(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> TemplateResponse:
    return TemplateResponse(request, f"workshop/panels/{name}.html", context, status=status)
