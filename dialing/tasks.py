"""What runs beside the calls: asking Twilio what they cost."""

import logging

from celery import shared_task
from django.utils import timezone

from dialing import actions
from telephony import client, prices

logger = logging.getLogger(__name__)


@shared_task
def ask_prices() -> None:
    """Ask what calls that are over have cost, and what those to come will. What is not told is asked for later."""
    for attempt, sid in actions.claim_unpriced(at=timezone.now()):
        try:
            call = client.fetch_call(sid)
        except (client.Refused, client.Unreachable) as trouble:
            logger.warning("Call %s: its price could not be asked for: %s", sid, trouble)
            continue
        if call.price is not None:
            actions.note_price(attempt, call.price, call.price_unit)
    for rate, number in actions.claim_rates(at=timezone.now()):
        try:
            price = prices.voice(number)
        except (client.Refused, client.Unreachable, prices.NoPrice) as trouble:
            logger.warning("A rate could not be asked for: %s", trouble)
            continue
        actions.note_rate(rate, price.per_minute, price.currency)


@shared_task
def tidy() -> None:
    """Each hour: what is old, and by which nobody was rung, is deleted."""
    actions.tidy(at=timezone.now())
