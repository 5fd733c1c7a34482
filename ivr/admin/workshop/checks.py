"""The panel of checks: what is wrong with a draft and what to do about it, and what is certain of its calls."""

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from ivr import actions
from ivr.document import Document, parse
from ivr.drafting.drafts import compile_draft
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import Flow
from ivr.problems.advice import advice
from ivr.proofs import proving

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


@require_safe
def checks(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Check a draft, errors first, each with its step; and prove its ways, a row for each line that leads here."""
    found = get_object_or_404(Flow, pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    draft = compile_draft(found)
    problems = actions.check(draft, at=now())
    document = _parsed(draft)
    lines = proving.lines(document) if document else []
    context: dict[str, Any] = {
        "flow": found,
        "errors": [_told(one, document) for one in problems if one.severity == "error"],
        "warnings": [_told(one, document) for one in problems if one.severity == "warning"],
        "lines": [_row(line) for line in lines],
        "is_own": len(lines) == 1 and not lines[0].name,
    }
    template = "workshop/panels/checks.html"
    if request.headers.get("HX-Request"):
        response = TemplateResponse(request, template, context)
    else:
        shared = model_admin.admin_site.each_context(request)
        page = {"title": str(found), "opts": model_admin.opts, "panel": template}
        response = TemplateResponse(request, "workshop/panels/checks_page.html", {**shared, **page, **context})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _parsed(draft: dict[str, Any]) -> Document | None:
    try:
        return parse(draft)
    except Broken:
        return None


def _told(problem: Problem, document: Document | None) -> dict[str, str]:
    step = document.steps.get(problem.step) if document and problem.step else None
    return {
        "text": problem.text,
        "advice": advice(problem.code),
        "step": problem.step if step else "",
        "name": step.name if step else "",
        "picture": json.dumps({"steps": [problem.step]}) if step else "",
    }


def _row(line: proving.Line) -> dict[str, Any]:
    ways = (line.longest, line.most_prompts, line.before)
    return {
        "line": line,
        "ways": [{"way": way, "picture": json.dumps(way.picture)} if way else None for way in ways],
        "rounds": [
            {"way": way, "picture": json.dumps(way.picture), "most": one.most, "back": one.ways_back}
            for way, one in line.rounds
        ],
    }
