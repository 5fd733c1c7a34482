"""Doors of the worker."""

import logging
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from crm import notices, sending
from crm.actions import answers, closing, numbering, subscribing
from crm.models import Subscription

logger = logging.getLogger(__name__)

# Shorter, with the longest answer, than the time after which the broker gives a task to somebody else.
SENDS_FOR = 12.0  # seconds


@shared_task
def number() -> None:
    """Give new events their place in the feed."""
    numbering.number(at=timezone.now())


@shared_task
def complete() -> None:
    """Tell of conversations that are over and settled."""
    closing.complete(at=timezone.now())


@shared_task
def deliver() -> None:
    """Send the events that are due; whoever comes to the end of the time has the next one go on."""
    if sending.send_due(seconds=SENDS_FOR):
        deliver.delay()


@shared_task
def sweep() -> None:
    """Forget secrets whose time is over, and tell the owners of subscriptions that were given up."""
    at = timezone.now()
    subscribing.forget_old_secrets(at=at)
    for subscription_id in Subscription.objects.untold(at=at).values_list("pk", flat=True):
        tell_of_subscription.delay(str(subscription_id))


@shared_task
def tell_of_subscription(subscription_id: str) -> None:
    """Tell the owner by e-mail that nothing is sent any more."""
    subscription = Subscription.objects.select_related("owner").filter(pk=subscription_id).first()
    if subscription is None or not subscribing.claim_telling(UUID(subscription_id), at=timezone.now()):
        return
    try:
        notices.of_subscription(subscription).send()
    except (SMTPException, OSError) as error:
        # the claim runs out, and the sweep finds it untold
        logger.warning("Subscription %s: the e-mail could not be sent: %s", subscription.pk, type(error).__name__)
    else:
        subscribing.note_told(subscription.pk, at=timezone.now())


@shared_task
def forget_answers() -> None:
    """Delete the answers to writes that nobody will repeat any more."""
    answers.purge(at=timezone.now())
