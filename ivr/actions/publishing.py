"""Drafts are published and versions restored; lines' emergency texts are kept where no database is needed."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from agents.models import User
from ivr import addresses, emergency, knowing
from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.drafting.references import gone
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import Flow, Line, Version
from ivr.problems import problems
from ivr.scenarios.checking import Result
from ivr.scenarios.running import Report, of_document
from ivr.signals import flow_published
from live import publish as live

DESPITE = "ivr.publish_despite_scenarios"

logger = logging.getLogger(__name__)


class HasErrors(Exception):
    """The document may not be published."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.text for problem in problems if problem.severity == "error"))
        self.problems = problems


class ScenariosFail(Exception):
    """Calls would not go any more as their scenarios expect, and nobody who may has written why that is all right."""

    def __init__(self, report: Report) -> None:
        super().__init__("; ".join(f"{one.name}: {one.differences[0].text}" for one in report.failed))
        self.report = report

    @property
    def results(self) -> tuple[Result, ...]:
        """Those that failed."""
        return self.report.failed


class NothingChanges(Exception):
    """Callers meet exactly this already: in `version`."""

    def __init__(self, version: Version) -> None:
        super().__init__(str(version))
        self.version = version


class NeedsApproval(Exception):
    """A second person has to approve what is published of this flow: propose it."""


def publish(flow: Flow, *, by: User | None, note: str, at: datetime, despite: str = "") -> Version:
    """Freeze the draft as the next version and let callers meet it. Calls under way keep theirs.

    A button that is pressed twice publishes once. Raises NeedsApproval, NothingChanges, HasErrors, and ScenariosFail
    unless `despite` says why it is published all the same.
    """
    with transaction.atomic():
        locked = _to_publish(flow.pk)
        frozen = compile_draft(locked)
        despite = make_sure(locked, frozen, by=by, despite=despite, at=at)
        unless_met(locked, frozen)
        return freeze(locked, frozen, by=by, note=note, at=at, despite=despite)


def restore(version: Version, *, by: User | None, note: str, at: datetime, despite: str = "") -> Version:
    """Publish an old version's document again, as a new version; the draft stays. Raises what publishing does."""
    with transaction.atomic():
        locked = _to_publish(version.flow_id)
        despite = make_sure(locked, version.document, by=by, despite=despite, goes_back=True, at=at)
        unless_met(locked, version.document)
        return freeze(locked, version.document, by=by, note=note, at=at, restored_from=version, despite=despite)


def make_sure(
    flow: Flow, document: dict[str, Any], *, by: User | None, despite: str, goes_back: bool = False, at: datetime
) -> str:
    """Check what is about to be published, and give the reason to keep with it: none where no scenario fails.

    Raises HasErrors, and ScenariosFail where there is no reason, or none of somebody who may. Who `goes_back` to what
    callers have met before needs a reason only: scenarios that came after it must not keep a mistake with callers.
    """
    found = check(document, at=at)
    if any(problem.severity == "error" for problem in found):
        raise HasErrors(found)
    report = of_document(flow, document)
    if not report.failed:
        return ""
    despite = despite.strip()
    if not despite or not (goes_back or (by is not None and by.has_perm(DESPITE))):
        raise ScenariosFail(report)
    return despite


def unless_met(flow: Flow, document: dict[str, Any]) -> None:
    """Raise NothingChanges where callers of a flow meet this very document: going back from it would change nothing."""
    if flow.published is not None and flow.published.document == document:
        raise NothingChanges(flow.published)


def check(document: dict[str, Any], *, at: datetime) -> tuple[Problem, ...]:
    """Find the problems of a document with all that is known here at this moment."""
    try:
        parsed = parse(document)
    except Broken as broken:
        return (Problem("broken", "error", "", f"The flow cannot be read: {broken}"),)
    return (*gone(parsed), *addresses.refused(parsed), *problems(parsed, knowledge=knowing.knowledge(parsed, at=at)))


def remember_emergencies() -> None:
    """Write all lines' emergency texts where they can be read without a database."""
    emergency.remember({line.address: line.emergency for line in Line.objects.all()})


def freeze(
    flow: Flow,
    document: dict[str, Any],
    *,
    by: User | None,
    note: str,
    at: datetime,
    restored_from: Version | None = None,
    despite: str = "",
) -> Version:
    """Make a document, which was made sure of, the next version of a flow that is locked, and let callers meet it."""
    last = flow.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        flow=flow,
        number=last + 1,
        document=document,
        note=note,
        published_at=at,
        published_by=by,
        restored_from=restored_from,
        despite=despite,
    )
    flow.published = version
    flow.save(update_fields=["published"])
    flow_published.send(sender=Version, version=version, at=at)
    live.publish(f"flow:{flow.pk}")
    logger.info("Flow %s version %s is published", flow.pk, version.number)
    return version


def _to_publish(flow: int) -> Flow:
    """Lock a flow. Raises NeedsApproval where somebody else has to approve first."""
    locked = Flow.objects.select_for_update().get(pk=flow)
    if locked.needs_approval:
        raise NeedsApproval
    return locked
