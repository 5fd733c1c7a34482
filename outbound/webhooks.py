"""What Twilio asks of us for calls that were ordered, and what it tells of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from outbound.actions import clicking, walking
from telephony import payloads
from telephony.payloads import Form, StatusCallback, VoiceRequest
from telephony.twiml import Hangup, Verb
from telephony.webhooks import webhook


def refuse(_form: Form) -> Sequence[Verb]:
    """Let go of whoever was called: without a database nobody can be told anything."""
    return (Hangup(),)


@webhook(payloads.voice_request, offline=refuse)
def answer(request: VoiceRequest, *, at: datetime, order: UUID, tries: int) -> str:
    """Answer somebody who was called to walk a flow.

    https://www.twilio.com/docs/voice/twiml#request-parameters
    """
    return walking.answer(order, tries, request, at=at)


@webhook(payloads.voice_request, once=False, offline=refuse)
def message(_request: VoiceRequest, *, at: datetime, order: UUID, tries: int) -> Sequence[Verb]:  # noqa: ARG001
    """Answer a machine with the message that is left to it.

    https://www.twilio.com/docs/voice/answering-machine-detection
    """
    return walking.message(order, tries)


@webhook(payloads.voice_request, once=False, offline=refuse)
def onward(_request: VoiceRequest, *, at: datetime, order: UUID) -> Sequence[Verb]:  # noqa: ARG001
    """Answer how the call of somebody goes on whom an agent has called, after the room or a queue.

    https://www.twilio.com/docs/voice/twiml/dial#action
    """
    return clicking.onward(order)


@webhook(payloads.status_callback)
def status(news: StatusCallback, *, at: datetime, order: UUID, tries: int) -> None:
    """Take in news of a call that was ordered.

    https://www.twilio.com/docs/voice/api/call-resource#statuscallback
    """
    walking.observe(order, tries, news, at=at)
