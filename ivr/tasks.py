"""Doors of the worker."""

import logging
import time
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from ivr import actions, looking_up
from ivr.actions import closing, look_ups
from ivr.hours import notices, reopening
from ivr.models import Closure
from rest import outgoing

logger = logging.getLogger(__name__)


@shared_task
def remember_emergencies() -> None:
    """Write the emergency texts again, for a machine that has lost or never had them."""
    actions.remember_emergencies()


@shared_task
def ask_source(look_up: str) -> None:
    """Ask a source of the owner, for so long as the caller waits for it. Never asked again: that would be too late."""
    key = UUID(look_up)
    asked = look_ups.claim(key, at=timezone.now())
    if asked is None:
        return
    body = asked.question.body()
    signature = outgoing.signed([asked.secret], message=look_up, at=timezone.now(), body=body)
    began = time.monotonic()
    try:
        answer = outgoing.post(
            asked.address, body, {"Content-Type": "application/json", **signature}, seconds=asked.seconds
        )
        kept = looking_up.answer(answer.status, answer.body, keep=asked.keep)
    except (outgoing.NotAllowed, outgoing.NoAnswer, looking_up.Wrong) as error:
        look_ups.fail(key, str(error), milliseconds=_since(began), at=timezone.now())
    else:
        look_ups.note(key, kept, milliseconds=answer.milliseconds, at=timezone.now())


@shared_task
def remind_of_closures() -> None:
    """Tell those who closed that it lasts, ends soon, or has ended by itself. It ends by its moment, not by this."""
    at = timezone.now()
    for closure in Closure.objects.filter(is_over_told=False).prefetch_related("schedules"):
        what = reopening.reminder(
            began_at=closure.began_at,
            ends_at=closure.ends_at,
            opened_at=closure.opened_at,
            told_at=closure.told_at,
            at=at,
        )
        if what and closing.claim_reminder(closure, at=at) and _told(closure, what):
            closing.note_reminded(closure, is_over=what == "ended", at=at)


def _told(closure: Closure, what: reopening.What) -> bool:
    addresses = notices.addressees(closure)
    try:
        if addresses:
            notices.of_closure(closure, what, addresses).send()
    except (SMTPException, OSError) as error:
        # the claim runs out, and the next minute's look finds it untold
        logger.warning("Closure %s: the e-mail could not be sent: %s", closure.pk, type(error).__name__)
        return False
    return True


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
