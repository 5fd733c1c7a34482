"""What the picture is drawn from, as JSON: the draft or a version, and what is known of its steps and exits."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ivr import actions, figures
from ivr.actions import editing
from ivr.document import Document, parse
from ivr.drafting.drafts import compile_draft
from ivr.drafting.picture import Overlay, Way, picture, rough
from ivr.drafting.references import REFERENCES
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import Flow, Version
from ivr.scenarios import running

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


@require_safe
def show(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> JsonResponse:
    """Give the picture of the draft, or of the version `?of=`; with `?since=` compared with that older version.

    With `?covered=1` the scenarios are run, and each exit tells whether one of them takes it.
    """
    found = get_object_or_404(Flow.objects.select_related("published"), pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    of, since = _version(request, found, "of"), _version(request, found, "since")
    draft = of.document if of else compile_draft(found)
    covered = running.of_document(found, draft).covered if request.GET.get("covered") else None
    was = _parsed(since.document) if since else None
    drawn = _drawn(found, draft, was=was, is_draft=of is None, covered=covered)
    if of is None:
        drawn |= {"status": _status(found, draft), **_steps_back(found)}
    return JsonResponse(drawn)


def _drawn(
    flow: Flow, draft: dict[str, Any], *, was: Document | None, is_draft: bool, covered: Collection[Way] | None
) -> dict[str, Any]:
    try:
        document = parse(draft)
    except Broken as broken:
        return {**rough(draft), "broken": str(broken), "errors": 1, "warnings": 0, "general": [str(broken)]}
    problems = actions.check(draft, at=now()) if is_draft else ()
    overlay = Overlay(names=_names(document)) if was else _overlay(flow, document, problems, covered)
    return {
        **picture(document, overlay, was=was),
        "broken": "",
        "errors": sum(problem.severity == "error" for problem in problems),
        "warnings": sum(problem.severity == "warning" for problem in problems),
        "general": [problem.text for problem in problems if not problem.step],
        "days": figures.DAYS,
    }


def _overlay(flow: Flow, document: Document, problems: tuple[Problem, ...], covered: Collection[Way] | None) -> Overlay:
    taken, gave_up = figures.of_last_days(document.steps, at=now())
    return Overlay(
        names=_names(document),
        problems=problems,
        counts=taken,
        gave_up=gave_up,
        inside=figures.inside(flow),
        covered=covered,
    )


def _names(document: Document) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {}
    for step in document.steps.values():
        takes = step.TAKES
        if takes and step.reference:
            wanted.setdefault(takes, set()).add(step.reference)
    names: dict[tuple[str, str], str] = {}
    for name, keys in wanted.items():
        model, _gone = REFERENCES[name]
        names |= {(name, str(row.pk)): str(row) for row in model._default_manager.filter(pk__in=keys)}
    return names


def _version(request: HttpRequest, flow: Flow, name: str) -> Version | None:
    number = request.GET.get(name, "")
    if not number:
        return None
    if not number.isdecimal():
        raise Http404
    return get_object_or_404(Version, flow=flow, number=int(number))


def _parsed(document: dict[str, Any]) -> Document | None:
    try:
        return parse(document)
    except Broken:
        return None


def _status(flow: Flow, draft: dict[str, Any]) -> dict[str, str]:
    if flow.published is None:
        return {"tone": "warning", "text": _("Never published: callers do not meet this flow")}
    number = {"number": flow.published.number}
    if flow.published.document == draft:
        return {"tone": "good", "text": _("Callers meet exactly this: version %(number)s") % number}
    text = _("Changed since version %(number)s: callers do not meet the changes before you publish")
    return {"tone": "warning", "text": text % number}


def _steps_back(flow: Flow) -> dict[str, Any]:
    """Tell what undo and redo would do, and how much was done."""
    back, forth = editing.next_to_undo(flow), editing.next_to_redo(flow)
    count = flow.edits.count()
    return {
        "undo": {"id": back.pk, "text": back.words} if back else None,
        "redo": {"id": forth.pk, "text": forth.words} if forth else None,
        "done": ngettext("%(count)s change", "%(count)s changes", count) % {"count": count},
    }
