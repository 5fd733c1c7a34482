"""Doors of the worker."""

from celery import shared_task
from django.utils import timezone

from crm.actions import answers, closing, numbering


@shared_task
def number() -> None:
    """Give new events their place in the feed."""
    numbering.number()


@shared_task
def complete() -> None:
    """Tell of conversations that are over and settled."""
    closing.complete(at=timezone.now())


@shared_task
def forget_answers() -> None:
    """Delete the answers to writes that nobody will repeat any more."""
    answers.purge(at=timezone.now())
