"""What runs beside the calls: the runs of the rules, erasures, and the comparison of what lies where."""

import logging
import time
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

import recordings.actions
import recordings.tasks
from compliance.actions import holds
from compliance.models import Hold
from recordings import purging
from recordings.tasks import of_answer
from retention import comparing, erasing, notices
from retention.actions import conversations, erasures, findings, runs
from retention.certificate import METADATA
from retention.models import Comparison, Erasure, Finding, Run
from telephony import client

logger = logging.getLogger(__name__)

TOMBSTONES = METADATA  # as long as Twilio might speak of a deleted recording
AT_ONCE = 500
WORKED_FOR = 15.0  # seconds, after which a task hands over to the next: the broker gives what lasts long to another


@shared_task
def keep() -> None:
    """Begin what the rules want today, and go on with what was left behind; tell of holds that are to be reviewed."""
    at = timezone.now()
    for run in runs.plan(at=at):
        carry_out.delay(run.pk)
    while conversations.forget_tombstones(before=at - TOMBSTONES, limit=AT_ONCE) == AT_ONCE:
        pass
    for hold in Hold.objects.due(on=at.date()).filter(told_at__isnull=True).values_list("pk", flat=True):
        tell_of_hold.delay(str(hold))


@shared_task
def tell_of_hold(hold_id: str) -> None:
    """Tell the owner of a hold, once, that it is to be reviewed; the first page of the admin tells it, too."""
    hold = Hold.objects.select_related("owner").get(pk=hold_id)
    if not hold.owner.email or not holds.claim_telling(hold.pk, at=timezone.now()):
        return
    try:
        notices.of_hold(hold).send()
    except (SMTPException, OSError) as error:
        logger.warning("Hold %s: the e-mail could not be sent: %s", hold.pk, type(error).__name__)
        holds.note_untold(hold.pk)


@shared_task
def sweep() -> None:
    """Go on with what a killed worker has left behind."""
    at = timezone.now()
    for run_id in Run.objects.idle(at=at).order_by("pk").values_list("pk", flat=True):
        carry_out.delay(run_id)
    for erasure_id in Erasure.objects.due(at=at).order_by("asked_at").values_list("pk", flat=True):
        erase.delay(str(erasure_id))
    for comparison_id in Comparison.objects.idle(at=at).values_list("pk", flat=True):
        compare.delay(comparison_id)


@shared_task
def begin_comparison() -> None:
    """Begin what is done once a week."""
    if comparison := findings.begin(at=timezone.now()):
        compare.delay(comparison.pk)


@shared_task
def compare(comparison_id: int) -> None:
    """Go on with a comparison for a while; then let another task go on."""
    comparison = findings.claim(comparison_id, at=timezone.now())
    if comparison is None:
        return
    comparing.work(comparison, seconds=WORKED_FOR)
    if Comparison.objects.idle(at=timezone.now()).filter(pk=comparison_id).exists():
        compare.delay(comparison_id)


@shared_task
def adopt(finding_id: int, by_id: int | None) -> None:
    """Take in a recording that Twilio alone has, as if it had told us of it."""
    finding = Finding.objects.get(pk=finding_id)
    try:
        answer = client.fetch_recording(finding.name)
    except (client.Refused, client.Unreachable) as error:
        logger.warning("Recording %s could not be taken in: %s", finding.name, error)
        return
    recording = recordings.actions.announce(of_answer(answer, sid=finding.name), at=timezone.now())
    findings.note_adopted(finding, by_id=by_id, at=timezone.now())
    recordings.tasks.work.delay(str(recording.pk))


@shared_task
def clear_again(finding_id: int) -> None:
    """Delete at Twilio what we hold for deleted there."""
    finding = Finding.objects.get(pk=finding_id)
    try:
        client.delete_recording(finding.name)
    except (client.Refused, client.Unreachable) as error:
        logger.warning("Recording %s could not be deleted at Twilio: %s", finding.name, error)


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
    goes_on = True
    while goes_on:
        left = runs.take_batch(run, at=timezone.now())
        if run.leased_until is None:
            return
        while left and purging.purge(left) and time.monotonic() < until:
            pass
        goes_on = time.monotonic() < until
    runs.release(run)
    carry_out.delay(run_id)
