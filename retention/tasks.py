"""What runs beside the calls: the runs of the rules."""

import logging
import time
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from recordings import purging
from retention import erasing
from retention.actions import erasures, runs
from retention.models import Erasure, Run

logger = logging.getLogger(__name__)

WORKED_FOR = 15.0  # seconds, after which a task hands over to the next: the broker gives what lasts long to another


@shared_task
def keep() -> None:
    """Begin what the rules want today, and go on with what was left behind."""
    for run in runs.plan(at=timezone.now()):
        carry_out.delay(run.pk)


@shared_task
def sweep() -> None:
    """Go on with what a killed worker has left behind."""
    at = timezone.now()
    for run_id in Run.objects.idle(at=at).order_by("pk").values_list("pk", flat=True):
        carry_out.delay(run_id)
    for erasure_id in Erasure.objects.due(at=at).order_by("asked_at").values_list("pk", flat=True):
        erase.delay(str(erasure_id))


@shared_task
def erase(erasure_id: str) -> None:
    """Go on with an erasure for a while; then let another task go on."""
    erasure = erasures.claim(UUID(erasure_id), at=timezone.now())
    if erasure is None:
        return
    erasing.work(erasure, seconds=WORKED_FOR)
    if Erasure.objects.due(at=timezone.now()).filter(pk=erasure.pk).exists():
        erase.delay(erasure_id)


@shared_task
def carry_out(run_id: int) -> None:
    """Remove what a run finds, batch by batch, for a while; then let another task go on."""
    run = runs.claim(run_id, at=timezone.now())
    if run is None:
        return
    until = time.monotonic() + WORKED_FOR
    while time.monotonic() < until:
        left = runs.take_batch(run, at=timezone.now())
        while left and time.monotonic() < until and purging.purge(left):
            pass
        if run.leased_until is None:
            return
    runs.release(run)
    carry_out.delay(run_id)
