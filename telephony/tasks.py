"""What runs beside the calls: mirroring the account's numbers, and pointing them at us."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from telephony import actions, callbacks, client
from telephony.models import PhoneNumber

logger = logging.getLogger(__name__)


@shared_task
def synchronize_numbers() -> None:
    """Mirror the account's numbers; without an answer the mirror stays as it is."""
    if not settings.TWILIO_ACCOUNT_SID:
        return
    try:
        records = client.list_numbers()
    except (client.Unreachable, client.Refused) as trouble:
        logger.warning("the account's numbers could not be read: %s", trouble)
    else:
        actions.synchronize_numbers(records, at=timezone.now())


@shared_task
def point_number_here(number: int) -> None:
    """Set where Twilio sends a number's calls and texts, and mirror what it then says."""
    mirrored = PhoneNumber.objects.filter(pk=number).first()
    if mirrored is None:
        return
    try:
        record = client.update_number(
            mirrored.sid,
            voice_url=callbacks.document("voice-inbound"),
            voice_fallback_url=callbacks.document("voice-fallback"),
            status_callback=callbacks.news("voice-status"),
            sms_url=callbacks.document("messaging-inbound"),
            sms_fallback_url=callbacks.document("messaging-fallback"),
        )
    except (client.Unreachable, client.Refused) as trouble:
        logger.error("number %s could not be pointed here: %s", mirrored.number, trouble)
    else:
        actions.note_number(record, at=timezone.now())
