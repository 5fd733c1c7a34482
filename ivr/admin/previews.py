"""What publishing a document would mean, for the pages on which somebody decides about it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agents.models import User
from ivr import actions
from ivr.document import Document, parse
from ivr.drafting import overview
from ivr.drafting.difference import Change, difference, marks
from ivr.drafting.impact import impact
from ivr.drafting.references import REFERENCES, names
from ivr.kinds import KINDS
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import Flow, Release, Step
from ivr.replay.results import newest
from ivr.scenarios.running import of_document


@dataclass(frozen=True, slots=True)
class Told:
    """How two documents differ, and what a picture of the new one marks."""

    changes: tuple[Change, ...]
    picture: str


def preview(flow: Flow, document: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Tell what would change for whom if callers met this document: for the templates in `admin/ivr/versions/`."""
    problems = actions.check(document, at=at)
    return {
        "flow": flow,
        "errors": linked(problems, "error"),
        "warnings": linked(problems, "warning"),
        "told": told(flow.published.document if flow.published else None, document),
        "unchanged": flow.published is not None and flow.published.document == document,
        "impact": impact(flow),
        "replay": newest(flow, document),
        "report": of_document(flow, document),
    }


def told(old: dict[str, Any] | None, new: dict[str, Any]) -> Told:
    """Tell how two documents differ, by the names of what they refer to."""
    before, after = parsed(old) if old else None, parsed(new)
    if after is None:
        return Told((), "")
    changes = difference(before, after, names=names(new, *(old,) if old else ()))
    found = marks(changes)
    picture = {
        "steps": list(found.steps),
        "exits": [list(way) for way in found.exits],
        "marks": dict(found.steps),
    }
    return Told(changes, json.dumps(picture))


def linked(problems: tuple[Problem, ...], severity: str) -> list[dict[str, Any]]:
    """Give the problems with the pages of their steps, where those are in the draft."""
    keys = {problem.step for problem in problems if problem.step}
    present = dict(Step.objects.filter(pk__in=keys).values_list("pk", "flow")) if keys else {}
    pages = {
        str(step): f"{reverse('admin:ivr_flow_change', args=[flow])}?step={step}" for step, flow in present.items()
    }
    return [
        {
            "text": problem.text,
            "step": problem.step if problem.step in pages else "",
            "url": pages.get(problem.step, ""),
        }
        for problem in problems
        if problem.severity == severity
    ]


def rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the steps of a document in words, with the names of what they refer to."""
    found = parsed(document)
    return named(overview.rows(found)) if found else []


def named(rows: list[overview.Row]) -> list[dict[str, Any]]:
    """Join the rows with the names of what they refer to."""
    found: dict[tuple[str, str], str] = {}
    for takes, (model, _gone) in REFERENCES.items():
        keys = {row.reference for row in rows if row.reference and takes == KINDS[row.kind].TAKES}
        if keys:
            found |= {(takes, str(one.pk)): str(one) for one in model._default_manager.filter(pk__in=keys)}
    return [{"row": row, "reference": found.get((KINDS[row.kind].TAKES, row.reference), "")} for row in rows]


def parsed(document: dict[str, Any]) -> Document | None:
    try:
        return parse(document)
    except Broken:
        return None


def listed(flow: Flow, *, at: datetime) -> dict[str, Any]:
    """Give all versions of a flow with who, when and why, and what is on its way to callers."""
    versions = (
        flow.versions.order_by("-number")
        .defer("document", "release__document", "restored_from__document")
        .select_related("published_by", "restored_from", "release__approved_by")
    )
    releases = flow.releases.open().select_related("proposed_by", "approved_by", "restores")
    failed = flow.releases.filter(state="failed", ended_at__gte=flow.published.published_at if flow.published else at)
    numbers = list(versions)
    present = next((version for version in numbers if version.pk == flow.published_id), None)
    earlier = [version for version in numbers if present and version.number < present.number]
    return {
        "versions": numbers,
        "present": present,
        "undone": earlier[0] if earlier else None,
        "releases": [timed(one, at=at) for one in releases.defer("document").order_by("publish_at", "pk")],
        "failed": list(failed.defer("document").select_related("proposed_by").order_by("-ended_at")[:1]),
    }


def timed(release: Release, *, at: datetime) -> dict[str, Any]:
    """Join a release with the seconds until its time; None where it has none, 0 where it is over."""
    left = max(0, round((release.publish_at - at).total_seconds())) if release.publish_at else None
    return {"release": release, "left": left}


def rights(request: HttpRequest) -> dict[str, bool]:
    """Tell what this person may do with versions."""
    may = request.user.has_perm
    return {
        "may_publish": may("ivr.publish_flow"),
        "may_approve": may("ivr.approve_flow"),
        "may_require": may("ivr.require_approval"),
        "may_despite": may(actions.DESPITE),
        "may_bring": all(map(may, BRINGING)),
    }


#: what it takes to take a flow in from a file
BRINGING = (
    *("ivr.add_flow", "ivr.change_flow", "ivr.add_step", "ivr.change_step"),
    *("ivr.add_prompt", "ivr.change_prompt"),
)


def author(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def zone() -> str:
    """Name the zone in which this person reads and writes times."""
    return timezone.get_current_timezone_name()


def written(moment: datetime | None) -> str:
    """Write a moment as this person reads it, with its zone."""
    return f"{date_format(timezone.localtime(moment), 'DATETIME_FORMAT')} ({zone()})" if moment else ""
