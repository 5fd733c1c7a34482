"""What Twilio tells of recordings."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from recordings import actions, tasks
from recordings.models import Recording
from recordings.states import State
from telephony import payloads
from telephony.webhooks import webhook

logger = logging.getLogger(__name__)

SID_LIMIT = Recording._meta.get_field("sid").max_length or 0


@webhook(payloads.recording_callback)
def recording(callback: payloads.RecordingCallback, *, at: datetime) -> None:
    """Take in news of a recording, and have its audio fetched once it is there.

    https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback
    """
    if not 0 < len(callback.sid) <= SID_LIMIT or len(callback.call_sid) > SID_LIMIT:
        logger.warning("News of no recording that could be ours")
        return
    announced = actions.announce(callback, at=at)
    if announced.state == State.READY:
        transaction.on_commit(partial(tasks.work.delay, str(announced.pk)))


@webhook(payloads.recording_callback)
def recorder(callback: payloads.RecordingCallback, *, at: datetime, recorder: UUID) -> None:
    """Take in news of a recording that one of our recorders makes.

    https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback
    """
    if not 0 < len(callback.sid) <= SID_LIMIT or len(callback.call_sid) > SID_LIMIT:
        logger.warning("News of no recording that could be ours")
        return
    announced = actions.recorders.observe(recorder, callback, at=at)
    if announced is not None and announced.state == State.READY:
        transaction.on_commit(partial(tasks.work.delay, str(announced.pk)))
