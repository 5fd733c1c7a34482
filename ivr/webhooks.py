"""The pages that Twilio asks for while a caller is on the line."""

from datetime import datetime
from uuid import UUID

from ivr import actions, emergency
from ivr.kinds.base import Dialed, Heard, Keys, Queued, Recorded, Silence, Speech
from ivr.kinds.sent import Referred
from telephony import payloads
from telephony.payloads import (
    ActionResult,
    DialResult,
    Form,
    GatherResult,
    QueueResult,
    RecordResult,
    ReferResult,
    VoiceRequest,
)
from telephony.twiml import Hangup, Pause, Verb
from telephony.webhooks import webhook


def offline(form: Form) -> tuple[Verb, ...]:
    """Answer without a database, by the emergency text of the line that was called."""
    return emergency.answer(payloads.voice_request(form))


def refuse(_form: Form) -> tuple[Verb, ...]:
    """Let go of whoever was rung: the emergency text is for the caller, who gets it when the ringing is told over."""
    return (Hangup(),)


def hold_on(_form: Form) -> tuple[Verb, ...]:
    """Let somebody who waits go on waiting: Twilio asks again when the document is over."""
    return (Pause(15),)


@webhook(payloads.voice_request, offline=offline)
def inbound(request: VoiceRequest, *, at: datetime) -> str:
    """Answer a call that comes in.

    https://www.twilio.com/docs/voice/twiml#request-parameters
    """
    return actions.begin(request, at=at)


@webhook(payloads.voice_request, offline=offline)
def fallback(request: VoiceRequest, *, at: datetime) -> str:
    """Answer a call whose document could not be had.

    https://www.twilio.com/docs/voice/twiml#fallback-urls
    """
    return actions.fall_back(request, at=at)


@webhook(payloads.action_result, offline=offline)
def visit(result: ActionResult, *, at: datetime, visit: UUID, turn: int) -> str:
    """Answer what the caller pressed, said, left or waited for.

    https://www.twilio.com/docs/voice/twiml/gather#action
    """
    return actions.advance(visit, turn, _call(result), _heard(result), at=at)


@webhook(payloads.action_result, offline=refuse)
def screen(result: ActionResult, *, at: datetime, visit: UUID, turn: int) -> str:
    """Ask a person who picks up whether to take the call.

    https://www.twilio.com/docs/voice/twiml/number#attributes-url
    """
    heard = _heard(result)
    return actions.screen(visit, turn, _call(result), heard if isinstance(heard, Keys) else None, at=at)


@webhook(payloads.action_result, offline=hold_on)
def wait(result: ActionResult, *, at: datetime, visit: UUID, turn: int, loop: int) -> str:
    """Give the next item to somebody who waits in a queue.

    https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl
    """
    return actions.wait(visit, turn, loop, _call(result), _heard(result), at=at)


def _call(result: ActionResult) -> VoiceRequest:
    return result if isinstance(result, VoiceRequest) else result.call


def _heard(result: ActionResult) -> Heard:
    match result:
        case GatherResult(speech=text) if text:
            return Speech(text, result.confidence)
        case GatherResult(digits=digits) if digits:
            return Keys(digits, result.finished_on_key)
        case DialResult():
            return Dialed(result.status, result.bridged, result.sid, result.seconds)
        case RecordResult():
            return Recorded(result.sid, result.seconds or 0, result.hung_up)
        case QueueResult():
            return Queued(result.result)
        case ReferResult():
            return Referred(result.status, result.code, result.last_code)
        case _:
            return Silence()
