"""What runs beside the calls: the runs of the rules."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from recordings import purging
from retention.actions import runs
from retention.models import Run

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
