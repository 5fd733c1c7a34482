"""What people who were called back hear when their conversation is over, or has broken off."""

from datetime import datetime
from uuid import UUID

from queues.models import Entry
from telephony import callbacks, payloads
from telephony.payloads import Form, VoiceRequest
from telephony.twiml import Enqueue, Hangup, Say, Verb
from telephony.webhooks import webhook

BROKE_OFF = "We are sorry, the connection has broken off. Please stay on the line."


def hang_up(_form: Form) -> tuple[Verb, ...]:
    return (Hangup(),)


@webhook(payloads.voice_request, once=False, offline=hang_up)
def called_back(_request: VoiceRequest, *, at: datetime, callback: UUID) -> tuple[Verb, ...]:  # noqa: ARG001
    """Let somebody whom we have called wait for the next agent if they were not served, and hang up otherwise.

    https://www.twilio.com/docs/voice/twiml/dial#action
    """
    entry = Entry.objects.waiting().filter(callback=callback, call__isnull=False).first()
    if entry is None:
        return (Hangup(),)
    onward = callbacks.document("voice-called-back", callback=callback)
    music = callbacks.document("voice-hold")
    return (Say(BROKE_OFF), Enqueue(f"queue-{entry.queue_id}", action=onward, wait_url=music))
