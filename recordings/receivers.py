"""News from below: what happens around a customer's call may change what is recorded, and what becomes of a message."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended
from compliance.models import Consent
from compliance.signals import consent_noted, scope_changed
from conferences.models import Conference, Participant
from conferences.signals import (
    conversation_closed,
    participant_called,
    participant_joined,
    participant_left,
    participant_steered,
    participant_took,
)
from recordings.actions import recorders, returning, withdrawing


@receiver([participant_joined, participant_left, participant_steered])
def follow(participant: Participant, at: datetime, **_: Any) -> None:
    recorders.settle(participant.conference.customer_id, at=at)


@receiver(conversation_closed)
def close(conference: Conference, at: datetime, **_: Any) -> None:
    recorders.settle(conference.customer_id, at=at)


@receiver(consent_noted)
def heed(consent: Consent, at: datetime, **_: Any) -> None:
    recorders.settle(consent.call_id, at=at)


@receiver(consent_noted)
def discard(consent: Consent, at: datetime, **_: Any) -> None:
    withdrawing.heed(consent, at=at)


@receiver(scope_changed)
def govern(call_id: UUID, at: datetime, **_: Any) -> None:
    recorders.settle(call_id, at=at)


@receiver(call_ended)
def end(call: Call, at: datetime, **_: Any) -> None:
    recorders.end(call.pk, at=at)


@receiver(participant_took)
def ring_number(participant: Participant, at: datetime, **_: Any) -> None:
    returning.ring_number(participant, at=at)


@receiver(participant_called)
def link_call(participant: Participant, at: datetime, **_: Any) -> None:
    returning.note_called(participant, at=at)


@receiver(participant_joined)
def note_talking(participant: Participant, at: datetime, **_: Any) -> None:
    returning.note_talking(participant, at=at)


@receiver(participant_left)
def note_left(participant: Participant, at: datetime, **_: Any) -> None:
    returning.note_left(participant, at=at)


@receiver(conversation_closed)
def note_closed(conference: Conference, at: datetime, **_: Any) -> None:
    returning.note_closed(conference, at=at)
