"""Doors of the worker."""

import logging
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from queues import actions, notices
from queues.actions import callbacks, owed
from queues.models import Callback

logger = logging.getLogger(__name__)


@shared_task
def match() -> None:
    actions.match(at=timezone.now())


@shared_task
def keep_time() -> None:
    """Every few seconds: what is over is ended, and what relaxes with the wait is decided anew."""
    actions.keep_time(at=timezone.now())
    actions.match(at=timezone.now())


@shared_task
def sweep() -> None:
    at = timezone.now()
    actions.sweep(at=at)
    callbacks.sweep(at=at)
    for callback_id in Callback.objects.untold(at=at).values_list("pk", flat=True):
        tell_of_callback.delay(str(callback_id))


@shared_task
def tell_of_callback(callback_id: str) -> None:
    """Tell the supervisors by e-mail that a callback did not come about."""
    callback = Callback.objects.select_related("queue").filter(pk=callback_id).first()
    if callback is None or not owed.claim_telling(UUID(callback_id), at=timezone.now()):
        return
    try:
        notices.of_callback(callback).send()
    except (SMTPException, OSError) as error:
        # the claim runs out, and the sweep finds it untold
        logger.warning("%s: the e-mail could not be sent: %s", callback, type(error).__name__)
    else:
        owed.note_told(callback.pk, at=timezone.now())
