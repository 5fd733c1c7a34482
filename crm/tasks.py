"""Doors of the worker."""

from celery import shared_task
from django.utils import timezone

from crm.actions import closing, numbering


@shared_task
def number() -> None:
    """Give new events their place in the feed."""
    numbering.number()


@shared_task
def complete() -> None:
    """Tell of conversations that are over and settled."""
    closing.complete(at=timezone.now())
