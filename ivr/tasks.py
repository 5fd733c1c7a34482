"""Doors of the worker."""

import time
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from ivr import actions, looking_up
from ivr.actions import counting, look_ups
from rest import outgoing


@shared_task
def remember_emergencies() -> None:
    """Write the emergency texts again, for a machine that has lost or never had them."""
    actions.remember_emergencies()


@shared_task
def count_callers() -> None:
    """Count who took which exit, for the pictures of flows."""
    counting.count_days(at=timezone.now())


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


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
