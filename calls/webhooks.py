"""What Twilio tells of calls as they go."""

import logging
from datetime import datetime

from calls import actions
from calls.models import Call
from calls.observations import of_callback
from telephony import payloads
from telephony.webhooks import webhook

logger = logging.getLogger(__name__)

SID_LIMIT = Call._meta.get_field("sid").max_length or 0


@webhook(payloads.status_callback)
def status(callback: payloads.StatusCallback, *, at: datetime) -> None:
    """Take in news of a call, or of a leg that a call dialed.

    https://www.twilio.com/docs/voice/api/call-resource#statuscallback
    """
    if not 0 < len(callback.call.call_sid) <= SID_LIMIT:
        logger.warning("News of no call that could be ours")
        return
    actions.observe(of_callback(callback), at=at)


@webhook(payloads.machine_detection)
def machine(news: payloads.MachineDetection, *, at: datetime) -> None:
    """Take in whether a person or a machine has answered a call of ours.

    https://www.twilio.com/docs/voice/answering-machine-detection
    """
    if not 0 < len(news.call_sid) <= SID_LIMIT:
        logger.warning("News of no call that could be ours")
        return
    actions.note_machine(news, at=at)
