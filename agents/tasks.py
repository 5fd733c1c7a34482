"""What runs beside the agents: noting what time alone has changed."""

from celery import shared_task
from django.utils import timezone

from agents import actions


@shared_task
def sweep() -> None:
    actions.sweep(at=timezone.now())
