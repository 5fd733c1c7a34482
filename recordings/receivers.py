"""News from below: whatever happens around a customer's call may change what is to be recorded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended
from compliance.models import Consent
from compliance.signals import consent_noted, scope_changed
from conferences.models import Conference, Participant
from conferences.signals import conversation_closed, participant_joined, participant_left, participant_steered
from recordings.actions import recorders


@receiver([participant_joined, participant_left, participant_steered])
def follow(participant: Participant, at: datetime, **_: Any) -> None:
    recorders.settle(participant.conference.customer_id, at=at)


@receiver(conversation_closed)
def close(conference: Conference, at: datetime, **_: Any) -> None:
    recorders.settle(conference.customer_id, at=at)


@receiver(consent_noted)
def heed(consent: Consent, at: datetime, **_: Any) -> None:
    recorders.settle(consent.call_id, at=at)


@receiver(scope_changed)
def govern(call_id: UUID, at: datetime, **_: Any) -> None:
    recorders.settle(call_id, at=at)


@receiver(call_ended)
def end(call: Call, at: datetime, **_: Any) -> None:
    recorders.end(call.pk, at=at)
