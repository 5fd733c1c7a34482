"""The panel of scenarios: how they went, what each expects, which exits none takes, and calls that would."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import get_current_timezone_name, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.models import User
from ivr.actions import scenarios as actions
from ivr.drafting.drafts import compile_draft
from ivr.forms.scenarios import ScenarioForm
from ivr.kinds.settings import Broken
from ivr.models import Flow, Scenario
from ivr.scenarios import doing, suggesting
from ivr.scenarios.checking import Result
from ivr.scenarios.expected import Expected
from ivr.scenarios.running import Report, of_draft, script, world_of
from ivr.trial.conditions import Conditions, inputs_from_json, inputs_to_json
from ivr.trial.reading import addresses
from ivr.trial.run import run
from ivr.trial.world import World

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

#: a call that is suggested comes at this hour of a Tuesday
HOUR = 10


@require_safe
def show(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Run all scenarios of a draft, and list them with what is not as expected."""
    found = _flow(request, flow, model_admin, "view")
    report = of_draft(found)
    rows = {row.pk: row for row in found.scenarios.all()}
    context = {
        "flow": found,
        "report": report,
        "rows": [_row(rows[one.key], one, report) for one in (*report.failed, *report.passed)],
        "uncovered": _exits(report.world, report.uncovered) if report.world else [],
        "picture": json.dumps({"exits": report.uncovered}),
        "may_add": request.user.has_perm("ivr.add_scenario"),
        "may_change": request.user.has_perm("ivr.change_scenario"),
        "may_delete": request.user.has_perm("ivr.delete_scenario"),
    }
    return _page(request, model_admin, "scenarios.html", context)


@require_POST
def add(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Keep a trial as a scenario that expects what happened, and show it to be changed."""
    found = _flow(request, flow, model_admin, "add")
    try:
        conditions = Conditions.from_json(json.loads(request.POST.get("conditions", "")))
        inputs = inputs_from_json(json.loads(request.POST.get("inputs", "")))
        tried = actions.Tried(request.POST.get("name", ""), conditions, inputs)
        (made,) = actions.keep(found, [tried], by=_author(request), at=now())
    except (Broken, ValueError) as wrong:
        return HttpResponseBadRequest(str(wrong), content_type="text/plain; charset=utf-8")
    kept = Conditions.from_json(made.conditions)
    is_hidden = (conditions.caller, conditions.known) != (kept.caller, kept.known)
    address = reverse("admin:ivr_flow_scenario", args=[found.pk, made.pk])
    return HttpResponseRedirect(f"{address}?new={'hidden' if is_hidden else 'yes'}")


def edit(request: HttpRequest, flow: int, scenario: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show what a scenario expects beside what happens now, and take changes."""
    found = _flow(request, flow, model_admin, "change")
    row = get_object_or_404(Scenario, pk=scenario, flow=found)
    try:
        world, kept = world_of(compile_draft(found)), script(row)
    except Broken as broken:
        return _page(request, model_admin, "scenario.html", {"flow": found, "scenario": row, "broken": str(broken)})
    trial = run(world, kept.conditions, kept.inputs, urls=addresses)
    form = ScenarioForm(request.POST or None, world=world, trial=trial, expected=kept.expected, name=row.name)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            actions.change(row, name=name, expected=form.expected, by=_author(request), at=now())
        except actions.NameTaken:
            form.add_error("name", _("Another scenario of this flow has this name."))
        else:
            return _to_panel(found)
    context = {
        "flow": found,
        "scenario": row,
        "form": form,
        "does": doing.does(kept.inputs),
        "supposes": list(doing.supposes(kept.conditions, world)),
        "caller": doing.caller(kept.conditions),
        "trial": trial,
        "new": request.GET.get("new", ""),
    }
    return _page(request, model_admin, "scenario.html", context)


@require_POST
def accept(request: HttpRequest, flow: int, scenario: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Let a scenario expect what happens now."""
    found = _flow(request, flow, model_admin, "change")
    try:
        actions.accept(get_object_or_404(Scenario, pk=scenario, flow=found), by=_author(request), at=now())
    except Broken as broken:
        return HttpResponseBadRequest(str(broken), content_type="text/plain; charset=utf-8")
    return _to_panel(found)


@require_POST
def delete(request: HttpRequest, flow: int, scenario: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Delete a scenario; one that is gone already is no mistake."""
    found = _flow(request, flow, model_admin, "delete")
    row = found.scenarios.filter(pk=scenario).first()
    if row is not None:
        actions.delete(row)
    return _to_panel(found)


@require_safe
def suggest(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Search calls that lead through exits which no scenario takes, and offer them."""
    found = _flow(request, flow, model_admin, "add")
    report = of_draft(found)
    if report.world is None:
        return _page(request, model_admin, "suggestions.html", {"flow": found, "broken": report.broken})
    zone = get_current_timezone_name()
    searched = suggesting.suggest(
        report.world, report.covered, at=_next_tuesday(now(), zone), zone=zone, urls=addresses
    )
    context = {
        "flow": found,
        "searched": searched,
        "suggestions": [_suggested(report.world, one) for one in searched.suggestions],
        "left": _exits(report.world, searched.left),
    }
    return _page(request, model_admin, "suggestions.html", context)


@require_POST
def take_up(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Keep the suggested calls that were chosen as scenarios."""
    found = _flow(request, flow, model_admin, "add")
    try:
        chosen = [_tried(json.loads(written)) for written in request.POST.getlist("suggestion")]
        actions.keep(found, chosen, by=_author(request), at=now())
    except (Broken, ValueError, KeyError, TypeError) as wrong:
        return HttpResponseBadRequest(str(wrong), content_type="text/plain; charset=utf-8")
    return _to_panel(found)


def _row(row: Scenario, result: Result, report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {"scenario": row, "result": result, "picture": _way(result)}
    try:
        kept = script(row)
    except Broken:
        return told
    supposes = list(doing.supposes(kept.conditions, report.world)) if report.world else []
    return {**told, "does": doing.does(kept.inputs), "supposes": supposes, "is_readable": True}


def _way(result: Result) -> str:
    """Give what the picture shows of a call: the steps that it came to and the exits that it took."""
    if result.trial is None:
        return ""
    steps = dict.fromkeys(stay.step for stay in result.trial.stays)
    return json.dumps({"steps": list(steps), "exits": [[one.step, one.exit] for one in result.trial.path]})


def _suggested(world: World, one: suggesting.Suggestion) -> dict[str, Any]:
    return {
        "name": one.name,
        "does": doing.does(one.inputs),
        "supposes": list(doing.supposes(one.conditions, world))[1:],
        "covers": list(suggesting.of_exits(world, one.covers).values()),
        "json": json.dumps(
            {
                "name": one.name,
                "conditions": one.conditions.to_json(),
                "inputs": inputs_to_json(one.inputs),
                "expected": one.expected.to_json(),
            }
        ),
    }


def _tried(data: dict[str, Any]) -> actions.Tried:
    """Read what `_suggested` wrote. Raises Broken, KeyError and TypeError."""
    return actions.Tried(
        str(data["name"]),
        Conditions.from_json(data["conditions"]),
        inputs_from_json(data["inputs"]),
        Expected.from_json(data["expected"]),
    )


def _exits(world: World, exits: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    named = suggesting.of_exits(world, exits)
    return [{"step": step, "text": text} for (step, _exit), text in named.items()]


def _next_tuesday(at: datetime, zone: str) -> datetime:
    """Give a moment that is on no weekend, so that what is suggested reads like a usual call."""
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=(1 - local.weekday()) % 7 or 7)
    return datetime(day.year, day.month, day.day, HOUR, tzinfo=ZoneInfo(zone))


def _flow(request: HttpRequest, flow: int, model_admin: "FlowAdmin", verb: str) -> Flow:
    found = get_object_or_404(Flow, pk=flow)
    if not (model_admin.has_view_permission(request, found) and request.user.has_perm(f"ivr.{verb}_scenario")):
        raise PermissionDenied
    return found


def _author(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _to_panel(flow: Flow) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:ivr_flow_scenarios", args=[flow.pk]))


def _page(request: HttpRequest, model_admin: "FlowAdmin", template: str, context: dict[str, Any]) -> HttpResponse:
    """Give a fragment to a page that asks for one, and a page of its own to a browser that was sent here."""
    inside = f"workshop/panels/{template}"
    if request.headers.get("HX-Request"):
        response: HttpResponse = TemplateResponse(request, inside, context)
    else:
        shared = model_admin.admin_site.each_context(request)
        title = _("Scenarios of flow %(flow)s") % {"flow": context["flow"]}
        whole = {**shared, "opts": model_admin.opts, "title": title, "panel": inside, **context}
        response = TemplateResponse(request, "workshop/panel_alone.html", whole)
    patch_vary_headers(response, ["HX-Request"])
    return response
