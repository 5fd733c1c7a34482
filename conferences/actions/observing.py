"""What Twilio says of conferences and legs, taken into the rows whatever its order and number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from conferences.models import Participant
from telephony.payloads import ConferenceEvent, GatherResult, StatusCallback, VoiceRequest
from telephony.twiml import Verb


def answer(participant_id: UUID, request: VoiceRequest, *, at: datetime) -> Sequence[Verb]:
    """Give the verbs for a leg that asks what to do: into the room, to press 1 first, onward, or hang up."""
    raise NotImplementedError


def accept(participant_id: UUID, result: GatherResult, *, at: datetime) -> Sequence[Verb]:
    """Take in the key of somebody who picked up: 1 leads into the room, anything else is no acceptance."""
    raise NotImplementedError


def observe(event: ConferenceEvent, *, at: datetime) -> None:
    """Take in news of a conference or of somebody in it."""
    raise NotImplementedError


def observe_leg(participant_id: UUID, news: StatusCallback, *, at: datetime) -> None:
    """Take in news of a leg that we rang, for the participant and for the call's own row."""
    raise NotImplementedError


def note_quality(participant_id: UUID, warnings: Sequence[str], *, at: datetime) -> Participant:
    """Keep which warnings the browser phone shows now; each with since when and, once over, until when."""
    raise NotImplementedError
