"""Doors of the worker."""

from celery import shared_task

from ivr import actions


@shared_task
def remember_emergencies() -> None:
    """Write the emergency texts again, for a machine that has lost or never had them."""
    actions.remember_emergencies()
