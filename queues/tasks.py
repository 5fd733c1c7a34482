"""Doors of the worker."""

from celery import shared_task
from django.utils import timezone

from queues import actions


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
    actions.sweep(at=timezone.now())
