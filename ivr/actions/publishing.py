"""Drafts are published and versions restored; lines' emergency texts are kept where no database is needed."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from agents.models import User
from ivr import addresses, emergency, knowing
from ivr.document import parse
from ivr.drafts import compile_draft
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import Flow, Line, Version
from ivr.problems import problems
from ivr.references import gone
from ivr.signals import flow_published

logger = logging.getLogger(__name__)


class HasErrors(Exception):
    """The document may not be published."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.text for problem in problems if problem.severity == "error"))
        self.problems = problems


def publish(flow: Flow, *, by: User | None, note: str, at: datetime) -> Version:
    """Freeze the draft as the next version and let callers meet it. Raises HasErrors; calls under way keep theirs."""
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow.pk)
        frozen = compile_draft(locked)
        found = check(frozen, at=at)
        if any(problem.severity == "error" for problem in found):
            raise HasErrors(found)
        return _freeze(locked, frozen, by=by, note=note, at=at)


def restore(version: Version, *, by: User | None, note: str, at: datetime) -> Version:
    """Publish an old version's document again, as a new version. The draft stays as it is. Raises HasErrors."""
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=version.flow_id)
        found = check(version.document, at=at)
        if any(problem.severity == "error" for problem in found):
            raise HasErrors(found)
        return _freeze(locked, version.document, by=by, note=note, at=at, restored_from=version)


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


def _freeze(
    flow: Flow,
    document: dict[str, Any],
    *,
    by: User | None,
    note: str,
    at: datetime,
    restored_from: Version | None = None,
) -> Version:
    last = flow.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        flow=flow,
        number=last + 1,
        document=document,
        note=note,
        published_at=at,
        published_by=by,
        restored_from=restored_from,
    )
    flow.published = version
    flow.save(update_fields=["published"])
    flow_published.send(sender=Version, version=version, at=at)
    logger.info("Flow %s version %s is published", flow.pk, version.number)
    return version
