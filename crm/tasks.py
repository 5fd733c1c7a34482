"""Doors of the worker."""

from celery import shared_task

from crm.actions import numbering


@shared_task
def number() -> None:
    """Give new events their place in the feed."""
    numbering.number()
