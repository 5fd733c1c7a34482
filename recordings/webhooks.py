"""What Twilio tells of recordings."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from queues.models import Entry
from recordings import actions, tasks
from recordings.models import Recording, Return
from recordings.states import ReturnState, State
from telephony import callbacks, payloads
from telephony.payloads import Form, VoiceRequest
from telephony.twiml import Enqueue, Hangup, Say, Verb
from telephony.webhooks import webhook

logger = logging.getLogger(__name__)

BROKE_OFF = "We are sorry, the connection has broken off. We will call you again."
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


def hang_up(_form: Form) -> tuple[Verb, ...]:
    return (Hangup(),)


@webhook(payloads.voice_request, once=False, offline=hang_up)
def returned(request: VoiceRequest, *, at: datetime, attempt: UUID) -> tuple[Verb, ...]:  # noqa: ARG001
    """Let somebody whom we have called back wait where they were sent on to, tell if the line broke, and hang up.

    https://www.twilio.com/docs/voice/twiml/dial#action
    """
    entry = Entry.objects.waiting().filter(call__sid=request.call_sid).first()
    if entry is not None:
        onward = callbacks.document("voice-returned", attempt=attempt)
        return (Enqueue(f"queue-{entry.queue_id}", action=onward, wait_url=callbacks.document("voice-hold")),)
    broke_off = Return.objects.filter(pk=attempt, state=ReturnState.BROKEN, call__sid=request.call_sid).exists()
    return (Say(BROKE_OFF), Hangup()) if broke_off else (Hangup(),)
