"""What Twilio asks of us for legs of conferences, and what it tells of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from conferences import actions, verbs
from conferences.models import Announcement
from telephony import payloads
from telephony.payloads import ConferenceEvent, Form, GatherResult, StatusCallback, VoiceRequest
from telephony.twiml import Hangup, Verb
from telephony.webhooks import webhook


def refuse(_form: Form) -> Sequence[Verb]:
    """Let go of whoever was rung: without a database nobody can be brought together."""
    return (Hangup(),)


@webhook(payloads.voice_request, offline=refuse)
def answer(request: VoiceRequest, *, at: datetime, participant: UUID) -> Sequence[Verb]:
    """Answer a leg that was rung or moved for a conference.

    https://www.twilio.com/docs/voice/twiml/conference
    """
    return actions.answer(participant, request, at=at)


@webhook(payloads.gather_result, offline=refuse)
def accept(result: GatherResult, *, at: datetime, participant: UUID) -> Sequence[Verb]:
    """Take in the key by which somebody takes a call.

    https://www.twilio.com/docs/voice/twiml/gather#action
    """
    return actions.accept(participant, result, at=at)


@webhook(payloads.gather_result, offline=refuse)
def notice(result: GatherResult, *, at: datetime, participant: UUID, policy: int, tries: int) -> Sequence[Verb]:
    """Take in what somebody made of a notice about recording: a key, a silence, or that it was heard to its end.

    https://www.twilio.com/docs/voice/twiml/gather#action
    """
    return actions.hear(participant, policy, tries, result, at=at)


@webhook(payloads.conference_event)
def events(event: ConferenceEvent, *, at: datetime) -> None:
    """Take in news of a conference and of those in it.

    https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback
    """
    actions.observe(event, at=at)


@webhook(payloads.status_callback)
def status(news: StatusCallback, *, at: datetime, participant: UUID) -> None:
    """Take in news of a leg that we rang.

    https://www.twilio.com/docs/voice/api/call-resource#statuscallback
    """
    actions.observe_leg(participant, news, at=at)


@webhook(payloads.voice_request, once=False)
def alone(_request: VoiceRequest, *, at: datetime) -> Sequence[Verb]:  # noqa: ARG001
    """Answer what somebody hears who is the first in a conference.

    https://www.twilio.com/docs/voice/twiml/conference#attributes-waitUrl
    """
    return verbs.alone()


@webhook(payloads.voice_request, once=False)
def hold(_request: VoiceRequest, *, at: datetime) -> Sequence[Verb]:  # noqa: ARG001
    """Answer what somebody hears on hold.

    https://www.twilio.com/docs/voice/api/conference-participant-resource#update-a-participant-resource
    """
    return verbs.hold()


@webhook(payloads.voice_request, once=False)
def moment(_request: VoiceRequest, *, at: datetime) -> Sequence[Verb]:  # noqa: ARG001
    """Answer what a customer hears whose agent is gone.

    https://www.twilio.com/docs/voice/api/conference-participant-resource#update-a-participant-resource
    """
    return verbs.moment()


@webhook(payloads.voice_request, once=False)
def released(_request: VoiceRequest, *, at: datetime) -> Sequence[Verb]:  # noqa: ARG001
    """Let go of somebody whom we rang and whose document could not be had.

    https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
    """
    return (Hangup(),)


@webhook(payloads.voice_request, once=False)
def announcement(_request: VoiceRequest, *, at: datetime, announcement: UUID) -> Sequence[Verb]:  # noqa: ARG001
    """Answer what is announced; not stored, because it may be keys.

    https://www.twilio.com/docs/voice/api/conference-resource#update-a-conference-resource
    """
    said = Announcement.objects.filter(pk=announcement).first()
    return verbs.announcement(said) if said is not None else ()
